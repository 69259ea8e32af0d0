"""规范性文件的测试材料：登记好的一份，和走完几步的办法。"""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any

from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.sources.norms.models import Norm
from yangguang.sources.norms.services import bring_up, draft, relate, typeset

ROLE = {
    "submit": "drafter", "pass": "reviewer", "return": "reviewer", "register": "approver",
    "publish": "drafter", "revise": "drafter", "correct": "approver", "withdraw": "approver",
    "republish": "approver", "file": "drafter", "extend": "approver", "settle": "drafter",
}  # fmt: skip
_keys = count(1)


def key() -> str:
    return f"norm-{next(_keys)}"


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "style": "plain", "text": text}


def body(*lines: str) -> list[dict[str, Any]]:
    return [paragraph(line) for line in lines]


def written(
    town: Town,
    title: str = "测试州行政规范性文件管理办法",
    back_filled_from: str = "",
    **values: Any,
) -> Norm:
    """登记好的一份，还没有送审；``back_filled_from`` 不空的是补录的。"""
    given = {
        "title": title, "kind": "document", "issuers": ["测试州人民政府"],
        "promulgated_on": date(2020, 5, 20), "effective_on": date(2020, 6, 3),
        "ceases_on": date(2025, 6, 3), "stage": "decision",
        "body": body("第一条　为了规范管理，制定本办法。", "第二条　有效期为五年。"), **values,
    }  # fmt: skip
    return draft(
        given, organisation=town.organisation, actor=town.drafter, key=key(),
        columns=(town.column,), back_filled_from=back_filled_from,
    )  # fmt: skip


def walk(town: Town, norm: Norm, *events: str, **inputs: Any) -> Norm:
    """由该办的人一步步办；公布、更正之前把文本排好。"""
    for event in events:
        if event in ("publish", "correct", "republish"):
            typeset(norm, date.today())
        who: Actor = getattr(town, ROLE[event])
        perform(norm, event, actor=who, key=key(), message="理由", inputs=inputs)
    return norm


STEPS = ("submit", "pass", "register", "publish")


def published(town: Town, title: str = "测试州行政规范性文件管理办法", **values: Any) -> Norm:
    """公布了的一份。"""
    return walk(town, written(town, title, **values), *STEPS)


def changing(
    town: Town, kind: str, target: Norm, on: date, title: str, lines: Sequence[str] = ()
) -> Norm:
    """修改（废止）``target`` 的一份，从 ``on`` 起，公布了，``target`` 的页面也跟上了。"""
    norm = written(
        town, title, promulgated_on=on, effective_on=on, ceases_on=date(on.year + 5, on.month, 1)
    )
    relate(norm, kind, actor=town.drafter, target=target, body=body(*lines))
    walk(town, norm, *STEPS)
    bring_up(target)
    target.refresh_from_db()
    return norm
