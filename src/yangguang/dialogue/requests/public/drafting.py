"""一份正在填的申请：三屏（要什么、您是谁、怎样给您），再核对。写过的都封好带在表单里。

只问条例第二十九条的几样，不问用途。服务器上什么也不留：封好的一份（连证件号码）在网页里，别人解不开、改不了，
放多久都作数；幂等键和查询码打开表单时就取好，一份表单交几次都是一件申请。
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yangguang.foundation.encryption import Unreadable, seal, unseal
from yangguang.foundation.residents.rules import USCC, Paper, RealName

from ..applicants import NATURAL, PERSONAL_PAPERS, Agent, Applicant, faults
from ..models import MOST_DESCRIPTION, DisclosureRequest
from ..services import Asked, new_code

WANT, WHO, HOW, CHECK = "want", "who", "how", "check"
STEPS: Mapping[str, str] = {WANT: "要什么", WHO: "您是谁", HOW: "怎样给您", CHECK: "核对、提交"}
"""各屏，先后为序。"""
FIELDS: Mapping[str, tuple[str, ...]] = {
    WANT: ("subject", "document_number", "description"),
    WHO: (
        "kind", "org_kind", "name", "paper_kind", "paper_number", "firm_name", "firm_code",
        "contact", "phone", "has_agent", "agent_name", "agent_paper_kind", "agent_paper_number",
    ),
    HOW: ("delivery", "email", "address", "postcode", "wants_publication"),
    CHECK: (),
}  # fmt: skip
"""各屏的各项。"""
LONGEST = {
    "subject": 200, "document_number": 100, "description": MOST_DESCRIPTION, "name": 100,
    "firm_name": 100, "contact": 60, "phone": 30, "agent_name": 100, "address": 200,
    "postcode": 6, "email": 120, "paper_number": 30, "agent_paper_number": 30, "firm_code": 18,
}  # fmt: skip
"""各项最长几个字。"""
FIRM = "firm"
DELIVERIES: Mapping[str, str] = {
    "electronic-online": "在这个网站上下载",
    "electronic-email": "发到我的电子邮箱",
    "paper-post": "纸质，邮寄给我",
    "paper-counter": "纸质，我到受理机构领取",
    "paper-fax": "纸质，传真给我",
    "disc-post": "光盘等载体，邮寄给我",
    "disc-counter": "光盘等载体，我到受理机构领取",
    "inspect-counter": "我到受理机构当场查阅、抄录",
}
"""获取信息的形式和途径，合起来成立的几种（条例第二十九条第三项、第四十条）。"""
SEALED = "requests.draft"
KEY = "public-request:"


@dataclass(frozen=True)
class Draft:
    """填到哪里。``values`` 是各项写的；``key``、``code`` 是取好的幂等键和查询码。

    ``carried`` 是照上一件的申请人（``Applicant.values``）：页面上只显示头尾，拿着回执的人也看不到他是谁。
    """

    key: str
    code: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    carried: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __getattr__(self, name: str) -> str:
        """一项写的，没有写为空串。"""
        if name not in EVERY:
            raise AttributeError(name)
        return self.values.get(name, "")

    def written(self, step: str, given: Mapping[str, str]) -> "Draft":
        """这一屏写了 ``given``。写明 ``fresh`` 的，不照上一件的申请人了。"""
        new = {name: _clean(name, given.get(name, "")) for name in FIELDS[step]}
        carried = {} if given.get("fresh") else self.carried
        return replace(self, values={**self.values, **new}, carried=carried)

    def sealed(self) -> str:
        """封好的一份。"""
        kept = {
            "key": self.key, "code": self.code, "values": dict(self.values),
            "carried": dict(self.carried),
        }  # fmt: skip
        return seal(json.dumps(kept, ensure_ascii=False).encode(), SEALED)

    @property
    def is_firm(self) -> bool:
        """以单位的名义。"""
        return self.values.get("kind") == FIRM

    @property
    def delivers(self) -> tuple[str, str]:
        """获取信息的形式和途径。"""
        form, _, way = self.values.get("delivery", "").partition("-")
        return form, way


EVERY = frozenset(name for names in FIELDS.values() for name in names)


def new_draft(**values: str) -> Draft:
    """打开一份新的。``values`` 是先填上的。"""
    given = {name: _clean(name, value) for name, value in values.items() if value}
    return Draft(KEY + secrets.token_urlsafe(18), new_code(), given)


def reopened(sealed: str) -> Draft | None:
    """打开带回来的一份；不是这里封的为空。"""
    try:
        kept = json.loads(unseal(sealed, SEALED))
    except Unreadable:
        return None
    return Draft(kept["key"], kept["code"], kept["values"], kept["carried"])


def like(request: DisclosureRequest, applicant: Applicant | None) -> Draft:
    """照一件从前的申请打开一份：向另一个机关再申请，不必重写。"""
    delivery = f"{request.delivery_form}-{request.delivery_way}"
    draft = new_draft(
        subject=request.subject,
        document_number=request.document_number,
        description=request.description,
        delivery=delivery if delivery in DELIVERIES else "",
    )
    return replace(draft, carried=applicant.values()) if applicant else draft


def _clean(name: str, text: str) -> str:
    """去掉两头的空白；单行的把换行也去掉；太长的留着，由 ``step_faults`` 说。"""
    kept = text.replace("\r\n", "\n").strip()
    if name != "description":
        kept = " ".join(kept.split())
    if name.endswith(("_number", "_code")) and name != "document_number":
        kept = kept.upper().replace(" ", "")
    return kept


def asked_of(draft: Draft) -> Asked:
    """申请的内容。"""
    form, way = draft.delivers
    return Asked(
        draft.subject, draft.description, form, way, draft.document_number,
        wants_publication=bool(draft.wants_publication),
    )  # fmt: skip


def applicant_of(draft: Draft, real_name: RealName | None) -> Applicant:
    """申请人。``real_name`` 是实名登录着的人：身份照它，不用填的。"""
    reached: dict[str, Any] = {
        "phone": draft.phone, "address": draft.address, "postcode": draft.postcode,
        "email": draft.email,
    }  # fmt: skip
    if real_name is not None:
        if real_name.agent is None:
            return Applicant(NATURAL, real_name.name, real_name.paper, **reached)
        return Applicant(
            draft.org_kind, real_name.name, real_name.paper, contact=real_name.person.name,
            **reached,
        )  # fmt: skip
    if draft.carried:
        written = {name: text for name, text in reached.items() if text}
        return replace(Applicant.from_values(draft.carried), **written)
    agent = None
    if draft.has_agent:
        agent = Agent(draft.agent_name, Paper(draft.agent_paper_kind, draft.agent_paper_number))
    if draft.is_firm:
        return Applicant(
            draft.org_kind, draft.firm_name, Paper(USCC, draft.firm_code), contact=draft.contact,
            agent=agent, **reached,
        )  # fmt: skip
    return Applicant(
        draft.values.get("kind", ""), draft.name, Paper(draft.paper_kind, draft.paper_number),
        agent=agent, **reached,
    )  # fmt: skip


AS_FIRM = {"kind": "org_kind", "name": "firm_name", "paper_number": "firm_code"}
"""单位的几项在表单上另叫的名字。"""


def step_faults(draft: Draft, step: str, real_name: RealName | None) -> dict[str, str]:
    """这一屏不对的：各项到一句话，照页面上的次序。"""
    found = {
        name: f"最多 {LONGEST[name]} 个字，现在有 {len(text)} 个。"
        for name in FIELDS[step]
        if len(text := draft.values.get(name, "")) > LONGEST.get(name, 40)
    }
    if step == WANT:
        found |= _want_faults(draft)
    elif step == WHO:
        found |= _who_faults(draft, real_name)
    elif step == HOW:
        found |= _how_faults(draft, real_name)
    return {name: found[name] for name in FIELDS[step] if name in found}


def _want_faults(draft: Draft) -> dict[str, str]:
    if draft.subject:
        return {}
    return {"subject": "请写明想要什么信息。不知道准确的名称，用自己的话写也可以。"}


def _who_faults(draft: Draft, real_name: RealName | None) -> dict[str, str]:
    if real_name is None and draft.carried:
        return {}
    if real_name is None and not draft.values.get("kind"):
        return {"kind": "请选择以个人还是以单位的名义申请。"}
    applicant = applicant_of(draft, real_name)
    told = faults(applicant, "")
    found = {name: text for name, text in told.items() if name not in FIELDS[HOW]}
    if real_name is not None:
        return {AS_FIRM.get(n, n): text for n, text in found.items() if n in ("kind", "phone")}
    if applicant.agent and applicant.agent.paper.kind in PERSONAL_PAPERS:
        if not applicant.agent.paper.number:
            found["agent_paper_number"] = "请填写代理人身份证明的号码。"
    if draft.is_firm:
        return {AS_FIRM.get(name, name): text for name, text in found.items()}
    return found


def _how_faults(draft: Draft, real_name: RealName | None) -> dict[str, str]:
    if draft.delivery not in DELIVERIES:
        return {"delivery": "请选择怎样把信息给您。"}
    told = faults(applicant_of(draft, real_name), draft.delivers[1])
    found = {name: text for name, text in told.items() if name in FIELDS[HOW]}
    if draft.email and not _is_email(draft.email):
        found["email"] = "电子邮箱的写法不对，应当像“某某@某某”的样子。"
    if draft.postcode and not (draft.postcode.isdigit() and len(draft.postcode) == 6):
        found["postcode"] = "邮政编码是 6 位数字；不记得可以不填。"
    return found


def _is_email(text: str) -> bool:
    name, _, host = text.rpartition("@")
    return bool(name) and "." in host and " " not in text and not host.startswith(".")


def first_faulty(draft: Draft, real_name: RealName | None) -> str:
    """头一屏还有不对的；都对了是核对那一屏。"""
    return next((step for step in STEPS if step_faults(draft, step, real_name)), CHECK)
