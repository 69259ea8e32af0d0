"""数字块。"""

from ..fields import Day, Items, Text
from .base import HEADING, BlockKind


class Figures(BlockKind):
    """几个数字：数、单位、说的是什么，注明来源和日期；另有一张表，读屏和打印都看得到。"""

    code = "figures"
    label = "数字"
    help = "几个要紧的数字，注明来源和截至日期。"
    fields = (
        HEADING,
        Items(
            "items", "数字", noun="个", most=8,
            of=(
                Text("number", "数", most=16, help="照写，例如 1,234.5"),
                Text("unit", "单位", most=10, required=False),
                Text("words", "说的是什么", most=40),
            ),
        ),
        Text("source", "来源", most=80, help="哪个机构、哪份材料。"),
        Day("on", "截至"),
    )  # fmt: skip
