"""各种信息共用的代码表：主题分类。"""

from datetime import date

from yangguang.foundation.codes.registry import register
from yangguang.foundation.codes.rules import CodeTable, Entry, code_of, label_on
from yangguang.foundation.codes.selectors import entries_of

from .subjects import BETWEEN, packaged

SUBJECTS = register(
    CodeTable(
        "subjects",
        "主题分类",
        "公文、规范性文件和稿件的主题分类，大类、小类之间用“\\”隔开。从前手填、表里没有的照写，不再给人选。",
        packaged(),
        BETWEEN,
    )
)


def subject_code(label: str) -> str:
    """说法是 ``label`` 的代码，停用了的也算；没有抛出 ``LookupError``。一次查询，空的不查。"""
    return code_of(entries_of(SUBJECTS), label) if label else ""


def subject_label(code: str, on: date, entries: list[Entry] | None = None) -> str:
    """代码在 ``on`` 当日的说法。没有给各项的一次查询，空的不查。"""
    if not code:
        return ""
    return label_on(entries_of(SUBJECTS) if entries is None else entries, code, on)
