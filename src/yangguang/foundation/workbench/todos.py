"""待办：各种界面报上来的、此人现在要办的事。"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Todo:
    """一件要办的事。

    ``why`` 说明为什么落在此人手上、期限怎么来的；``step`` 是它到了哪一步；
    ``due_on`` 是期限，没有的排在后面；``verb`` 是按钮上的字；``is_returned`` 是退回来的，
    ``is_asked`` 是上级要求的。
    """

    title: str
    href: str
    step: str
    verb: str
    why: str = ""
    due_on: date | None = None
    is_returned: bool = False
    is_asked: bool = False
