"""遮盖处理的界面：没有脚本也一路办得下来；两份文件只给看得见申请的人。"""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.actors import actor, organisation
from tests.dialogue.redaction.conftest import ONE_PAGE, TITLE, Room
from tests.dialogue.redaction.making import has_ink, is_black, picture_of, text_of
from tests.dialogue.redaction.papers import IDENTITY, long_paper, picture, word
from tests.workbench import sign_in
from yangguang.dialogue.redaction.boxes import Box
from yangguang.dialogue.redaction.models import Redaction
from yangguang.dialogue.redaction.services import make_ordered
from yangguang.dialogue.requests.models import RequestFile
from yangguang.foundation.files.storing import location

pytestmark = pytest.mark.django_db
BASE = "/workbench/redactions/"


def content_of(response: Any) -> bytes:
    """下载到的字节。"""
    return b"".join(response.streaming_content)


def test_opened_searched_ticked_made_and_checked_without_a_script(room: Room) -> None:
    officer, reviewer = sign_in(room.officer), sign_in(room.reviewer)
    number = room.request.number
    answer = officer.fill(
        f"{BASE}new/?request={number}", title=TITLE,
        file=SimpleUploadedFile("原件.pdf", ONE_PAGE, "application/pdf"),
    )  # fmt: skip
    redaction = Redaction.objects.get()
    home = f"{BASE}{redaction.pk}/"
    assert answer.redirect_chain[-1][0] == f"{home}marks/"
    page = answer.content.decode()
    assert "110***" in page and IDENTITY not in page

    seen = officer.form(f"{home}marks/")
    found = officer.post(f"{home}marks/", seen | {"words": "kept\n", "do": "find"})
    assert "找到 1 处" in found.content.decode()
    assert Redaction.objects.get().boxes == [], "查找不存什么"
    offered = [
        tick.value
        for page_ in found.context["pages"]
        for tick in page_.ticks
    ]  # fmt: skip
    assert len(offered) == 2
    officer.post(
        f"{home}marks/",
        seen | {
            "box": offered, "do": "save",
            "page": "1", "left": "5", "top": "5", "width": "10", "height": "2.5",
        },
    )  # fmt: skip
    redaction.refresh_from_db()
    assert sorted(box.kind for box in redaction.marks) == ["drawn", "identity_number", "word"]

    assert "已制作" in officer.fill(f"{home}do/make/").content.decode()
    redaction.refresh_from_db()
    output = content_of(officer.get(f"{home}output/"))
    assert text_of(output) == ""
    assert all(is_black(picture_of(output), box) for box in redaction.marks)
    made = Image.open(io.BytesIO(officer.get(f"{home}made/1/").content)).convert("RGB")
    assert all(is_black(made, box) for box in redaction.marks)
    assert TITLE in reviewer.get("/workbench/").content.decode()
    reviewer.fill(f"{home}do/check/")
    redaction.refresh_from_db()
    assert redaction.state == "checked"


def test_pictures_and_files_are_not_kept_by_the_browser_and_only_for_those_who_see_the_request(
    room: Room,
) -> None:
    redaction = room.made()
    stranger = sign_in(actor("request_officer", organisation("elsewhere")))
    drafter = sign_in(actor("drafter", room.request.organisation))
    officer = sign_in(room.officer)
    for tail in ("", "marks/", "pages/1/", "made/1/", "source/", "output/"):
        assert officer.get(f"{BASE}{redaction.pk}/{tail}").status_code in (200, 302)
        assert stranger.get(f"{BASE}{redaction.pk}/{tail}").status_code == 404
        assert drafter.get(f"{BASE}{redaction.pk}/{tail}").status_code == 404
    for tail in ("pages/1/", "made/1/", "source/", "output/"):
        assert "no-store" in officer.get(f"{BASE}{redaction.pk}/{tail}")["Cache-Control"]
    for tail in ("pages/0/", "pages/2/", "made/2/"):
        assert officer.get(f"{BASE}{redaction.pk}/{tail}").status_code == 404


def test_before_it_is_made_there_is_nothing_to_download(room: Room) -> None:
    redaction, officer = room.marked(), sign_in(room.officer)
    assert officer.get(f"{BASE}{redaction.pk}/output/").status_code == 404
    assert officer.get(f"{BASE}{redaction.pk}/made/1/").status_code == 404


def test_a_long_file_is_said_to_be_in_the_making_and_a_file_that_is_gone_is_told(
    room: Room,
) -> None:
    redaction, officer = room.marked(long_paper()), sign_in(room.officer)
    home = f"{BASE}{redaction.pk}/"
    assert "已交给后台制作。" in officer.fill(f"{home}do/make/").content.decode()
    assert "正在后台制作" in officer.get(home).content.decode()
    location(redaction.view_sha256).unlink()
    gone = officer.get(f"{home}pages/1/")
    assert gone.status_code == 409 and "不在了" in gone.content.decode()
    make_ordered(redaction.pk)
    assert "不在了" in officer.get(home).content.decode()


def test_whole_pages_are_withheld_by_a_tick(room: Room) -> None:
    redaction, officer = room.begun(), sign_in(room.officer)
    path = f"{BASE}{redaction.pk}/marks/"
    officer.post(path, officer.form(path) | {"withheld": ["1"], "do": "save"})
    officer.fill(f"{BASE}{redaction.pk}/do/make/")
    output = content_of(officer.get(f"{BASE}{redaction.pk}/output/"))
    assert not has_ink(picture_of(output), Box(1, 0, 0, 1, 0.4))
    assert has_ink(picture_of(output), Box(1, 0.2, 0.4, 0.6, 0.2))


def test_what_was_ticked_is_still_there_when_it_was_refused(room: Room) -> None:
    redaction, officer = room.begun(), sign_in(room.officer)
    path = f"{BASE}{redaction.pk}/marks/"
    given = officer.form(path) | {"box": "1:0.10000:0.10000:0.20000:0.05000:drawn", "do": "save"}
    missing = officer.post(path, given | {"page": "1"})
    assert missing.status_code == 422 and "左 10.0%" in missing.content.decode()
    broken = officer.post(path, given | {"box": "1:2:3"})
    assert broken.status_code == 422 and "认不出来" in broken.content.decode()
    stale = officer.post(path, given | {"seen": "2020-01-01T00:00:00+08:00"})
    assert stale.status_code == 422 and "有人改过" in stale.content.decode()
    secret = officer.post(path, given | {"words": "机密★1年", "do": "find"})
    assert secret.status_code == 422 and "机密★" not in secret.content.decode()


def test_a_material_of_the_request_can_be_chosen_instead_of_uploading(room: Room) -> None:
    stored = room.begun().source
    file = RequestFile.objects.create(request=room.request, file=stored, kind="other")
    officer = sign_in(room.officer)
    path = f"{BASE}new/?request={room.request.number}"
    officer.fill(path, title="另一份", existing=str(file.pk))
    assert Redaction.objects.filter(title="另一份", source=stored).exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"request": "没有的"}, "没有这个编号"),
        ({}, "上传文件"),
        ({"file": SimpleUploadedFile("a.docx", b"PK\x03\x04x")}, "没有办成"),
    ],
)
def test_what_cannot_be_opened_is_told(room: Room, changes: dict[str, Any], told: str) -> None:
    officer = sign_in(room.officer)
    answer = officer.fill(f"{BASE}new/?request={room.request.number}", title=TITLE, **changes)
    assert answer.status_code == 422 and told in answer.content.decode()


def test_the_page_says_which_pages_the_machine_could_not_read_and_that_word_was_laid_out(
    room: Room,
) -> None:
    officer = sign_in(room.officer)
    scanned = room.begun(picture(), name="图.png")
    assert "机器读不出字" in officer.get(f"{BASE}{scanned.pk}/marks/").content.decode()
    typed = room.begun(word("正文").saved())
    assert "重新排过" in officer.get(f"{BASE}{typed.pk}/marks/").content.decode()


def test_the_list_asks_the_database_as_often_for_one_as_for_many(
    room: Room, django_assert_max_num_queries: Any
) -> None:
    officer = sign_in(room.officer)
    for _ in range(3):
        room.begun()
    officer.get(BASE)
    with django_assert_max_num_queries(14):
        officer.get(BASE)
