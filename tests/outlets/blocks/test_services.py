"""编排的动作：草稿怎样改公众都看不到；发布留下一版，连同审计、变更在一个事务里；可以恢复。"""

import pytest
from django.db import IntegrityError, transaction

from tests.actors import actor, organisation
from tests.outlets.website.conftest import Desk
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, perform
from yangguang.hub.publications.models import Change
from yangguang.hub.topics.services import open_topic
from yangguang.outlets.blocks.models import BlockPage, BlockVersion
from yangguang.outlets.blocks.rules import Block
from yangguang.outlets.blocks.services import (
    begin,
    fingerprint,
    move_block,
    remove_block,
    restore,
    save_block,
)

WORDS = {"heading": "说明", "body": "几句话。"}


def kinds(page: BlockPage) -> list[str]:
    page.refresh_from_db()
    return [block.kind for block in page.blocks]


def add(page: BlockPage, desk: Desk, kind: str = "text", **changes: object) -> Block:
    return save_block(page, kind, WORDS | changes, actor=desk.actor, key=desk.key())


def publish(page: BlockPage, desk: Desk, **inputs: object) -> TransitionRecord:
    return perform(page, "publish", actor=desk.actor, key=desk.key(), inputs=inputs)


def test_editing_begins_with_what_the_public_sees_and_only_once(
    desk: Desk, home: BlockPage
) -> None:
    assert kinds(home)[:4] == ["opening", "plan", "list", "columns"]
    assert begin(desk.site, None, actor=desk.actor, key="again").pk == home.pk
    topic = open_topic(desk.site, name="防汛", summary="防汛。", actor=desk.actor, key="topic")
    assert kinds(begin(desk.site, topic, actor=desk.actor, key="page")) == []


def test_a_block_is_added_last_changed_in_place_moved_and_taken_away(
    desk: Desk, home: BlockPage
) -> None:
    before = kinds(home)
    block = add(home, desk)
    assert kinds(home) == [*before, "text"]
    save_block(
        home, "text", WORDS | {"body": "改过。"}, actor=desk.actor, key=desk.key(), id=block.id,
        seen=fingerprint(block),
    )  # fmt: skip
    assert home.blocks[-1].values["body"] == "改过。" and kinds(home) == [*before, "text"]
    move_block(home, block.id, -1, actor=desk.actor)
    assert kinds(home)[-2:] == ["text", "units"]
    remove_block(home, block.id, actor=desk.actor)
    assert kinds(home) == before
    told = AuditEvent.objects.filter(action__startswith="blocks.").values_list("action", flat=True)
    assert list(told) == [
        "blocks.create",
        "blocks.save",
        "blocks.save",
        "blocks.move",
        "blocks.remove",
    ]


def test_the_same_key_adds_a_block_once(desk: Desk, home: BlockPage) -> None:
    for _ in range(2):
        save_block(home, "text", WORDS, actor=desk.actor, key="double-click")
    assert kinds(home).count("text") == 1


def test_what_another_changed_or_took_away_meanwhile_is_not_overwritten(
    desk: Desk, home: BlockPage
) -> None:
    block = add(home, desk)
    seen = fingerprint(block)
    save_block(
        home, "text", WORDS | {"body": "别人的。"}, actor=desk.actor, key=desk.key(), id=block.id
    )
    mine = {"actor": desk.actor, "key": desk.key(), "id": block.id}
    with pytest.raises(Refused, match="有人改过"):
        save_block(home, "text", WORDS, seen=seen, **mine)
    home.refresh_from_db()
    assert home.blocks[-1].values["body"] == "别人的。"
    remove_block(home, block.id, actor=desk.actor)
    with pytest.raises(Refused, match="去掉了"):
        save_block(home, "text", WORDS, seen=seen, **mine)
    save_block(home, "text", WORDS, seen="", **mine)
    assert kinds(home)[-1] == "text"
    with pytest.raises(Refused, match="不在了"):
        move_block(home, "gone", 1, actor=desk.actor)


def test_publishing_keeps_a_version_with_its_event_and_its_change(
    desk: Desk, home: BlockPage
) -> None:
    publish(home, desk)
    version = BlockVersion.objects.get()
    assert (version.number, version.blocks) == (1, home.draft)
    assert Change.objects.filter(key="arrangement:donghe:").count() == 1
    assert AuditEvent.objects.filter(action="blocks.publish").count() == 1
    add(home, desk)
    assert home.state == "changed"
    assert Change.objects.filter(key="arrangement:donghe:").count() == 1, "草稿不惊动公众"
    publish(home, desk)
    assert home.state == "published" and BlockVersion.objects.count() == 2


def test_a_version_can_be_put_back_and_a_change_given_up(desk: Desk, home: BlockPage) -> None:
    publish(home, desk)
    first = home.draft
    add(home, desk)
    publish(home, desk)
    restore(home, 1, actor=desk.actor)
    assert home.draft == first and home.state == "changed"
    perform(home, "discard", actor=desk.actor, key=desk.key())
    assert home.state == "published" and kinds(home)[-1] == "text"


def test_a_version_cannot_be_changed(desk: Desk, home: BlockPage) -> None:
    publish(home, desk)
    with pytest.raises(TypeError):
        BlockVersion.objects.get().save()
    with pytest.raises(IntegrityError), transaction.atomic():
        BlockVersion.objects.update(blocks=[])


def test_what_was_not_seen_is_not_published(desk: Desk, home: BlockPage) -> None:
    seen = home.revision
    add(home, desk)
    with pytest.raises(Refused, match="又有改动"):
        publish(home, desk, revision=seen)
    publish(home, desk, revision=home.revision)


def test_a_draft_with_faults_is_not_published_and_every_fault_is_told(
    desk: Desk, home: BlockPage
) -> None:
    item = {"title": "去处", "href": "/nowhere/", "words": ""}
    save_block(
        home, "links", {"heading": "链接", "items": [item]}, actor=desk.actor, key=desk.key()
    )
    add(home, desk, body="[办法](/nowhere/too/) [首页](/)")
    move_block(home, "b1", 1, actor=desk.actor)
    with pytest.raises(Refused) as refused:
        publish(home, desk)
    told = refused.value.reasons
    assert [("/nowhere/" in t, "/nowhere/too/" in t, "最前面" in t) for t in told] == [
        (False, False, True), (True, False, False), (True, True, False),
    ]  # fmt: skip
    assert not BlockVersion.objects.exists()


def test_personal_numbers_and_secret_marks_do_not_enter(desk: Desk, home: BlockPage) -> None:
    before = kinds(home)
    with pytest.raises(Refused, match="身份证号"):
        add(home, desk, body="联系人 11010519491231002X")
    with pytest.raises(Classified):
        add(home, desk, body="机密★1年")
    assert kinds(home) == before


@pytest.mark.parametrize("role", ["drafter", "reviewer", "system_admin"])
def test_only_those_who_edit_the_site_may(desk: Desk, home: BlockPage, role: str) -> None:
    stranger = actor("approver", organisation("elsewhere"))
    for who in (actor(role, desk.organisation), stranger):
        with pytest.raises(OutOfScope):
            save_block(home, "text", WORDS, actor=who, key="no")
        with pytest.raises(OutOfScope):
            begin(desk.site, None, actor=who, key="no")
        with pytest.raises((OutOfScope, Refused)):
            perform(home, "publish", actor=who, key="no")
