"""政策解读的测试材料：一份签发了的政策文件，和它的一份解读。"""

from datetime import date, datetime
from itertools import count
from typing import Any

from tests.town import Town
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Column
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.interpretations.models import Interpretation
from yangguang.sources.interpretations.services import draft

PARTS = {
    "background": "去年以来，不少小区反映物业收费说不清，州里据此定了新规矩。",
    "aims": "让住户花的钱看得见，让守规矩的企业不吃亏。",
    "main": "收费要贴出来，涨价要先商量，账目半年公布一回。",
    "scope": "住宅小区都适用，单位自管的院子不在内。",
    "benefits": "住户随时查账，不满意可以换企业。",
}
ROLE = {
    "submit": "drafter", "pass": "reviewer", "approve": "approver", "publish": "drafter",
    "return": "reviewer", "revise": "drafter", "correct": "approver", "withdraw": "approver",
    "republish": "approver",
}  # fmt: skip
ISSUED = date(2026, 11, 2)
_keys = count(1)


def key() -> str:
    return f"interpretation-{next(_keys)}"


def walk(town: Town, record: Any, *events: str) -> Any:
    """由该办的人一步步办。"""
    for event in events:
        perform(record, event, actor=getattr(town, ROLE[event]), key=key(), message="理由")
    record.refresh_from_db()
    return record


def issued(town: Town, *events: str, number: int = 1) -> OfficialDocument:
    """签发了的一份政策文件，有解读方案；``events`` 是接着办的。"""
    document = town.planned(
        town.document(number, is_policy=True, written_on=ISSUED, issued_on=ISSUED)
    )
    found: OfficialDocument = walk(town, document, "submit", "pass", "approve", *events)
    return found


def written(
    town: Town,
    document: OfficialDocument,
    columns: tuple[Column, ...] | None = None,
    back_filled: tuple[datetime, str] | None = None,
    **values: Any,
) -> Interpretation:
    """写好的一份解读，还没有送审；``back_filled`` 是补录的。"""
    given = {
        "title": "一图读懂新规矩", "form": "text", "stage": "decision", "parts": PARTS,
        "document": document, **values,
    }  # fmt: skip
    return draft(
        given, organisation=town.organisation, actor=town.drafter, key=key(),
        columns=(town.column,) if columns is None else columns, back_filled=back_filled,
    )  # fmt: skip


def published(town: Town, document: OfficialDocument, **values: Any) -> Interpretation:
    """发布了的一份解读。"""
    found: Interpretation = walk(
        town, written(town, document, **values), "submit", "pass", "approve", "publish"
    )
    return found
