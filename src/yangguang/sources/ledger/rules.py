"""发文台账：按期没有、迟了几天、各机构怎样合计和排名、能办哪些事。纯规则，不碰数据库、时钟和配置。

主动公开文件印发实施后 20 个工作日内上网发布：按印发日期算按期还是逾期。
条例第二十六条自形成之日起算，一般更早，并列在旁，早于前者的提醒。
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yangguang.foundation.calendar.rules import WorkingCalendar, spoken
from yangguang.foundation.fetching.addresses import target_of
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

STANDINGS = {"on_time": "按期", "late": "逾期", "not_online": "未上网", "not_public": "不公开"}
"""每件文件的四种状况，每件恰有一种。"""
SOURCES = {
    "system": "本系统的公文",
    "import": "导入的清单",
    "api": "接口交来",
    "manual": "逐件登记",
    "backfill": "补定公开属性",
}
"""台账里的一行从哪里来。"""
FAULTS = {
    "overdue": "到期没有上网",
    "no_address": "记了上网日期，没有网址",
    "unreachable": "网址打不开",
    "different": "网上的文字与印发的不一致",
    "attachment": "附件缺少，或者与印发的不一致",
    "still_online": "已撤回，网上还看得到",
    "not_public": "不是主动公开的，网上却有",
    "unlisted": "网上有，台账里没有",
}
"""核对查出的几种，按轻重不分先后。"""


# ---- 一件 ----


@dataclass(frozen=True)
class Standing:
    """一件文件截至一天的状况。

    ``days_used`` 是印发次日到上网那天（没有上网的到截至那天）的工作日数；``days_late`` 是过了期限几个工作日，
    没有过是 0；``is_overdue`` 是没有上网、期限已过；``days_left`` 是没有上网、没有过期的还剩几个工作日。
    """

    code: str
    days_used: int | None = None
    days_late: int = 0
    days_left: int | None = None
    is_overdue: bool = False

    @property
    def label(self) -> str:
        """状况的名称。"""
        return STANDINGS[self.code]

    @property
    def told(self) -> str:
        """状况连同迟了几天、还剩几天，一句短语。"""
        if self.code == "late" or self.is_overdue:
            passed = f"超期 {self.days_late} 个工作日" if self.days_late else "超期不足 1 个工作日"
            return f"{self.label}，{passed}"
        if self.days_left is not None:
            return f"{self.label}，还剩 {self.days_left} 个工作日"
        return self.label


def standing(
    disclosure: str,
    issued_on: date,
    due: date | None,
    online_on: date | None,
    as_of: date,
    calendar: WorkingCalendar,
) -> Standing:
    """一件文件截至 ``as_of`` 的状况。届满当日上网仍是按期；上网在 ``as_of`` 之后的算还没有上网。"""
    if disclosure != "proactive" or due is None:
        return Standing("not_public")
    is_online = online_on is not None and online_on <= as_of
    until = online_on if is_online and online_on else as_of
    used = calendar.between(issued_on, until) if until > issued_on else 0
    late = calendar.between(due, until) if until > due else 0
    if is_online:
        return Standing("on_time" if until <= due else "late", used, late)
    if until > due:
        return Standing("not_online", used, late, is_overdue=True)
    return Standing("not_online", used, days_left=calendar.between(until, due))


def earlier_warning(publish_due: date | None, formed_due: date | None) -> str:
    """条例第二十六条自形成之日起算的期限早于按印发日期算的，一句提醒；不早的为空。"""
    if publish_due is None or formed_due is None or formed_due >= publish_due:
        return ""
    return (
        f"条例第二十六条自形成之日起算，应在{spoken(formed_due)}以前公开，"
        "早于按印发日期算的上网期限。请按早的办。"
    )


def date_faults(
    written_on: date | None, issued_on: date | None, online_on: date | None, today: date
) -> list[tuple[str, str]]:
    """三个日期不合情理之处：哪一项，为什么。"""
    found = []
    if issued_on and issued_on > today:
        found.append(("issued_on", "印发日期在今天以后。"))
    if online_on and online_on > today:
        found.append(("online_on", "上网日期在今天以后。"))
    if written_on and issued_on and written_on > issued_on:
        found.append(("written_on", "成文日期晚于印发日期。"))
    if written_on and online_on and online_on < written_on:
        found.append(("online_on", "上网日期早于成文日期。"))
    return found


def address_fault(address: str) -> str:
    """网址为什么不对，一句话；对的、空的为空。只看写法。"""
    if address and target_of(address, frozenset({_place(address)})) is None:
        return "网址应以 http:// 或 https:// 开头，写全域名。"
    return ""


def _place(address: str) -> str:
    """网址写明的 ``host:port``：端口通不通由去取的一方看。"""
    return address.partition("://")[2].partition("/")[0].lower()


# ---- 合计与排名 ----


@dataclass(frozen=True)
class Tally:
    """一个机构的合计：四种状况加起来就是总数。``overdue`` 是未上网里期限已过的。"""

    on_time: int = 0
    late: int = 0
    not_online: int = 0
    not_public: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        """总数。"""
        return self.on_time + self.late + self.not_online + self.not_public

    @property
    def public(self) -> int:
        """主动公开的。"""
        return self.on_time + self.late + self.not_online

    @property
    def judged(self) -> int:
        """看得出按期没有的：上了网的，和没有上网、期限已过的。"""
        return self.on_time + self.late + self.overdue

    @property
    def rate(self) -> float | None:
        """按期率：按期的占看得出的；一件也看不出为空。"""
        return self.on_time / self.judged if self.judged else None

    @property
    def rate_told(self) -> str:
        """按期率的写法。"""
        return "—" if self.rate is None else f"{self.rate * 100:.1f}%"


def summed(tallies: Iterable[Tally]) -> Tally:
    """几个机构的合计。"""
    listed = list(tallies)
    return Tally(
        *(
            sum(getattr(each, name) for each in listed)
            for name in ("on_time", "late", "not_online", "not_public", "overdue")
        )
    )


@dataclass(frozen=True)
class Ranked:
    """排名里的一行。没有可排的（一件也看不出）名次为空，列在最后。"""

    place: int | None
    name: str
    tally: Tally
    faults: int


def ranking(rows: Sequence[tuple[str, Tally, int]]) -> list[Ranked]:
    """按期率高的在前，同率的查出问题少的在前，再相同的并列。``rows`` 是名称、合计、查出几个问题。"""
    able = [row for row in rows if row[1].rate is not None]
    able.sort(key=lambda row: (-(row[1].rate or 0.0), row[2]))
    found: list[Ranked] = []
    for position, (name, tally, faults) in enumerate(able, start=1):
        before = found[-1] if found else None
        is_level = (
            before is not None and before.tally.rate == tally.rate and before.faults == faults
        )
        place = before.place if is_level and before else position
        found.append(Ranked(place, name, tally, faults))
    return found + [Ranked(None, *row) for row in rows if row[1].rate is None]


# ---- 能办的事 ----

ENTERERS = frozenset({"drafter", "supervisor"})
"""登记、导入的：本机构的信息员，管得到它的监督员。"""


def is_entered(context: GuardContext) -> bool:
    """不是本系统的公文：那些照公文记，这里不能另改。"""
    return not context.facts["document"]


def is_proactive(context: GuardContext) -> list[str]:
    """主动公开的才登记上网。"""
    if context.facts["disclosure"] == "proactive":
        return []
    return ["公开属性不是“主动公开”。要上网的，先把公开属性改对。"]


def goes_online(context: GuardContext) -> list[str]:
    """上网日期、网址都有，合情理。"""
    day, address = context.inputs.get("online_on"), str(context.inputs.get("address") or "")
    if not isinstance(day, date):
        return ["请填上网日期。"]
    reasons = ["请填网址：核对时照它去看。"] if not address else []
    if fault := address_fault(address):
        reasons.append(fault)
    facts = context.facts
    found = date_faults(facts["written_on"], facts["issued_on"], day, facts["today"])
    return reasons + [told for field, told in found if field == "online_on"]


LISTED = frozenset({"listed"})
LISTING = Lifecycle(
    name="ledger",
    label="发文台账",
    initial="listed",
    states={"listed": "在账", "dropped": "已剔除"},
    progress=("listed",),
    transitions=(
        Transition(
            "put_online", "登记上网", LISTED, "listed", ENTERERS,
            guards=(is_proactive,), input_guards=(goes_online,), applies=is_entered,
            legal_basis="条例第二十六条",
        ),
        Transition(
            "drop", "剔除", LISTED, "dropped", ENTERERS, needs_message=True, applies=is_entered,
            sentence="误登的、重复的剔除：不再计入合计，不再核对，经过留着。",
        ),
        Transition(
            "restore", "恢复", frozenset({"dropped"}), "listed", ENTERERS, needs_message=True,
            applies=is_entered,
        ),
    ),
)  # fmt: skip
"""台账里一行的转换表。"""
