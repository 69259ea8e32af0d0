"""工作日历：纯规则，不碰数据库、时钟和配置。

工作日＝周一至周五扣除放假日、加上调休上班的周末，再叠加地方假日层。
起算日当天不计入，届满日是第 N 个工作日当天。
没有放假安排的年份只按周一至周五推算，并标明是暂定的。
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

NATIONAL = "national"
LONGEST = 10_000
ONE_DAY = timedelta(days=1)
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SUNDAY = 6
YEAR_END = (12, 29)
"""历年元旦的安排最早动过上年的 12 月 29 日（2007、2018 年）。"""


class CalendarError(ValueError):
    """日期或天数有误。信息是一句中文；``field`` 是出错的输入项（``received``、``pauses`` 等）。"""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class UnknownRegion(CalendarError):
    """没有这个地区。"""


@dataclass(frozen=True)
class ExceptionalDay:
    """与星期几不符的一天：放假（``works`` 为假）或上班（为真），``name`` 是缘由的节日。"""

    works: bool
    name: str


@dataclass(frozen=True)
class Anniversary:
    """每年固定公历日期的地方节日；``moved_from_sunday`` 表示逢周日顺延到周一。

    ``since``、``until`` 是起止年份（含），``None`` 表示不限。
    """

    name: str
    month: int
    day: int
    moved_from_sunday: bool = False
    since: int | None = None
    until: int | None = None
    legal_basis: str = ""

    def __post_init__(self) -> None:
        try:
            date(2023, self.month, self.day)
        except ValueError:
            raise CalendarError(
                f"{self.name}：每年都有的日期里没有{self.month}月{self.day}日。", "day"
            ) from None

    def observed(self, year: int) -> date | None:
        """``year`` 年放假的那一天；该年不放则为 ``None``。"""
        if (self.since and year < self.since) or (self.until and year > self.until):
            return None
        on = date(year, self.month, self.day)
        return on + ONE_DAY if self.moved_from_sunday and on.weekday() == SUNDAY else on

    def falls_on(self, day: date) -> bool:
        """``day`` 是不是为这个节日放假的那一天。"""
        if self.observed(day.year) == day:
            return True
        # 12 月 31 日的节日逢周日顺延，落在次年元旦
        new_year = (day.month, day.day) == (1, 1) and day.year > date.min.year
        return new_year and self.observed(day.year - 1) == day


@dataclass(frozen=True)
class Region:
    """一个地区。``parent`` 是上一级地区的代码，下级叠加在上级之上。

    ``division_code`` 是行政区划代码的前缀；``festivals`` 是日期须逐年录入的地方节日。
    """

    code: str
    name: str
    parent: str | None = None
    division_code: str = ""
    legal_basis: str = ""
    anniversaries: tuple[Anniversary, ...] = ()
    festivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tables:
    """全部日历表，都是普通值；文件和数据库各给出一份，往后的计算相同。

    ``days`` 从地区到特殊日；``known_years`` 是全国放假安排已知的年份；
    ``entered`` 从（地区，节日）到已录入的年份。
    """

    regions: Mapping[str, Region]
    days: Mapping[str, Mapping[date, ExceptionalDay]]
    known_years: frozenset[int]
    entered: Mapping[tuple[str, str], frozenset[int]] = field(default_factory=dict)

    def lineage(self, region: str) -> tuple[Region, ...]:
        """从全国到 ``region`` 的各级地区，不认识时抛出 ``UnknownRegion``。"""
        chain: list[Region] = []
        code: str | None = region
        while code is not None:
            entry = self.regions.get(code)
            if entry is None or entry in chain:
                known = "、".join(f"{r.code}（{r.name}）" for r in self.regions.values())
                raise UnknownRegion(
                    f"没有“{region}”这个地区的工作日历，现有：{known or '无'}。", "region"
                )
            chain.append(entry)
            code = entry.parent
        return tuple(reversed(chain))

    def descendants(self, region: str) -> frozenset[str]:
        """``region`` 及叠加在它之上的各地区：它变了，这些地区的期限都要重算。"""
        return frozenset(
            code for code in self.regions if region in {r.code for r in self.lineage(code)}
        )

    def region_of(self, division_code: str) -> str:
        """行政区划代码所属的地区：前缀最长者，没有则为全国。"""
        fitting = [
            r
            for r in self.regions.values()
            if r.division_code and division_code.startswith(r.division_code)
        ]
        return max(fitting, key=lambda r: len(r.division_code)).code if fitting else NATIONAL

    def calendar(self, region: str = NATIONAL) -> "WorkingCalendar":
        """``region`` 的工作日历。"""
        national, *local = self.lineage(region)
        return WorkingCalendar(
            days=self.days.get(national.code, {}),
            known_years=self.known_years,
            overlays=tuple(
                Overlay(
                    entry,
                    self.days.get(entry.code, {}),
                    {f: self.entered.get((entry.code, f), frozenset()) for f in entry.festivals},
                )
                for entry in local
            ),
            legal_basis=national.legal_basis,
        )


@dataclass(frozen=True)
class Overlay:
    """叠加在全国日历上的地方假日层。``entered`` 从逐年录入的节日到已录入的年份。"""

    region: Region
    days: Mapping[date, ExceptionalDay] = field(default_factory=dict)
    entered: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[ExceptionalDay, str] | None:
        """这一层对某日的规定及其依据；没有规定则为 ``None``。录入的日子先于每年固定的。"""
        if entry := self.days.get(day):
            return entry, self.region.legal_basis
        for anniversary in self.region.anniversaries:
            if anniversary.falls_on(day):
                return ExceptionalDay(False, anniversary.name), anniversary.legal_basis
        return None

    def missing(self, year: int) -> list[str]:
        """``year`` 年尚未录入的节日。"""
        return [name for name, years in self.entered.items() if year not in years]


@dataclass(frozen=True)
class DayStatus:
    """一天的性质。``special`` 表示由放假安排决定，而不是只看星期几。"""

    works: bool
    reason: str
    special: bool = False
    legal_basis: str = ""


@dataclass(frozen=True)
class MarkedDay:
    """经过的某一天及缘由：国庆节、周六、临夏州州庆、国庆节调休上班……"""

    date: date
    reason: str
    legal_basis: str = ""


@dataclass(frozen=True)
class Counted:
    """数工作日的结果。

    ``provisional`` 表示经过了放假安排未知的年份；``skipped`` 是不计入的日子，
    ``worked_weekends`` 是调休上班、计为工作日的周末；``notes`` 是读结果时须知道的事。
    """

    date: date
    provisional: bool
    skipped: tuple[MarkedDay, ...] = ()
    worked_weekends: tuple[MarkedDay, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Departures:
    """一年里与星期几不符的日子：周一至周五而放假的，周末而上班的；还没有录入的地方节日。"""

    off: tuple[date, ...]
    worked: tuple[date, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class WorkingCalendar:
    """一个地区的工作日历：全国的特殊日与已知年份，加上由远及近的地方假日层。"""

    days: Mapping[date, ExceptionalDay]
    known_years: frozenset[int]
    overlays: tuple[Overlay, ...] = ()
    legal_basis: str = ""
    _seen: dict[date, DayStatus] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def status(self, day: date) -> DayStatus:
        """某日是不是工作日，为什么。"""
        found = self._seen.get(day)
        if found is None:
            found = self._seen[day] = self._decide(day)
        return found

    def is_working_day(self, day: date) -> bool:
        """某日是不是工作日。"""
        return self.status(day).works

    def add(self, start: date, days: int) -> Counted:
        """``start`` 次日起的第 ``days`` 个工作日，及途中经过了什么；0 个就是 ``start`` 当天。"""
        return self.survey(start, self.nth(start, days))

    def nth(self, start: date, days: int) -> date:
        """只要日期：``start`` 次日起的第 ``days`` 个工作日。"""
        if days < 0:
            raise CalendarError("工作日数不能是负数。", "days")
        if days > LONGEST:
            raise CalendarError(f"工作日数太大，最多 {LONGEST} 个。", "days")
        day, left = start, days
        while left:
            day = following(day)
            left -= self.status(day).works
        return day

    def between(self, start: date, end: date) -> int:
        """``start`` 次日至 ``end`` 当日的工作日数，与 ``add`` 互逆。"""
        if end < start:
            raise CalendarError(f"止日{spoken(end)}早于起日{spoken(start)}。", "end")
        return sum(self.status(day).works for day in _days(start, end))

    def rolled(self, day: date) -> date:
        """届满日是休息日的，顺延到其后的第一个工作日。"""
        while not self.status(day).works:
            day = following(day)
        return day

    def survey(self, start: date, end: date) -> Counted:
        """``start`` 次日至 ``end`` 当日经过了什么：不计入的日子、调休上班的周末和须知。"""
        skipped, worked = [], []
        for day in _days(start, end):
            status = self.status(day)
            if not status.works:
                skipped.append(MarkedDay(day, status.reason, status.legal_basis))
            elif status.special and day.weekday() >= 5:
                worked.append(MarkedDay(day, status.reason, status.legal_basis))
        years = range(following(start).year, end.year + 1) if start < end else range(0)
        return Counted(
            end,
            any(year not in self.known_years for year in years),
            tuple(skipped),
            tuple(worked),
            tuple(self._notes(years, end)),
        )

    def departures(self, year: int) -> "Departures":
        """``year`` 年与星期几不符的日子。没有放假安排的年份抛出 ``CalendarError``。"""
        if year not in self.known_years:
            raise CalendarError(f"{year}年的放假安排尚未录入。", "year")
        days = list(_days(date(year - 1, 12, 31), date(year, 12, 31)))
        odd = [day for day in days if self.status(day).works != (day.weekday() < 5)]
        missing = [name for overlay in self.overlays for name in overlay.missing(year)]
        return Departures(
            off=tuple(day for day in odd if day.weekday() < 5),
            worked=tuple(day for day in odd if day.weekday() >= 5),
            missing=tuple(missing),
        )

    def _decide(self, day: date) -> DayStatus:
        for overlay in reversed(self.overlays):
            if found := overlay.on(day):
                return _special(*found)
        if entry := self.days.get(day):
            return _special(entry, self.legal_basis)
        weekday = day.weekday()
        return DayStatus(weekday < 5, WEEKDAYS[weekday])

    def _notes(self, years: Iterable[int], end: date) -> Iterator[str]:
        for year in years:
            if year not in self.known_years:
                yield (
                    f"{year}年的放假安排尚未录入，暂按周一至周五为工作日推算，"
                    "录入后须重算：本结果是暂定的。"
                )
            elif year + 1 not in self.known_years and end >= date(year, *YEAR_END):
                yield (
                    f"{year + 1}年的放假安排尚未录入，其元旦假期可能调整"
                    f"{year}年12月末的休息日，录入后须复核。"
                )
            for overlay in self.overlays:
                if missing := overlay.missing(year):
                    yield (
                        f"{overlay.region.name}{year}年{'、'.join(missing)}的放假日期尚未录入，"
                        "本结果没有扣除这些日子，录入后须重算。"
                    )


def _special(entry: ExceptionalDay, legal_basis: str) -> DayStatus:
    reason = f"{entry.name}调休上班" if entry.works else entry.name
    return DayStatus(entry.works, reason, True, legal_basis)


def following(day: date) -> date:
    """次日；日历到头时抛出 ``CalendarError``。"""
    try:
        return day + ONE_DAY
    except OverflowError:
        raise CalendarError("日期超出了可以计算的范围。", "date") from None


def _days(start: date, end: date) -> Iterator[date]:
    for offset in range(1, (end - start).days + 1):
        yield start + timedelta(days=offset)


def spoken(day: date) -> str:
    """给人看的日期：2023年10月20日（周五）。"""
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
