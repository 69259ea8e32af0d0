"""公文走每一步时在每个边界断电：状态、流转、审计、版本、变更要么都有，要么都没有。"""

import pytest

from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.models import Change, PublicationVersion
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import edit

pytestmark = pytest.mark.django_db(transaction=True)

WAY = (
    ("submit", "drafter"), ("pass", "reviewer"), ("approve", "approver"), ("publish", "drafter"),
    ("revise", "drafter"), ("correct", "approver"), ("withdraw", "approver"),
    ("republish", "approver"),
)  # fmt: skip
AFTER = frozenset({"lifecycle.after_commit", "publications.after_commit"})


def _books(document: OfficialDocument) -> tuple[object, ...]:
    document.refresh_from_db()
    models = (TransitionRecord, AuditEvent, PublicationVersion, Change)
    return (document.state, *(model.objects.count() for model in models))


def _step(document: OfficialDocument, event: str, actor: Actor, key: str) -> None:
    perform(document, event, actor=actor, key=key, message="按程序办理。")


def test_every_step_cut_at_every_boundary_happens_whole_or_not_at_all(town: Town) -> None:
    """断在提交之前，等于没办，照原样（同一个键）再办一次就成；断在提交之后，再办一次不会办两遍。"""
    document = town.document()
    for event, role in WAY:
        actor = getattr(town, role)
        if event == "correct":
            edit(document, {"title": "改过的标题"}, actor=town.drafter)
        before, hit = _books(document), 0
        reached: list[str] = []
        while not reached or reached[-1] not in AFTER:
            hit += 1
            with armed(hit=hit) as plan, pytest.raises(Stopped):
                _step(document, event, actor, event)
            reached = plan.reached
            if reached[-1] not in AFTER:
                assert _books(document) == before, (event, reached)
        assert {"lifecycle.before_change", "lifecycle.before_commit"} <= set(reached)
        done = _books(document)
        assert done[0] != before[0]
        _step(document, event, actor, event)
        assert _books(document) == done
        assert TransitionRecord.objects.filter(idempotency_key=event).count() == 1
