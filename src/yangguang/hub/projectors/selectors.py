"""出口的读取：谁落后了，哪些撤回还没有人确认。"""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from yangguang.hub.publications.models import Change, ChangeSeal
from yangguang.hub.publications.selectors import CHANGES, changes_after

from .models import Acknowledgement, Projector, Withdrawal
from .registry import families
from .rules import (
    LATE,
    RESTART,
    Lag,
    Unacknowledged,
    as_json,
    lag_warnings,
    withdrawal_warnings,
)


def awaiting(family: str, code: str = "") -> QuerySet[Withdrawal]:
    """这一种出口（或其中代码为 ``code`` 的一个）还没有全部确认的撤回，先撤回的在前。"""
    mine = Projector.objects.filter(family=family)
    if code:
        mine = mine.filter(code=code)
    return open_withdrawals().filter(Exists(_lacking(mine))).select_related("change__publication")


def open_withdrawals() -> QuerySet[Withdrawal]:
    """还有出口没有确认的撤回。"""
    return Withdrawal.objects.filter(done_at=None).order_by("pk")


def _lacking(projectors: QuerySet[Projector]) -> QuerySet[Projector]:
    """没有确认过（外层查询的）这次撤回的出口。"""
    told = Acknowledgement.objects.filter(
        withdrawal=OuterRef(OuterRef("pk")), projector=OuterRef("code")
    )
    return projectors.filter(~Exists(told))


def acknowledged_by_all() -> QuerySet[Withdrawal]:
    """记着没有落实、其实各出口都已确认的撤回：该记上落实的时间了。"""
    return open_withdrawals().exclude(Exists(_lacking(Projector.objects.all())))


def lags(now: datetime) -> list[Lag]:
    """各出口落后多少。每个出口两次查询，另加两次。"""
    last = ChangeSeal.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    unsealed = list(CHANGES.unsealed().values_list("at", flat=True))
    return [_lag(projector, last, unsealed, now) for projector in Projector.objects.order_by("pk")]


def _lag(projector: Projector, last: int, unsealed: list[datetime], now: datetime) -> Lag:
    sealed = max(0, last - projector.sequence)
    waiting = list(unsealed)
    if sealed:
        waiting += changes_after(projector.sequence, 1).values_list("at", flat=True)
    return Lag(
        code=projector.code,
        label=projector.label,
        sequence=projector.sequence,
        changes_behind=sealed + len(unsealed),
        changes_unsealed=len(unsealed),
        seconds_behind=_seconds(min(waiting), now) if waiting else 0,
    )


def unacknowledged(now: datetime) -> list[Unacknowledged]:
    """哪次撤回、哪个出口还没有确认、等了多久。两次查询，另加每次撤回一次。"""
    projectors = list(Projector.objects.order_by("pk"))
    rows = open_withdrawals().select_related("change__publication")
    return [
        Unacknowledged(
            index_number=withdrawal.change.publication.index_number,
            projector=projector.code,
            label=projector.label,
            seconds=_seconds(max(withdrawal.change.at, projector.enrolled_at), now),
        )
        for withdrawal in rows.prefetch_related("acknowledgements")
        if withdrawal.change.publication is not None
        for projector in projectors
        if projector.code not in {each.projector for each in withdrawal.acknowledgements.all()}
    ]


def _seconds(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds()))


def warnings(on: date) -> list[str]:
    """体检：撤回没有确认的在前，然后是落后的、从来没有跟进过的出口。"""
    now = timezone.now()
    return [*withdrawal_warnings(unacknowledged(now)), *lag_warnings(lags(now)), *_absent(now)]


def _absent(now: datetime) -> list[str]:
    oldest = Change.objects.order_by("pk").first()
    if oldest is None or now - oldest.at <= LATE:
        return []
    present = set(Projector.objects.values_list("family", flat=True))
    return [
        f"{label}还没有跟进过变更日志。{RESTART}"
        for code, label in families().items()
        if code not in present
    ]


def metrics() -> dict[str, Any]:
    """体检的数字：各出口的落后，没有确认的撤回。"""
    now = timezone.now()
    return {
        "lag": [as_json(lag) for lag in lags(now)],
        "unacknowledged": [as_json(one) for one in unacknowledged(now)],
    }
