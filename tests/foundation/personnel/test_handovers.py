"""工作交接：清单列得全，两个人签了才移，移了接收人办得成，起草人不变。"""

import pytest

from tests.actors import actor
from tests.staff import enrolled
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.lifecycle.selectors import history, keeper_of, kept_by
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.foundation.notify.selectors import unread_of
from yangguang.foundation.personnel.handovers import draw_up
from yangguang.foundation.personnel.holdings import LivingHolding, all_holdings, held_by
from yangguang.foundation.personnel.models import Deputyship, Handover, StaffMember
from yangguang.foundation.workbench.models import SavedList
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.selectors import waiting_for

pytestmark = pytest.mark.django_db

SHARED = {
    "norms.uppertext",
    "plans.deliverableassignment",  # 分解任务是单位的
    "blocks.blockpage",  # 页面是站点的
    "columns.site",  # 站点是主办单位的
    "library.libraryitem",  # 资料是单位的
    "ledger.ledgerentry",  # 台账是单位的
    "gazette.gazettereader",  # 赠阅对象是单位的
    *(model._meta.label_lower for model in (StaffMember, Deputyship, Handover)),
}
"""不算在谁手上的。"""
DOCUMENTS = "documents.officialdocument"


@pytest.fixture
def leaver(town: Town) -> StaffMember:
    return enrolled(town.drafter)


@pytest.fixture
def receiver(town: Town) -> Actor:
    found = actor("drafter", town.organisation, username="jie.shou")
    enrolled(found)
    return found


@pytest.fixture
def admin(town: Town) -> Actor:
    found = actor("organisation_admin", town.organisation)
    enrolled(found)
    return found


def drawn(leaver: StaffMember, receiver: Actor, admin: Actor, key: str = "draw") -> Handover:
    return draw_up(
        leaver, User.objects.get(pk=receiver.user_id), [DOCUMENTS], actor=admin, key=key
    )  # fmt: skip


def test_every_kind_of_record_with_a_life_says_whose_it_is() -> None:
    """新添一种有一生的记录，要么在自己的 ``holdings`` 里登记，要么在这里写明不算谁手上的。"""
    found, queue = set(), [LivingRecord]
    while queue:
        for child in queue.pop().__subclasses__():
            queue.append(child)
            if not child._meta.abstract and child.__module__.startswith("yangguang."):
                found.add(child._meta.label_lower)
    living = [each for each in all_holdings() if isinstance(each, LivingHolding)]
    assert {holding.code for holding in living} == found - SHARED


def test_the_list_is_signed_by_both_and_only_then_the_things_move(
    town: Town, leaver: StaffMember, receiver: Actor, admin: Actor
) -> None:
    first, second = town.document(1), town.document(2)
    handover = drawn(leaver, receiver, admin)
    assert [line.object_id for line in handover.lines.all()] == [first.pk, second.pk]
    with pytest.raises(Refused, match="只有“待接收人签收”时可以"):
        perform(handover, "receive", actor=receiver, key="early")
    with pytest.raises(Refused, match="移交人本人"):
        perform(handover, "hand", actor=receiver, key="wrong")
    perform(handover, "hand", actor=town.drafter, key="hand")
    assert keeper_of(first) == leaver.user
    with pytest.raises(Refused, match="接收人本人"):
        perform(handover, "receive", actor=town.drafter, key="wrong-too")
    perform(handover, "receive", actor=receiver, key="receive")

    assert keeper_of(first) == keeper_of(second) == handover.receiver
    first.refresh_from_db()
    assert first.created_by_id == town.drafter.user_id
    assert not held_by(leaver.user) and len(held_by(handover.receiver)) == 2
    assert list(kept_by(OfficialDocument.objects.all(), receiver.user_id)) == [first, second]
    last = history(first).last()
    assert last is not None and last.label == "移交" and "交接单" in last.message
    signed = AuditEvent.objects.filter(action="handovers.sign").values_list("public", flat=True)
    assert [(each["event"], each["moved"]) for each in signed] == [("hand", 0), ("receive", 2)]
    assert {each["digest"] for each in signed} == {handover.digest}


def test_the_receiver_keeps_on_with_it_but_can_never_approve_it(
    town: Town, leaver: StaffMember, receiver: Actor, admin: Actor
) -> None:
    document = town.document()
    handover = drawn(leaver, receiver, admin)
    perform(handover, "hand", actor=town.drafter, key="hand")
    perform(handover, "receive", actor=receiver, key="receive")
    perform(document, "submit", actor=receiver, key="submit")
    for who, why in (
        ("jie.shou", "这是移交给您经办的"), (leaver.user.username, "这是您自己起草的"),
    ):  # fmt: skip
        reviewing = actor("reviewer", town.organisation, username=who)
        assert not waiting_for(reviewing), "办不了的不算等他办"
        with pytest.raises(Refused, match=f"{why}，须由他人办理"):
            perform(document, "pass", actor=reviewing, key=f"pass-{who}")
    assert list(waiting_for(town.reviewer)) == [document]


def test_what_came_after_the_list_is_not_forgotten_and_what_was_closed_is_not_moved(
    town: Town, leaver: StaffMember, receiver: Actor, admin: Actor
) -> None:
    document = town.document(1)
    other = town.document(2)
    handover = drawn(leaver, receiver, admin)
    perform(handover, "hand", actor=town.drafter, key="hand")
    late = town.document(3)
    with pytest.raises(Refused, match="第3号工作方案.*重新列清单"):
        perform(handover, "receive", actor=receiver, key="receive")
    OfficialDocument.objects.filter(pk=late.pk).delete()
    for event, who in (("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver), ("publish", town.drafter)):  # fmt: skip
        perform(other, event, actor=who, key=f"other-{event}")
    perform(handover, "receive", actor=receiver, key="receive")
    moved = {line.object_id: line.moved_at is not None for line in handover.lines.all()}
    assert moved == {document.pk: True, other.pk: False}


def test_what_was_saved_to_look_at_goes_along_and_keeps_its_name(
    town: Town, leaver: StaffMember, receiver: Actor, admin: Actor
) -> None:
    to = User.objects.get(pk=receiver.user_id)
    mine = SavedList.objects.create(
        user=leaver.user, slug="documents", name="快到期的", query="state=draft", is_default=True
    )
    same = SavedList.objects.create(user=leaver.user, slug="documents", name="退回的", query="q=1")
    own = SavedList.objects.create(
        user=to, slug="documents", name="退回的", query="q=2", is_default=True
    )
    StaffMember.objects.filter(pk=leaver.pk).update(state="left")
    person = sign_in(admin).get("/workbench/").content.decode()
    assert "手上的事还没有交接" not in person, "筛选不是要办的事"
    StaffMember.objects.filter(pk=leaver.pk).update(state="active")
    leaver.refresh_from_db()
    handover = draw_up(leaver, to, ["workbench.savedlist"], actor=admin, key="lists")
    assert [line.title for line in handover.lines.all()] == ["公文：快到期的", "公文：退回的"]
    perform(handover, "hand", actor=town.drafter, key="hand")
    assert SavedList.objects.filter(user=to).count() == 1
    perform(handover, "receive", actor=receiver, key="receive")
    rows = SavedList.objects.order_by("pk").values_list("pk", "user", "name", "is_default")
    assert list(rows) == [
        (mine.pk, to.pk, "快到期的", False),
        (same.pk, to.pk, "退回的（2）", False),
        (own.pk, to.pk, "退回的", True),
    ]


def test_what_the_receiver_could_not_see_is_not_given_to_him(
    town: Town, leaver: StaffMember, admin: Actor
) -> None:
    town.document()
    blind = actor("counter_officer", town.organisation)
    enrolled(blind)
    with pytest.raises(Refused, match="看不到.*先给他授予相应的任职"):
        drawn(leaver, blind, admin)


def test_for_one_who_is_gone_an_administrator_signs_and_says_why(
    town: Town, leaver: StaffMember, receiver: Actor, admin: Actor
) -> None:
    document = town.document()
    perform(leaver, "leave", actor=admin, key="leave", message="病休")
    handover = drawn(leaver, receiver, admin)
    with pytest.raises(Refused, match="写明理由"):
        perform(handover, "hand_for", actor=admin, key="silent")
    perform(handover, "hand_for", actor=admin, key="hand", message="本人病休，不能到场")
    perform(handover, "receive", actor=receiver, key="receive")
    assert keeper_of(document) == handover.receiver


def test_nothing_to_hand_over_is_no_list(
    town: Town, leaver: StaffMember, receiver: Actor, admin: Actor
) -> None:
    with pytest.raises(Refused, match="没有要移交的事"):
        drawn(leaver, receiver, admin)
    page = sign_in(admin).client.get("/workbench/handovers/new/")
    assert page.headers["Location"] == "/workbench/people/"


def test_each_who_has_to_sign_is_told_and_no_longer_when_signed(
    town: Town, leaver: StaffMember, receiver: Actor, admin: Actor
) -> None:
    def told(user_id: int) -> list[str]:
        return [message.kind for message in unread_of(user_id)]

    town.document()
    handover = drawn(leaver, receiver, admin)
    assert told(leaver.user_id) == ["waiting"] and told(receiver.user_id) == []
    perform(handover, "hand", actor=town.drafter, key="hand")
    assert told(leaver.user_id) == [] and told(receiver.user_id) == ["waiting"]
    perform(handover, "receive", actor=receiver, key="receive")
    assert told(receiver.user_id) == []
