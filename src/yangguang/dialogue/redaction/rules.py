"""遮盖件的运转：画框、制作、核对。纯规则，不碰数据库、时钟和配置。"""

from datetime import timedelta

from yangguang.foundation.lifecycle.guards import not_the_drafter
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

AT_ONCE = 20
"""不超过这么多页的当场做，更多的交给后台。"""
ORDER_LASTS = timedelta(hours=2)
"""交给后台这么久还没有做成的，可以重新来过。"""
BASIS = "条例第三十七条"
OFFICER = frozenset({"request_officer"})
CHECKERS = frozenset({"approver", "secrecy_reviewer"})


def has_marks(context: GuardContext) -> list[str]:
    """遮了点什么。"""
    if context.facts["boxes"] or context.facts["withheld"]:
        return []
    return ["还没有遮盖任何地方。请先画框，或者勾选整页不予公开的页。"]


def is_not_being_made(context: GuardContext) -> list[str]:
    """没有正在后台制作的；后台自己做成了来交的不算。"""
    if context.facts["is_being_made"] and "output" not in context.inputs:
        return ["正在后台制作，做好了会显示在这里。"]
    return []


def not_the_maker(context: GuardContext) -> list[str]:
    """制作的人不能核对自己做的。乡镇街道只有一人的，写明情况可以，并记录在案。"""
    made_by = context.facts["made_by"]
    is_own = made_by in context.actor.persons and made_by != context.facts["created_by"]
    if not is_own or (context.facts["level"] == "township" and context.message.strip()):
        return []
    return ["这是您自己制作的，须由他人核对。"]


REDACTING = Lifecycle(
    name="redactions",
    label="遮盖处理",
    initial="draft",
    states={"draft": "画框", "done": "待核对", "checked": "已核对"},
    progress=("draft", "done", "checked"),
    transitions=(
        Transition(
            "make", "制作", frozenset({"draft"}), "done", OFFICER,
            guards=(has_marks, is_not_being_made), legal_basis=BASIS,
            sentence="各页化为画面，框里涂黑，文字、文件属性、批注、附件都去掉。",
        ),
        Transition(
            "revise", "改遮盖的地方", frozenset({"done", "checked"}), "draft", OFFICER,
            sentence="改了要重新制作、重新核对，现在做成的一份不再能用。",
        ),
        Transition(
            "return", "退回", frozenset({"done"}), "draft", CHECKERS, needs_message=True,
        ),
        Transition(
            "check", "核对通过", frozenset({"done"}), "checked", CHECKERS,
            guards=(not_the_drafter, not_the_maker), legal_basis=BASIS,
            sentence="逐页看过：该遮的都遮住了，不该遮的没有遮。",
        ),
    ),
)  # fmt: skip
"""遮盖件的转换表。"""
