"""一件申请里文书可以引用的一切：纯数据。由申请的记录填好，文书只从这里取。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yangguang.dialogue.remedies.rules import Authority, Version
from yangguang.dialogue.requests.fees import by_pages, by_requests

BY_REQUESTS, BY_PAGES = "requests", "pages"
NATURAL = "自然人"
THIRD, JOINT = "third_party", "joint"


@dataclass(frozen=True)
class Office:
    """作出文书的机关和它的受理机构。``agency_code`` 是机关代字，``review_online_url`` 是复议的网上申请渠道。"""

    name: str
    agency_code: str
    office: str = ""
    address: str = ""
    telephone: str = ""
    hours: str = ""
    postcode: str = ""
    email: str = ""
    review_online_url: str = ""


@dataclass(frozen=True)
class Applicant:
    """申请人。``kind`` 是自然人或者五类法人的名称；``identity`` 只写证件的种类和掩去的号码；``hidden`` 是另外认得出人的字样
    （证件号码、邮箱、联系人），给别人的文书里一并隐去，别处不用。"""

    name: str
    kind: str = NATURAL
    identity: str = ""
    contact: str = ""
    address: str = ""
    agent: str = ""
    hidden: tuple[str, ...] = ()

    @property
    def you(self) -> str:
        """文书里怎样称呼。"""
        return "您" if self.kind == NATURAL else "你单位"


@dataclass(frozen=True)
class Clarification:
    """补正：何时告知、到哪天、要补哪几项、何时收到补正；逾期没有补正的 ``corrected_on`` 为空。"""

    told_on: date
    due_on: date
    items: tuple[str, ...] = ()
    corrected_on: date | None = None


@dataclass(frozen=True)
class Consultation:
    """征求意见：``of`` 是 ``THIRD`` 第三方或者 ``JOINT`` 共同制作的机关；没有回音的 ``answered_on`` 为空。"""

    of: str
    name: str
    asked_on: date
    answered_on: date | None = None
    opinion: str = ""


@dataclass(frozen=True)
class Extension:
    """延期：``from_due`` 原来的期限，``to_due`` 延长到哪天，``days`` 几个工作日，``approved_by`` 同意的负责人。"""

    from_due: date
    to_due: date
    days: int
    approved_by: str
    told_on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Fee:
    """信息处理费：按件的是一个自然月内第 ``first`` 到第 ``last`` 件，按量的 ``last`` 是页数。"""

    method: str
    last: int
    first: int = 1
    due_on: date | None = None
    notified_on: date | None = None
    paid_on: date | None = None
    payment: str = ""

    @property
    def yuan(self) -> int:
        """应收多少元。"""
        return sum(count * price for _, count, price in self._spans())

    def lines(self) -> list[str]:
        """逐段的算式。"""
        unit = "件" if self.method == BY_REQUESTS else "页"
        return [
            f"{span.format(unit=unit)}：{count}{unit}×{price}元＝{count * price}元"
            if price else f"{span.format(unit=unit)}：不收费"
            for span, count, price in self._spans()
        ]  # fmt: skip

    def _spans(self) -> list[tuple[str, int, int]]:
        made = by_requests(self.last) if self.method == BY_REQUESTS else by_pages(self.last)
        begin = self.first if self.method == BY_REQUESTS else 1
        spans = []
        for step in made.steps:
            if (first := max(begin, step.first)) <= step.last:
                span = (
                    f"第{first}{{unit}}"
                    if first == step.last
                    else f"第{first}至{step.last}{{unit}}"
                )
                spans.append((span, step.last - first + 1, step.price))
        return spans


@dataclass(frozen=True)
class Inquiry:
    """说明理由（第三十五条）：何时告知、到哪天说明、何时收到说明；延迟答复的到 ``delayed_to``。"""

    told_on: date | None = None
    due_on: date | None = None
    explained_on: date | None = None
    delayed_to: date | None = None
    situation: str = ""


@dataclass(frozen=True)
class Search:
    """检索：范围、关键词、查了哪些部门和系统、用什么方式、谁查的、哪天。"""

    scope: str
    words: str
    places: str
    way: str
    by: str
    on: date | None = None


@dataclass(frozen=True)
class Access:
    """怎样获取。已主动公开的写 ``location`` 网址、刊物；提供的写载体、页数、方式和时间。"""

    location: str = ""
    carrier: str = ""
    pages: int = 0
    way: str = ""
    when: str = ""
    changed_form: str = ""


@dataclass(frozen=True)
class Responsible:
    """负责公开的机关。"""

    name: str
    contact: str


@dataclass(frozen=True)
class Service:
    """送达：送的是哪一件、什么文号、给谁、用什么方式、送到哪里。"""

    document: str
    number: str
    recipient: str
    method: str
    address: str = ""


@dataclass(frozen=True)
class CaseFacts:
    """一件申请和这一份文书。

    ``number`` 是申请编号，``letter_number`` 是这份文书的文号，签发时才有；``received_sentence`` 是收到日期依第三十一条
    怎样确定的一句；``content`` 是申请内容的原文，一字不改；``due_sentence`` 是期限怎样算到那一天的一句；
    ``versions``、``authority`` 决定救济段；``is_electronic`` 是以电子方式送达。理由等几项是决定里写的，
    文书上另写的以另写的为准。``redo`` 是复议、判决以后重作的，从前怎样答复、凭什么重作的一句。
    """

    office: Office
    applicant: Applicant
    number: str = ""
    letter_number: str = ""
    channel: str = ""
    came_on: date | None = None
    received_on: date | None = None
    received_sentence: str = ""
    content: str = ""
    delivery_form: str = ""
    due_on: date | None = None
    due_sentence: str = ""
    query_url: str = ""
    query_code: str = ""
    handler: str = ""
    transcribed_by: str = ""
    clarification: Clarification | None = None
    consultations: tuple[Consultation, ...] = ()
    addressee: str = ""
    reply_by: date | None = None
    extension: Extension | None = None
    fee: Fee | None = None
    inquiry: Inquiry | None = None
    withdrawn_on: date | None = None
    redo: str = ""
    outcome: str = ""
    reasons: str = ""
    harm: str = ""
    severability: str = ""
    search: Search | None = None
    access: Access | None = None
    responsible: Responsible | None = None
    responsible_unknown: bool = False
    service: Service | None = None
    versions: Sequence[Version] = ()
    authority: Authority | None = None
    is_electronic: bool = False
    written_on: date | None = None
    attachments: tuple[str, ...] = ()
    copies: str = ""
    archive_number: str = ""
