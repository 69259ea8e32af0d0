"""公文用的代码表：文种；不主动公开的理由，两种公开属性各一张。"""

from datetime import date, timedelta

from yangguang.foundation.codes.registry import register
from yangguang.foundation.codes.rules import CodeTable, Entry, code_of
from yangguang.foundation.codes.selectors import entries_of, entries_of_several
from yangguang.hub.publications.codes import SUBJECTS

from .circulation import DOCUMENT_TYPES
from .disclosure import DISCLOSURES, REASONS, REGULATIONS_IN_FORCE, RESERVED, Reason

ARTICLE = "《党政机关公文处理工作条例》（中办发〔2012〕14号）第八条第{}项"
_NUMERALS = (
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
    "十五",
)  # fmt: skip
ORDER, ORDER_BEFORE = "命令（令）", "命令"
"""第三项照条例写全；以前的版本只写“命令”，从前的公文照旧念。"""
ORDER_SINCE = date(2026, 11, 27)


def _types() -> tuple[Entry, ...]:
    """条例第八条的十五种，不多不少。"""
    found = []
    for number, name in enumerate(DOCUMENT_TYPES, 1):
        code, basis = f"8-{number}", ARTICLE.format(_NUMERALS[number - 1])
        if name == ORDER_BEFORE:
            found.append(Entry(code, name, basis, None, ORDER_SINCE - timedelta(days=1)))
            found.append(Entry(code, ORDER, basis, ORDER_SINCE))
        else:
            found.append(Entry(code, name, basis))
    return tuple(found)


TYPES = register(
    CodeTable(
        "document-types",
        "公文的文种",
        "党政机关公文只有条例第八条列的十五种；条例修改了才添、才停用。",
        _types(),
    )
)
CODED = {"document_type": TYPES, "subject": SUBJECTS}
"""按代码表填的要素。"""
TYPE_CODES = {entry.label: entry.code for entry in TYPES.packaged} | {"令": "8-3"}
"""说法 → 代码：升级时由从前存的文种认出代码。"""


UPWARD = frozenset({"8-10", "8-11"})
"""上行文：报告、请示，须标注签发人姓名（《党政机关公文处理工作条例》第九条第五项）。"""


def type_code(name: str) -> str:
    """文种的代码，“令”就是“命令（令）”；没有这种抛出 ``LookupError``。一次查询，空的不查。"""
    if not name:
        return ""
    return TYPE_CODES["令"] if name == "令" else code_of(entries_of(TYPES), name)


REGULATIONS = "《中华人民共和国政府信息公开条例》（国令第711号）"
ABOUT = {
    "withheld": "不予公开只能出于条例第十四条至第十六条；涉及国家秘密的文件不得进入本系统，没有这一项。",
    "on_request": "依申请公开有自己的理由，不能用不予公开的依据。",
}

TABLES = {
    disclosure: register(
        CodeTable(
            f"grounds-{disclosure.replace('_', '-')}",
            f"{DISCLOSURES[disclosure]}的理由",
            ABOUT[disclosure],
            tuple(
                Entry(each.code, each.label, REGULATIONS, each.since, each.until)
                for each in REASONS
                if each.disclosure == disclosure
            ),
        )
    )
    for disclosure in RESERVED
}


def reasons() -> tuple[Reason, ...]:
    """代码表里全部的理由，停用了的也在。一次查询。"""
    found = entries_of_several(TABLES.values())
    return tuple(
        Reason(
            entry.code, disclosure, entry.label, entry.valid_from or REGULATIONS_IN_FORCE,
            entry.valid_until,
        )
        for disclosure, table in TABLES.items()
        for entry in found[table.slug]
    )  # fmt: skip
