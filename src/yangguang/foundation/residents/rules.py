"""公众的实名身份：自然人和法人，证件，实名的程度。纯规则，不碰数据库、时钟和配置。"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from stdnum.cn import ric

from yangguang.foundation.organisations.rules import uscc_is_valid

NATURAL, LEGAL = "natural", "legal"
KINDS: Mapping[str, str] = {NATURAL: "自然人", LEGAL: "法人或者其他组织"}

VERIFIED, IN_PERSON = "verified", "in_person"
LEVELS: Mapping[str, str] = {
    VERIFIED: "实名（核对过姓名和证件）",
    IN_PERSON: "实人（另核对过是本人在用）",
}
"""实名的程度，由低到高。再低的不收：没有核对过的身份，不如当场填写。"""

IDENTITY_CARD, USCC = "identity_card", "uscc"
PAPERS: Mapping[str, str] = {
    IDENTITY_CARD: "居民身份证",
    "residence_permit": "港澳台居民居住证",
    "hk_macao_permit": "港澳居民来往内地通行证",
    "taiwan_permit": "台湾居民来往大陆通行证",
    "passport": "护照",
    "permanent_residence": "外国人永久居留身份证",
    "officer": "军官证",
    USCC: "统一社会信用代码",
}
CITIZEN_NUMBERED = frozenset({IDENTITY_CARD, "residence_permit"})
"""号码照公民身份号码（GB 11643）编的，里面有出生日期和校验位。"""
OTHER_NUMBER = re.compile(r"[0-9A-Z（）()\u4e00-\u9fff-]{4,30}")

MAJORITY_FOR_CONSENT = 14
"""不满十四周岁的，个人信息由监护人同意才能处理（《个人信息保护法》第三十一条）。"""
NAME_LENGTH = 120


@dataclass(frozen=True)
class Paper:
    """一份证件。号码不进日志。"""

    kind: str
    number: str = field(repr=False)

    @property
    def label(self) -> str:
        """证件的名称。"""
        return PAPERS[self.kind]

    @property
    def masked(self) -> str:
        """给人看的号码：个人的遮住中间，统一社会信用代码是公开的，照写。"""
        if self.kind == USCC:
            return self.number
        head, tail = (3, 2) if len(self.number) >= 15 else (1, 2)
        hidden = "*" * (len(self.number) - head - tail)
        return self.number[:head] + hidden + self.number[-tail:]

    @property
    def fault(self) -> str:
        """号码有什么不对，一句话；合格为空串。"""
        if self.kind not in PAPERS:
            return "认不得证件的种类。"
        if self.kind == USCC:
            good = uscc_is_valid(self.number)
        elif self.kind in CITIZEN_NUMBERED:
            good = _is_citizen_number(self.number)
        else:
            good = bool(OTHER_NUMBER.fullmatch(self.number))
        return "" if good else f"{self.label}的号码不合格。"

    @property
    def born_on(self) -> date | None:
        """号码里的出生日期；号码里没有的为空。"""
        return _born_on(self.number) if self.kind in CITIZEN_NUMBERED else None


@dataclass(frozen=True)
class Person:
    """一个自然人：姓名和证件。"""

    name: str = field(repr=False)
    paper: Paper


@dataclass(frozen=True)
class RealName:
    """省里核对过的身份：``person`` 是坐在屏幕前的那个自然人，``level`` 是核对到什么程度。

    代表单位来的，``firm_name``、``firm_code`` 是那个单位和它的统一社会信用代码，``person`` 是经办人。
    """

    person: Person
    level: str
    firm_name: str = ""
    firm_code: str = ""

    @property
    def kind(self) -> str:
        """自然人，还是法人或者其他组织。"""
        return LEGAL if self.firm_code else NATURAL

    @property
    def name(self) -> str:
        """以谁的名义：单位的名称，或者本人的姓名。"""
        return self.firm_name if self.firm_code else self.person.name

    @property
    def paper(self) -> Paper:
        """以谁的名义，就是谁的证件。"""
        return Paper(USCC, self.firm_code) if self.firm_code else self.person.paper

    @property
    def agent(self) -> Person | None:
        """替单位来办的人；本人来办的为空。"""
        return self.person if self.firm_code else None

    def reaches(self, level: str) -> bool:
        """够不够 ``level`` 这样的程度。"""
        order = list(LEVELS)
        return order.index(self.level) >= order.index(level)


def faults(given: RealName, on: date) -> list[str]:
    """这个身份 ``on`` 当日为什么不能收，每条一句；能收为空。"""
    found = []
    if given.level not in LEVELS:
        found.append("还没有实名认证，或者没有说明认证到什么程度。")
    person = given.person
    if not _is_name(person.name):
        found.append("没有姓名。")
    if fault := person.paper.fault:
        found.append(fault)
    elif (born := person.paper.born_on) and _age(born, on) < MAJORITY_FOR_CONSENT:
        found.append("不满十四周岁的，请监护人用自己的身份来办。")
    if person.paper.kind == USCC:
        found.append("没有经办人自己的证件。")
    if given.firm_code or given.firm_name:
        if not _is_name(given.firm_name):
            found.append("没有单位的名称。")
        if not uscc_is_valid(given.firm_code):
            found.append("单位的统一社会信用代码不合格。")
    return found


def _is_name(name: str) -> bool:
    return 0 < len(name) <= NAME_LENGTH and name.isprintable()


def _is_citizen_number(number: str) -> bool:
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number) or _born_on(number) is None:
        return False
    return bool(number[-1] == ric.calc_check_digit(number))


def _born_on(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _age(born: date, on: date) -> int:
    """周岁：从生日的第二天起算满。"""
    return on.year - born.year - ((on.month, on.day) <= (born.month, born.day))


# ---- 登录 ----

STATEMENT = "2026-11"
"""登录页上那份告知书是哪一版。改了说法就换，看得出谁同意的是哪一版。"""
ERRAND_FOR = timedelta(minutes=10)
"""送人去省里，最多等这么久回来。"""
LONGEST, IDLE = timedelta(hours=4), timedelta(minutes=30)
"""登录一次最长多久，闲置多久就要重新登录：服务大厅、网吧的电脑上，后面还有人。"""
SEEN_EVERY = timedelta(minutes=5)
"""“最近使用”隔这么久才写一次。"""
KEPT = timedelta(days=365)
"""这么久没有登录的，自动删去（《个人信息保护法》第十九条：保存期限为实现处理目的所必要的最短时间）。"""
