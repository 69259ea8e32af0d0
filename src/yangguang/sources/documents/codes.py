"""公文用的代码表。"""

from datetime import date

from yangguang.foundation.codes.registry import register
from yangguang.foundation.codes.rules import CodeTable, Entry

from .circulation import WITHHOLDING_GROUNDS

REVISED = date(2019, 5, 15)
"""修订后的《政府信息公开条例》（国令第711号）施行的日期。"""

GROUNDS = register(
    CodeTable(
        "withholding-grounds",
        "不予公开的依据",
        "公文定为不予公开的，选其中一项。涉及国家秘密的文件不得进入本系统，没有这一项。",
        tuple(
            Entry(code, label, "《中华人民共和国政府信息公开条例》（国令第711号）", REVISED)
            for code, label in WITHHOLDING_GROUNDS.items()
        ),
    )
)
