"""两个人同时发布：同一份只发一次，不同的各得其号，号不缺不重。"""

import pytest

from tests.processes import finish, start, together
from tests.town import Town
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.models import Change, Publication, PublicationVersion
from yangguang.hub.publications.rebuilding import check
from yangguang.sources.documents.models import OfficialDocument

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

PUBLISHER = """
    import random, time
    from yangguang.foundation.accounts.models import RoleAssignment
    from yangguang.foundation.accounts.selectors import actor_of
    from yangguang.foundation.lifecycle.services import Refused, perform
    from yangguang.sources.documents.models import OfficialDocument
    actor = actor_of(RoleAssignment.objects.get(role={role!r}))
    documents = [OfficialDocument.objects.get(pk=pk) for pk in {pks}]
    chance = random.Random({seed})
    print("ready", flush=True)
    input()
    for document in documents:
        try:
            perform(document, "publish", actor=actor, key=f"{role}-{{document.pk}}")
            print("published")
        except Refused as refusal:
            print(refusal.reasons[0])
        # SQLite 的等待者按退避时间醒来；不让一让，先到者会一口气做完
        time.sleep(chance.random() / 20)
"""


def _approved(town: Town, number: int) -> OfficialDocument:
    document = town.document(number)
    for event in ("submit", "pass", "approve"):
        who = {"submit": town.drafter, "pass": town.reviewer, "approve": town.approver}[event]
        perform(document, event, actor=who, key=f"{number}-{event}")
    return document


def _publish(role: str, seed: int, documents: list[OfficialDocument]) -> str:
    return PUBLISHER.format(role=role, seed=seed, pks=[each.pk for each in documents])


def test_the_same_documents_are_published_once_by_whoever_comes_first(town: Town) -> None:
    documents = [_approved(town, number) for number in range(1, 9)]
    processes = [
        start(_publish("drafter", 1, documents)),
        start(_publish("approver", 2, documents)),
    ]
    together(processes)
    said = [finish(process).splitlines() for process in processes]
    for first, second in zip(*said, strict=True):
        assert sorted((first == "published", second == "published")) == [False, True]
        assert any("不能发布" in line for line in (first, second)), (first, second)
    assert TransitionRecord.objects.filter(event="publish").count() == 8
    assert AuditEvent.objects.filter(action="publications.publish").count() == 8
    _numbered(8)


def test_different_documents_get_numbers_without_gap_or_double(town: Town) -> None:
    documents = [_approved(town, number) for number in range(1, 17)]
    processes = [
        start(_publish("drafter", 1, documents[::2])),
        start(_publish("approver", 2, documents[1::2])),
    ]
    together(processes)
    for process in processes:
        assert finish(process).splitlines() == ["published"] * 8
    _numbered(16)


def _numbered(count: int) -> None:
    numbers = sorted(int(p.index_number[-5:]) for p in Publication.objects.all())
    assert numbers == list(range(1, count + 1))
    assert PublicationVersion.objects.count() == Change.objects.count() == count
    # 树还没有烘，只看库
    assert [fault for fault in check().broken if "/" in fault.split("：")[0]] == []
