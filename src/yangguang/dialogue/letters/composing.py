"""一份文书由哪几部分组成、各写什么：同样的事实和同样写的字，得到同样的文书。纯函数。"""

from collections.abc import Mapping
from dataclasses import dataclass

from . import forms, notices, replies
from .facts import CaseFacts
from .kinds import APPLICANT, Kind
from .wording import attachments, cleaned, contact, copies, dated

CASE_TEXTS = ("reasons", "harm", "severability")
"""文书上没有另写时，用决定里写的。"""

TITLE_CHARACTERS = 20
"""二号字一行排几个字。"""


class NotEditable(ValueError):
    """这一部分由规则生成，不能由人写。信息是一句中文。"""


@dataclass(frozen=True)
class Part:
    """文书的一部分；``text`` 里一行一段。``written`` 的由经办人写，其余由数据和规则生成；``blank`` 的留着手填。"""

    name: str
    label: str
    text: str
    mandatory: bool
    written: bool
    blank: bool = False

    @property
    def lines(self) -> list[str]:
        """各段。"""
        return self.text.split("\n") if self.text else []


@dataclass(frozen=True)
class Letter:
    """一份文书，各部分依次。"""

    kind: Kind
    parts: tuple[Part, ...]

    def text(self, name: str) -> str:
        """一部分的文字；没有这一部分的为空。"""
        return next((part.text for part in self.parts if part.name == name), "")

    @property
    def mandatory(self) -> tuple[Part, ...]:
        """必备的各部分。"""
        return tuple(part for part in self.parts if part.mandatory)


def compose(kind: Kind, facts: CaseFacts, written: Mapping[str, str]) -> Letter:
    """一份文书。``written`` 是经办人写的：部分的名称到文字；写了改不得的部分抛出 ``NotEditable``。"""
    for name in written:
        if name not in kind.editable:
            label = next((slot.label for slot in kind.slots if slot.name == name), name)
            raise NotEditable(f"“{label}”由登记的事实和规则生成，不能改写。")

    def said(name: str) -> str:
        """经办人写的；没有写的用决定里的。"""
        held = cleaned(written.get(name, ""))
        return held or (cleaned(getattr(facts, name)) if name in CASE_TEXTS else "")

    texts = _middle(kind, facts, said) | _around(kind, facts)
    return Letter(
        kind,
        tuple(
            Part(slot.name, slot.label, texts.get(slot.name, forms.BLANK if slot.blank else ""),
                 slot.mandatory, slot.written, slot.blank)
            for slot in kind.slots
        ),
    )  # fmt: skip


def _middle(kind: Kind, facts: CaseFacts, said: replies.Said) -> dict[str, str]:
    if kind.outcome:
        return replies.parts(kind.outcome, facts, said)
    if kind.is_form:
        return forms.parts(facts, said)
    return notices.BUILDERS[kind.code](facts, said)


def _title(office: str, title: str) -> str:
    """标题；一行排不下的，机关名称另为一行。"""
    if not office:
        return ""
    return (
        f"{office}\n{title}" if len(office) + len(title) > TITLE_CHARACTERS else f"{office}{title}"
    )


def _around(kind: Kind, facts: CaseFacts) -> dict[str, str]:
    """版头、标题、文号、称谓、落款一类。"""
    whom = facts.applicant.name if kind.addressee == APPLICANT else facts.addressee
    held = {"title": _title(facts.office.name, kind.title)}
    if kind.is_form:
        return held
    return held | {
        "letterhead": facts.office.name,
        "number": facts.letter_number,
        "salutation": f"{whom}：" if whom else "",
        "contact": contact(facts),
        "attachments": attachments(facts.attachments),
        "signature": facts.office.name,
        "date": dated(facts.written_on),
        "copies": copies(facts),
    }
