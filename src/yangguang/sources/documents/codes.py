"""公文用的代码表：不主动公开的理由，两种公开属性各一张。"""

from yangguang.foundation.codes.registry import register
from yangguang.foundation.codes.rules import CodeTable, Entry
from yangguang.foundation.codes.selectors import entries_of_several

from .disclosure import DISCLOSURES, REASONS, REGULATIONS_IN_FORCE, RESERVED, Reason

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
