"""成批办理的账：一把键一次，结果留下，断了能接着办。"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.services import KeyTaken

from .models import BulkRun

MOST_AT_ONCE = 100
"""一次最多办多少条。"""
GONE = "现在看不见这一条了。"


def key_of(key: str, pk: int) -> str:
    """成批办理里一条的幂等键：同一批再来一次还是这一把。"""
    return blake2b(f"{key}:{pk}".encode(), digest_size=20).hexdigest()


def picked(numbers: Iterable[str]) -> list[int]:
    """选中的编号，不重复，不超过一次的上限；不是编号的不理会。"""
    found = (int(each) for each in numbers if each.isascii() and each.isdigit() and len(each) < 19)
    return list(dict.fromkeys(found))[:MOST_AT_ONCE]


@transaction.atomic
def begin(key: str, slug: str, transition: Transition, *, actor: Actor) -> BulkRun:
    """开始一批；同一把键再来还是那一批。键用在别的事上抛出 ``KeyTaken``。"""
    run, _ = BulkRun.objects.get_or_create(
        key=key,
        defaults={
            "user_id": actor.user_id,
            "assignment_id": actor.assignment_id,
            "slug": slug,
            "event": transition.event,
            "label": transition.label,
        },
    )
    wanted = (actor.assignment_id, slug, transition.event)
    if (run.assignment_id, run.slug, run.event) != wanted:
        raise KeyTaken
    return run


@transaction.atomic
def finish(run: BulkRun, outcomes: list[dict[str, Any]], *, actor: Actor) -> None:
    """记下各条的结果，入审计。已经记过的不再记。"""
    current = BulkRun.objects.select_for_update().get(pk=run.pk)
    if current.finished_at is not None:
        return
    current.outcomes, current.finished_at = outcomes, timezone.now()
    current.save(update_fields=["outcomes", "finished_at"])
    refused = sum(bool(each["reasons"]) for each in outcomes)
    record_event(
        "workbench.bulk",
        actor=actor,
        target=current,
        public={
            "list": run.slug,
            "event": run.event,
            "done": len(outcomes) - refused,
            "not_done": refused,
        },
    )
