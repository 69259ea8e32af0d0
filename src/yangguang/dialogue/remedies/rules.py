"""答复的救济途径：先复议还是可选，向谁复议，几日之内，向哪个法院起诉。纯函数，不碰数据库、时钟和配置。

2024 年 1 月 1 日起，申请政府信息公开而行政机关不予公开的，须先申请行政复议，不服复议决定的再起诉
（行政复议法第二十三条第一款第四项），行政机关作出决定时应当告知先申请复议；在此以前，和不属于不予公开的，可以复议，
也可以直接起诉。规定本身是带日期的数据（``data/remedies/tables.json``），以答复作出的日期选版。
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

LEVELS = {
    "prefecture": "州（市）人民政府",
    "prefecture_department": "州（市）人民政府的部门",
    "county": "县（市、区）人民政府",
    "county_department": "县（市、区）人民政府的部门",
    "township": "乡镇人民政府、街道办事处",
    "vertical": "垂直领导的机关",
    "agency": "派出机构",
}
"""作出答复的机关是哪一级。"""
GOVERNMENTS = frozenset({"prefecture", "county"})
"""县级以上地方人民政府：不服它的行政行为，由中级人民法院管辖（行政诉讼法第十五条第一项）。"""
DEPARTMENTS = frozenset({"prefecture_department", "county_department"})
JUSTICE = "司法局"


class NoRemedyTable(LookupError):
    """这一天没有有效的规定。信息是一句中文。"""


@dataclass(frozen=True)
class Version:
    """救济途径的一版规定。``bodies`` 是各级机关由谁复议，``justice`` 是司法行政部门的（第二十八条）。"""

    law: str
    reconsideration_first: frozenset[str]
    bodies: Mapping[str, Sequence[str]]
    justice: Sequence[str]
    days: int
    court_days: int
    court_months: int
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, on: date) -> bool:
        """``on`` 当日有效，起止两日都算在内。"""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )


@dataclass(frozen=True)
class Authority:
    """作出答复的机关：哪一级，和它的复议机关、法院叫什么。不知道名称的，用通称。"""

    level: str
    name: str = ""
    government: str = "本级人民政府"
    above: str = "上一级人民政府"
    superior: str = "上一级主管部门"
    establishing: str = "设立该派出机构的部门"
    basic_court: str = "有管辖权的基层人民法院"
    intermediate_court: str = "有管辖权的中级人民法院"

    @property
    def is_justice(self) -> bool:
        """是司法行政部门。"""
        return self.level in DEPARTMENTS and self.name.endswith(JUSTICE)

    @property
    def court(self) -> str:
        """起诉的法院：县级以上地方人民政府的由中级人民法院管辖，其余由基层人民法院管辖。"""
        return self.intermediate_court if self.level in GOVERNMENTS else self.basic_court


@dataclass(frozen=True)
class Remedy:
    """一件答复的救济途径。须先复议的，起诉期限以日计，自收到复议决定书之日起；可选的以月计，自收到答复之日起。"""

    reconsideration_first: bool
    body: str
    days: int
    court: str
    court_days: int | None
    court_months: int | None
    text: str


def version_from(row: Mapping[str, Any]) -> Version:
    """由一行数据得到一版规定。"""
    days = {
        name: date.fromisoformat(row[name]) if row[name] else None
        for name in ("valid_from", "valid_until")
    }
    return Version(
        row["law"],
        frozenset(row["reconsideration_first"]),
        row["bodies"],
        row["justice"],
        row["days"],
        row["court_days"],
        row["court_months"],
        **days,
    )


def remedy(
    versions: Sequence[Version],
    ground: str,
    replied: date,
    authority: Authority,
    *,
    online_url: str = "",
    document: str = "答复",
) -> Remedy:
    """一件答复的救济途径，和答复书里的救济段。

    ``ground`` 是办理结果（年度报告表三的行），``replied`` 是答复作出的日期；``online_url`` 是电子送达的须一并
    告知的行政复议网上申请渠道；``document`` 是文书自称什么（“本答复”“本答复书”）。``replied`` 当日没有有效的规定
    抛出 ``NoRemedyTable``。
    """
    held = next((each for each in versions if each.holds(replied)), None)
    if held is None:
        raise NoRemedyTable(f"{replied.isoformat()} 没有有效的救济途径的规定。")
    body = _body(held, authority)
    is_first = ground in held.reconsideration_first
    if not is_first:
        text = _either(held, body, authority.court, "", document)
    elif ground == "partial":
        text = (
            _first(held, body, authority.court, "中不予公开的部分", document)
            + _either(held, body, authority.court, "的其他部分", document)
        )  # fmt: skip
    else:
        text = _first(held, body, authority.court, "", document)
    if online_url:
        text += f"行政复议网上申请渠道：{online_url}。"
    return Remedy(
        is_first,
        body,
        held.days,
        authority.court,
        held.court_days if is_first else None,
        None if is_first else held.court_months,
        text,
    )


def _body(version: Version, authority: Authority) -> str:
    """复议机关；可以选择的，几个都写。"""
    chosen = version.justice if authority.is_justice else version.bodies[authority.level]
    superior = "上一级司法行政部门" if authority.is_justice else authority.superior
    named = {
        "government": authority.government,
        "above": authority.above,
        "superior": superior,
        "establishing": authority.establishing,
    }
    return "或者".join(named[each] for each in chosen)


def _first(version: Version, body: str, court: str, part: str, document: str) -> str:
    return (
        f"如不服本{document}{part}，应当自收到本{document}书之日起{version.days}日内先向{body}申请行政复议；"
        f"对行政复议决定仍不服的，可以自收到复议决定书之日起{version.court_days}日内"
        f"向{court}提起行政诉讼。"
    )


def _either(version: Version, body: str, court: str, part: str, document: str) -> str:
    return (
        f"如不服本{document}{part}，可以自收到本{document}书之日起{version.days}日内向{body}申请行政复议，"
        f"或者自收到本{document}书之日起{version.court_months}个月内向{court}提起行政诉讼。"
    )
