"""申请人：哪一类，凭什么证件，怎样联系。纯函数，不碰数据库、时钟和配置。

申请应当包括姓名或者名称、身份证明、联系方式（条例第二十九条）；不问用途。六类与年度报告表三的列相同。
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yangguang.foundation.residents.rules import PAPERS, USCC, Paper

from .table3 import APPLICANTS, COLUMNS

NATURAL = "natural_person"
KINDS: Mapping[str, str] = {name: COLUMNS[name] for name in APPLICANTS}
"""申请人的六类：自然人，法人或者其他组织的五种。"""
PERSONAL_PAPERS: Mapping[str, str] = {k: v for k, v in PAPERS.items() if k != USCC}
"""自然人的身份证明。"""

DELIVERY_FORMS: Mapping[str, str] = {
    "paper": "纸质",
    "electronic": "电子数据",
    "disc": "光盘等载体",
    "inspect": "当场查阅、抄录",
}
"""获取信息的形式（条例第二十九条第三项、第四十条）。"""
DELIVERY_WAYS: Mapping[str, str] = {
    "online": "网上下载",
    "email": "电子邮件",
    "post": "邮寄",
    "counter": "当面领取",
    "fax": "传真",
}
"""获取信息的途径。"""

NAME_LENGTH, CONTACT_LENGTH, ADDRESS_LENGTH = 100, 60, 200


@dataclass(frozen=True)
class Agent:
    """代理人：受谁委托来申请的，要查验委托证明和双方身份。"""

    name: str = field(repr=False)
    paper: Paper


@dataclass(frozen=True)
class Applicant:
    """申请人填的。``name`` 是姓名或者名称，``contact`` 是单位的联系人。都是个人信息，不进日志。"""

    kind: str
    name: str = field(repr=False)
    paper: Paper
    phone: str = field(repr=False)
    address: str = field(default="", repr=False)
    postcode: str = ""
    email: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    agent: Agent | None = None

    @property
    def is_natural(self) -> bool:
        """是自然人。"""
        return self.kind == NATURAL

    @property
    def label(self) -> str:
        """没有显示身份的时候怎样称呼：自然人只留姓，单位的名称是公开的，照写。"""
        return masked_name(self.name) if self.is_natural else self.name

    def values(self) -> dict[str, object]:
        """化为可以存的值。"""
        agent = self.agent
        return {
            "kind": self.kind,
            "name": self.name,
            "paper": [self.paper.kind, self.paper.number],
            "phone": self.phone,
            "address": self.address,
            "postcode": self.postcode,
            "email": self.email,
            "contact": self.contact,
            "agent": [agent.name, agent.paper.kind, agent.paper.number] if agent else None,
        }

    @classmethod
    def from_values(cls, values: Mapping[str, object]) -> "Applicant":
        """由存的值得来。"""
        agent = values.get("agent")
        kind, number = _texts(values["paper"])
        told = {name: str(values[name]) for name in TEXTS}
        made = cls(paper=Paper(kind, number), agent=None, **told)
        if not agent:
            return made
        name, kind, number = _texts(agent)
        return replace(made, agent=Agent(name, Paper(kind, number)))

    @property
    def identity(self) -> bytes:
        """认人用的：同一证件就是同一个人；摘要由它算，不存原样。"""
        return f"{self.paper.kind}:{self.paper.number.upper().replace(' ', '')}".encode()


TEXTS = ("kind", "name", "phone", "address", "postcode", "email", "contact")


def _texts(given: object) -> list[str]:
    return [str(each) for each in given] if isinstance(given, list | tuple) else []


def masked_name(name: str) -> str:
    """自然人的姓名只留头一个字。"""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""


def faults(applicant: Applicant, way: str) -> dict[str, str]:
    """申请人这一部分不对的：字段到一句话。``way`` 是获取信息的途径，要有送得到的地址。"""
    found: dict[str, str] = {}
    if applicant.kind not in KINDS:
        found["kind"] = "请选择申请人是自然人，还是哪一种法人或者其他组织。"
        return found
    who = "姓名" if applicant.is_natural else "单位的名称"
    if not applicant.name.strip():
        found["name"] = f"请填写{who}。"
    allowed = PERSONAL_PAPERS if applicant.is_natural else {USCC: PAPERS[USCC]}
    if applicant.paper.kind not in allowed:
        found["paper_kind"] = "请选择身份证明的种类。"
    elif not applicant.paper.number:
        found["paper_number"] = f"请填写{applicant.paper.label}的号码。"
    elif applicant.paper.fault:
        found["paper_number"] = f"{applicant.paper.fault}请对照证件核对，填写的其他内容都留着。"
    if not applicant.is_natural and not applicant.contact.strip():
        found["contact"] = "请填写联系人的姓名。"
    if not phone_is_valid(applicant.phone):
        found["phone"] = "请填写能联系到您的电话：手机号，或者带区号的座机号。"
    if way == "post" and not applicant.address.strip():
        found["address"] = "选了邮寄，请填写收件地址。"
    if way == "email" and not applicant.email.strip():
        found["email"] = "选了电子邮件，请填写电子邮箱。"
    if agent := applicant.agent:
        if not agent.name.strip():
            found["agent_name"] = "请填写代理人的姓名。"
        if agent.paper.kind not in PERSONAL_PAPERS:
            found["agent_paper_kind"] = "请选择代理人身份证明的种类。"
        elif agent.paper.fault:
            found["agent_paper_number"] = f"代理人的{agent.paper.fault}请对照证件核对。"
    return found


def phone_is_valid(phone: str) -> bool:
    """电话号码：7 到 15 位数字，可以有区号、分机的横线和国家代码的加号。"""
    digits = phone.replace("-", "").replace(" ", "").removeprefix("+")
    return digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15
