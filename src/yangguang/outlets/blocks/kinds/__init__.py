"""块的种类：每种一个小类，写明有哪些项、限度、用什么模板、读哪些数据。"""

from .base import Arranging, BlockKind, Shown
from .figures import Figures
from .items import Cards, Entrances, Links, Pictures
from .lists import Consultations, ListByRule, Topics
from .navigation import Columns, Units
from .opening import Opening
from .plan import PlanProgress
from .text import TextBlock

KINDS: dict[str, BlockKind] = {
    each.code: each
    for each in (
        Opening(), TextBlock(), ListByRule(), Cards(), Pictures(), Figures(), Links(),
        Entrances(), PlanProgress(), Consultations(), Topics(), Columns(), Units(),
    )
}  # fmt: skip
"""全部种类，按“加一块”时列出的次序。"""

__all__ = ["KINDS", "Arranging", "BlockKind", "Shown"]
