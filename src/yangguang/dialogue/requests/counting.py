"""年度报告表三由一件件申请数出来：每件恰好在一格。读取，查询次数写在各处。

新收、结转看收到申请之日，办理结果看办结之日；拆开的原件、重作的不计（``is_counted``）。截至某一天数的，
就是“假如年底就是今天”：那天还没有办结的都算结转下年度。一格的数和点开它看到的各件，用的是同一个条件。
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from .annual_check import Finding, Report, check
from .models import DisclosureRequest, YearTable
from .table3 import (
    APPLICANTS,
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    PROCESSED,
    RECEIVED,
    RESULTS,
    rows_of,
)

Cells = dict[str, dict[str, int]]
FORM = "2021"
LIVE = Q(is_counted=True, received_on__isnull=False)


@dataclass(frozen=True)
class Period:
    """数哪一段：``year`` 年度，截至 ``until``（含）。整年的截至年底。"""

    year: int
    until: date

    @classmethod
    def of(cls, year: int, today: date) -> "Period":
        """``year`` 年度，年还没有过完的截至今天。"""
        return cls(year, min(date(year, 12, 31), max(today, date(year, 1, 1))))

    @property
    def first(self) -> date:
        """年初。"""
        return date(self.year, 1, 1)

    @property
    def is_whole(self) -> bool:
        """整年。"""
        return self.until == date(self.year, 12, 31)


def condition(row: str, period: Period) -> Q:
    """哪些申请在 ``row`` 这一行。总计行是各种结果合起来的。"""
    first, until = period.first, period.until
    if row == RECEIVED:
        return Q(received_on__range=(first, until))
    if row == CARRIED_IN:
        return Q(received_on__lt=first) & _open_at_start(first)
    if row == CARRIED_OUT:
        return Q(received_on__lte=until) & (Q(finished_on__isnull=True) | Q(finished_on__gt=until))
    finished = Q(finished_on__range=(first, until))
    return finished if row == PROCESSED else finished & Q(result=row)


def _open_at_start(first: date) -> Q:
    return Q(finished_on__isnull=True) | Q(finished_on__gte=first)


def cases(
    records: QuerySet[DisclosureRequest], row: str, column: str, period: Period
) -> QuerySet[DisclosureRequest]:
    """一格里的各件。不查询。不认识的行、列抛出 ``KeyError``。"""
    if row not in rows_of(FORM) or column not in COLUMNS:
        raise KeyError(row, column)
    found = records.filter(LIVE & condition(row, period))
    return found if column == "total" else found.filter(applicant_kind=column)


def table3(records: QuerySet[DisclosureRequest], period: Period) -> Cells:
    """``records`` 合起来的表三。四次查询。"""
    return tables_by_organisation(records, period, whole=True).get(0, empty())


def tables_by_organisation(
    records: QuerySet[DisclosureRequest], period: Period, *, whole: bool = False
) -> dict[int, Cells]:
    """各机构的表三，按机构的编号；``whole`` 的合成一张，编号是 0。四次查询，与机构、件数无关。"""
    found: dict[int, Cells] = defaultdict(empty)
    counted = records.filter(LIVE).order_by()
    keys = ("applicant_kind",) if whole else ("organisation", "applicant_kind")
    for row in (RECEIVED, CARRIED_IN, CARRIED_OUT):
        grouped = counted.filter(condition(row, period)).values_list(*keys)
        for *of, kind, number in grouped.annotate(number=Count("pk")):
            found[of[0] if of else 0][row][kind] += number
    results = counted.filter(condition(PROCESSED, period)).values_list(*keys, "result")
    for *of, kind, result, number in results.annotate(number=Count("pk")):
        found[of[0] if of else 0][result][kind] += number
    for cells in found.values():
        _total(cells)
    return dict(found)


def empty() -> Cells:
    """一张都是 0 的表三。"""
    return {row: dict.fromkeys(COLUMNS, 0) for row in rows_of(FORM)}


def summed(tables: Iterable[Mapping[str, Mapping[str, int]]]) -> Cells:
    """几张表三逐格相加。"""
    total = empty()
    for cells in tables:
        for row, line in cells.items():
            for column, number in line.items():
                total[row][column] += number
    return total


def _total(cells: Cells) -> None:
    """补上各列的（七）总计和各行的总计。"""
    for column in APPLICANTS:
        cells[PROCESSED][column] = sum(cells[each.code][column] for each in RESULTS)
    for line in cells.values():
        line["total"] = sum(line[column] for column in APPLICANTS)


def findings(cells: Cells, previous: Mapping[str, Mapping[str, int]] | None) -> list[Finding]:
    """一张表三不合勾稽的地方；``previous`` 是上年封存的表三，没有为空。"""
    return check(Report(FORM, cells, None, previous))


def sealed_table(organisation: int, year: int) -> YearTable | None:
    """一个机构一年封存的表三；没有封存为空。一次查询。"""
    return YearTable.objects.filter(organisation=organisation, year=year).first()
