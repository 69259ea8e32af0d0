"""一种块的约定。"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from yangguang.hub.topics.models import Topic
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.sheets import Copied

from ..fields import Fault, Field, Options, Text, read

HOME = "home"
TOPIC = "topic"
"""块可以放在哪里：首页，专题页。"""

HEADING = Text("heading", "小标题", most=20)
NO_HEADING = Text("heading", "小标题", most=20, required=False)


@dataclass(frozen=True)
class Shown:
    """一块印成的样子、用到的数据键，和随页面公开的文件（图片）。"""

    html: str
    keys: frozenset[str] = frozenset()
    files: tuple[Copied, ...] = ()


@dataclass(frozen=True)
class Arranging:
    """正在编排的一页：站点和截至日期，哪个专题（首页为 ``None``），页上有哪几种块。"""

    press: Press
    topic: Topic | None = None
    kinds: frozenset[str] = field(default=frozenset())
    is_preview: bool = False


class BlockKind:
    """一种块。子类写明名称、填写项和限度，给出怎样印。"""

    code: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    fields: ClassVar[Sequence[Field]]
    places: ClassVar[frozenset[str]] = frozenset({HOME, TOPIC})
    most: ClassVar[int] = 10
    """一页上最多几块。"""
    may_stand_beside: ClassVar[bool] = True
    """能不能与上一块并排。"""

    @property
    def template(self) -> str:
        """模板。"""
        return f"blocks/{self.code}.html"

    def read(
        self, given: Mapping[str, Any], options: Options
    ) -> tuple[dict[str, Any], list[Fault]]:
        """读成值；不合规矩的说明缘由。"""
        values, faults = read(self.fields, given, options)
        return values, faults + self.check(values)

    def check(self, values: Mapping[str, Any]) -> list[Fault]:
        """各项之间的规矩。"""
        return []

    def summary(self, values: Mapping[str, Any]) -> str:
        """在编排的页上怎样称呼这一块。"""
        return str(values.get("heading") or values.get("title") or "")

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """印成的样子；没有内容的 ``html`` 为空，用到的键照记：有了内容就要重烘。"""
        return self.printed(page, values)

    def printed(
        self,
        page: Arranging,
        values: Mapping[str, Any],
        keys: frozenset[str] = frozenset(),
        files: tuple[Copied, ...] = (),
        **context: Any,
    ) -> Shown:
        """用模板印。"""
        html = page.press.render(self.template, None, values=values, topic=page.topic, **context)
        return Shown(html.decode(), keys, files)
