"""一份遮盖件的一生：谁能做，做成的是不是这些框的，改了要重做，自己做的不能自己核对。"""

from dataclasses import replace

import pytest

from tests.actors import actor, organisation
from tests.dialogue.redaction.conftest import ONE_PAGE, TITLE, Room
from tests.dialogue.redaction.making import is_black, picture_of, text_of
from tests.dialogue.redaction.papers import IDENTITY, long_paper, picture, word
from tests.dialogue.requests.conftest import key
from yangguang.dialogue.redaction import services
from yangguang.dialogue.redaction.blacking import black_out
from yangguang.dialogue.redaction.boxes import Box
from yangguang.dialogue.redaction.models import Redaction
from yangguang.dialogue.redaction.services import (
    begin,
    begin_with,
    make,
    make_ordered,
    mark,
    matches,
)
from yangguang.dialogue.requests.models import RequestFile
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.services import FileClassified, FileRefused, path_of
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, perform

pytestmark = pytest.mark.django_db


def test_a_file_is_made_checked_and_what_comes_out_is_only_pixels(room: Room) -> None:
    redaction = room.made()
    assert redaction.state == "done" and redaction.output is not None
    content = path_of(redaction.output).read_bytes()
    assert text_of(content) == ""
    assert all(is_black(picture_of(content), box) for box in redaction.marks)
    assert redaction.output.name == f"{TITLE}（遮盖）.pdf"
    perform(redaction, "check", actor=room.reviewer, key=key())
    assert redaction.state == "checked"


def test_the_same_submission_twice_opens_one_file(room: Room) -> None:
    once = key()
    first, second = room.begun(key=once), room.begun(key=once)
    assert first.pk == second.pk
    assert (Redaction.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_a_material_of_the_request_is_opened_and_one_of_another_is_not(room: Room) -> None:
    stored = room.begun().source
    file = RequestFile.objects.create(request=room.request, file=stored, kind="other")
    redaction = begin_with(room.request, TITLE, file=file, actor=room.officer, key=key())
    assert redaction.source == stored
    other = room.hall.under_review(room.request.came_on)
    with pytest.raises(OutOfScope):
        begin_with(other, TITLE, file=file, actor=room.officer, key=key())


def test_a_word_document_is_shown_as_laid_out_and_kept_as_it_came(room: Room) -> None:
    redaction = room.made(word(f"户主 {IDENTITY}").saved())
    assert redaction.view_type == "application/pdf" != redaction.source.media_type
    assert redaction.output is not None


def test_a_picture_has_nothing_the_machine_can_read_and_says_so(room: Room) -> None:
    redaction = room.begun(picture(), name="图.png")
    assert (redaction.unread, redaction.suggested, redaction.pages) == ([1], [], 1)


def test_no_identifier_is_kept_among_the_suggestions_or_in_the_audit(room: Room) -> None:
    redaction = room.made()
    assert IDENTITY not in str(redaction.suggested)
    for event in AuditEvent.objects.all():
        assert IDENTITY not in str(event.__dict__) and "0.2" not in str(event.public)


def test_a_stranger_another_role_and_another_organisation_open_nothing(room: Room) -> None:
    elsewhere = actor("request_officer", organisation("elsewhere"))
    with pytest.raises(OutOfScope):
        room.begun(actor=elsewhere)
    with pytest.raises(Refused):
        room.begun(actor=room.hall.counter)
    assert StoredFile.objects.count() == 0


def test_one_sees_a_redaction_exactly_when_one_sees_its_request(room: Room) -> None:
    redaction = room.begun()
    elsewhere = organisation("elsewhere")
    for role in ("request_officer", "counter_officer", "approver", "supervisor", "drafter"):
        for who in (actor(role, room.request.organisation), actor(role, elsewhere)):
            sees_request = type(room.request).policy.visible(who).filter(pk=room.request.pk)
            sees = Redaction.policy.visible(who).filter(pk=redaction.pk)
            assert sees.exists() == sees_request.exists()
    assert not Redaction.policy.visible(None).exists()


def test_a_classified_title_word_or_file_is_refused(room: Room) -> None:
    with pytest.raises(Classified):
        begin(
            room.request, "机密★1年", content=ONE_PAGE, name="a.pdf", actor=room.officer, key=key()
        )
    with pytest.raises(FileClassified):
        room.begun(word("机密★1年", "正文").saved())
    with pytest.raises(Classified):
        matches(room.begun(), ["机密★1年"])


def test_a_file_that_cannot_be_opened_leaves_nothing_behind(room: Room) -> None:
    with pytest.raises(FileRefused) as refused:
        room.begun(b"plain text", name="a.txt")
    assert "PDF" in refused.value.reasons[0]
    assert (StoredFile.objects.count(), Redaction.objects.count()) == (0, 0)


def test_words_are_found_where_they_stand(room: Room) -> None:
    [found] = matches(room.begun(), ["kept"])
    assert found.boxes[0].kind == "word"
    with pytest.raises(Refused):
        matches(room.begun(), ["字" * 61])


# ---- 画框 ----


def test_boxes_are_kept_in_order_once_and_their_places_are_not_audited(room: Room) -> None:
    redaction = room.begun()
    boxes = [Box(1, 0.5, 0.5, 0.1, 0.1), Box(1, 0.1, 0.1, 0.1, 0.1), Box(1, 0.5, 0.5, 0.1, 0.1)]
    mark(redaction, boxes, [1, 1], actor=room.officer, seen=redaction.updated_at)
    assert [box.x for box in redaction.marks] == [0.1, 0.5] and redaction.withheld == [1]
    event = AuditEvent.objects.filter(action="redactions.mark").get()
    assert event.public == {"count": 2, "pages": 1}


def test_boxes_off_the_page_or_drawn_on_an_older_view_are_refused(room: Room) -> None:
    redaction = room.begun()
    seen = redaction.updated_at
    with pytest.raises(Refused):
        mark(redaction, [Box(2, 0, 0, 0.1, 0.1)], [3], actor=room.officer, seen=seen)
    mark(redaction, [Box(1, 0, 0, 0.1, 0.1)], [], actor=room.officer, seen=seen)
    with pytest.raises(Refused, match="有人改过"):
        mark(redaction, [], [], actor=room.officer, seen=seen)


def test_boxes_are_drawn_only_while_drafting_and_only_by_the_officer(room: Room) -> None:
    redaction = room.begun()
    with pytest.raises(Refused):
        mark(redaction, [], [], actor=room.reviewer, seen=redaction.updated_at)
    made = room.made()
    with pytest.raises(Refused):
        mark(made, [], [], actor=room.officer, seen=made.updated_at)


# ---- 制作、核对 ----


def test_nothing_marked_is_not_made(room: Room) -> None:
    with pytest.raises(Refused, match="还没有遮盖任何地方"):
        make(room.begun(), actor=room.officer, key=key())


def test_pressing_twice_makes_one(room: Room) -> None:
    redaction, once = room.marked(), key()
    assert make(redaction, actor=room.officer, key=once)
    assert make(redaction, actor=room.officer, key=once)
    assert StoredFile.objects.filter(name__contains="遮盖").count() == 1


def test_boxes_changed_while_it_was_being_made_are_not_passed_off_as_made(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    redaction = room.marked()
    painting = black_out

    def meanwhile(*given: object) -> None:
        painting(*given)  # type: ignore[arg-type]
        fresh = Redaction.objects.get(pk=redaction.pk)
        mark(fresh, [], [1], actor=room.officer, seen=fresh.updated_at)

    monkeypatch.setattr(services, "black_out", meanwhile)
    with pytest.raises(Refused, match="又改过了"):
        make(redaction, actor=room.officer, key=key())
    redaction.refresh_from_db()
    assert redaction.state == "draft" and redaction.output is None


def test_an_output_that_fails_the_check_is_not_kept(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    redaction = room.marked()
    monkeypatch.setattr(
        services, "black_out", lambda pages, boxes, withheld, target: target.write(ONE_PAGE)
    )
    with pytest.raises(FileRefused) as refused:
        make(redaction, actor=room.officer, key=key())
    assert "没有通过核对" in refused.value.reasons[0]
    redaction.refresh_from_db()
    assert redaction.state == "draft"


def test_changing_the_boxes_calls_for_a_new_making_and_a_new_check(room: Room) -> None:
    redaction = room.made()
    perform(redaction, "check", actor=room.reviewer, key=key())
    perform(redaction, "revise", actor=room.officer, key=key())
    assert (redaction.state, redaction.output, redaction.made_by) == ("draft", None, None)


def test_what_is_returned_is_drawn_again(room: Room) -> None:
    redaction = room.made()
    perform(redaction, "return", actor=room.approver, key=key(), message="第 1 页漏了一处")
    assert redaction.state == "draft" and redaction.output is None


def test_nobody_checks_what_he_opened_or_made_himself(room: Room) -> None:
    redaction = room.made()
    for who in (room.officer, room.reviewer):
        same = replace(room.reviewer, user_id=who.user_id)
        if who is room.reviewer:
            Redaction.objects.filter(pk=redaction.pk).update(made_by=room.reviewer.user_id)
        with pytest.raises(Refused):
            perform(redaction, "check", actor=same, key=key())
    with pytest.raises(Refused):
        perform(redaction, "check", actor=room.officer, key=key())


# ---- 交给后台 ----


def test_a_long_file_is_made_in_the_background_and_cannot_be_drawn_on_meanwhile(
    room: Room,
) -> None:
    redaction = room.marked(long_paper())
    assert not make(redaction, actor=room.officer, key=key())
    assert not make(redaction, actor=room.officer, key=key()), "再按也只交一次"
    assert Job.objects.filter(name=services.MAKE).count() == 1
    redaction.refresh_from_db()
    with pytest.raises(Refused):
        mark(redaction, [], [], actor=room.officer, seen=redaction.updated_at)
    make_ordered(redaction.pk)
    make_ordered(redaction.pk)
    redaction.refresh_from_db()
    assert redaction.state == "done" and redaction.ordered_at is None
    assert redaction.made_by_id == room.officer.user_id


def test_what_could_not_be_made_in_the_background_says_why(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    redaction = room.marked(long_paper())
    make(redaction, actor=room.officer, key=key())
    monkeypatch.setattr(services, "MAX_BYTES", 10)
    make_ordered(redaction.pk)
    redaction.refresh_from_db()
    assert redaction.fault == services.TOO_BIG
    assert redaction.state == "draft" and not redaction.is_being_made
