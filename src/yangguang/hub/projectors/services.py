"""出口的动作：登记、推进、确认撤回、除名。"""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record
from yangguang.foundation.failpoints import reach
from yangguang.hub.publications.models import Change

from .models import Acknowledgement, Projector, Withdrawal
from .selectors import acknowledged_by_all


def enrol(family: str, members: Mapping[str, str], *, sequence: int, whole: bool) -> None:
    """登记一种出口的各个成员（代码与名称）；登记过的只改名称，进度不动。

    ``whole`` 为真表示 ``members`` 是全部：不在其中的除名，不再等它们确认。
    """
    known = {each.code: each for each in Projector.objects.filter(family=family)}
    fresh = members.keys() - known.keys()
    renamed = {code for code in members.keys() & known.keys() if known[code].label != members[code]}
    gone = known.keys() - members.keys() if whole else set()
    if not fresh and not renamed and not gone:
        return
    with transaction.atomic():
        now = timezone.now()
        Projector.objects.bulk_create(
            [
                Projector(
                    code=code, family=family, label=members[code], sequence=sequence,
                    enrolled_at=now,
                )
                for code in sorted(fresh)
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        for code in renamed:
            Projector.objects.filter(code=code).update(label=members[code])
        if gone:
            Projector.objects.filter(code__in=gone).delete()
            _close()


def advance(code: str, sequence: int) -> None:
    """这个出口落实到了 ``sequence`` 号。只进不退。"""
    Projector.objects.filter(code=code, sequence__lt=sequence).update(sequence=sequence)


def advance_family(family: str, sequence: int) -> None:
    """这一种出口一起落实到了 ``sequence`` 号。只进不退。"""
    Projector.objects.filter(family=family, sequence__lt=sequence).update(sequence=sequence)


def expect(change: Change) -> None:
    """撤回了：等各个出口确认。须在撤回的事务里。"""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("撤回与它的落实须在同一事务里。")
    Withdrawal.objects.create(change=change)


def acknowledge(codes: Collection[str], withdrawals: Collection[Withdrawal]) -> None:
    """这些出口确认：公众从它们那里已经看不到撤回的内容。重复确认无害。"""
    if not codes or not withdrawals:
        return
    with transaction.atomic():
        keys = [withdrawal.pk for withdrawal in withdrawals]
        # 锁住再看：两个出口同时确认，后一个看得见前一个，不会都以为还差对方
        locked = list(Withdrawal.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        now = timezone.now()
        Acknowledgement.objects.bulk_create(
            [
                Acknowledgement(withdrawal=withdrawal, projector=code, at=now)
                for withdrawal in locked
                for code in codes
            ],
            ignore_conflicts=True,
        )
        _close()
        reach("acknowledging.before_commit")
    reach("acknowledging.after_commit")


@transaction.atomic
def retire(projector: Projector, *, actor: Actor | None, note: str) -> None:
    """出口除名（例如主机停用），不再等它；并入审计。"""
    record("projectors.retire", actor=actor, target=projector, note=note)
    projector.delete()
    _close()


def _close() -> None:
    """各出口都已确认的撤回，记上落实的时间。"""
    done = list(acknowledged_by_all().values_list("pk", flat=True))
    if done:
        Withdrawal.objects.filter(pk__in=done).update(done_at=timezone.now())
