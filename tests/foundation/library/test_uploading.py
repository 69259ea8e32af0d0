"""分段上传的应答：位置、摘要、归谁；传完随表单收进来，填的不丢。"""

import base64
import hashlib
import io
from typing import Any

import pytest

from tests.actors import actor
from tests.foundation.files.footage import mp4
from tests.foundation.files.test_uploads import digest
from tests.foundation.library.conftest import drawn
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.files.models import PartialUpload
from yangguang.foundation.files.services import path_of
from yangguang.foundation.library.models import LibraryItem

pytestmark = pytest.mark.django_db
BASE = "/workbench/library/"
CONTENT = mp4(6_000)


@pytest.fixture
def desk(town: Town) -> Desk:
    return sign_in(town.drafter)


def begin(desk: Desk, name: str = "会议.mp4", size: int = len(CONTENT)) -> Any:
    return desk.client.post(f"{BASE}uploads/", {"name": name, "size": str(size)})


def patch(desk: Desk, href: str, offset: int, segment: bytes, **headers: str) -> Any:
    sum_ = base64.b64encode(hashlib.sha256(segment).digest()).decode()
    told = {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {sum_}", **headers}
    return desk.client.patch(
        href, segment, content_type="application/offset+octet-stream", headers=told
    )


def test_segments_are_answered_with_where_they_stand(desk: Desk) -> None:
    answer = begin(desk)
    href = answer.headers["Location"]
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    answer = patch(desk, href, 0, CONTENT[:2_000])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "2000")
    answer = patch(desk, href, 0, CONTENT[:2_000])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "2000")
    wrong = base64.b64encode(bytes(32)).decode()
    answer = patch(desk, href, 2_000, b"x", **{"Upload-Checksum": f"sha256 {wrong}"})
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (460, "2000")
    for bad in ({"Upload-Offset": "-1"}, {"Upload-Checksum": "md5 x"}, {"Upload-Checksum": ""}):
        assert patch(desk, href, 2_000, b"x", **bad).status_code == 400
    head = desk.client.head(href)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("2000", "6000")
    told = desk.client.get(href).json()
    assert told == {"received": 2_000, "size": 6_000, "digest": digest(CONTENT[:2_000])}
    assert begin(desk).headers["Upload-Offset"] == "2000"
    assert desk.client.put(href).status_code == 405
    assert desk.client.delete(href).status_code == 204
    assert patch(desk, href, 2_000, b"x").status_code == 404


def test_what_cannot_be_taken_is_told_in_words(desk: Desk) -> None:
    for size, told in ((2**31, "超过 1.0 GB 的上限"), (0, "空的")):
        answer = begin(desk, size=size)
        assert answer.status_code == 422 and told in answer.content.decode()
    assert begin(desk, name="").status_code == 400
    assert desk.client.post(f"{BASE}uploads/", {"name": "a", "size": "x"}).status_code == 400
    href = begin(desk, name="程序.mp4").headers["Location"]
    answer = patch(desk, href, 0, b"MZ" + bytes(1_000))
    assert answer.status_code == 422 and "不是 MP4 视频" in answer.content.decode()
    assert not PartialUpload.objects.exists()


def test_another_person_of_the_same_body_does_not_find_it(desk: Desk, town: Town) -> None:
    href = begin(desk).headers["Location"]
    other = sign_in(actor("drafter", town.organisation, username="another"))
    assert patch(other, href, 0, CONTENT).status_code == 404
    assert other.client.get(href).status_code == other.client.delete(href).status_code == 404
    token = PartialUpload.objects.get().token
    answer = other.fill(f"{BASE}new/", uploaded=str(token), uploaded_digest=digest(CONTENT))
    assert answer.status_code == 422 and "不在了" in answer.content.decode()


def test_the_finished_one_is_taken_in_with_the_form_and_nothing_typed_is_lost(desk: Desk) -> None:
    href = begin(desk).headers["Location"]
    patch(desk, href, 0, CONTENT[:2_000])
    token = href.split("/")[-2]
    page = desk.get(f"{BASE}new/").content.decode()
    assert "没有传完的" in page and "会议.mp4" in page and "（33%）" in page
    given = {"uploaded": token, "uploaded_digest": digest(CONTENT), "caption": "常务会议"}
    early = desk.fill(f"{BASE}new/", **given)
    assert early.status_code == 422
    assert "还没有传完，才到 33%" in early.content.decode() and "常务会议" in early.content.decode()
    patch(desk, href, 2_000, CONTENT[2_000:])
    desk.fill(f"{BASE}new/", **given)
    item = LibraryItem.objects.get()
    assert (item.kind, item.caption) == ("video", "常务会议")
    assert path_of(item.version.file).read_bytes() == CONTENT


def test_a_file_that_comes_with_the_form_goes_before_one_sent_earlier(desk: Desk) -> None:
    href = begin(desk).headers["Location"]
    patch(desk, href, 0, CONTENT)
    file = io.BytesIO(drawn())
    file.name = "照片.jpg"
    desk.fill(
        f"{BASE}new/", uploaded=href.split("/")[-2], uploaded_digest=digest(CONTENT), file=file,
        alternative="一面红墙",
    )  # fmt: skip
    assert LibraryItem.objects.get().kind == "picture" and PartialUpload.objects.exists()


def test_no_file_at_all_is_told_beside_the_field(desk: Desk) -> None:
    answer = desk.fill(f"{BASE}new/", caption="常务会议")
    assert answer.status_code == 422
    assert "请选一个文件。" in answer.content.decode() and "常务会议" in answer.content.decode()


def test_one_sent_in_segments_is_chosen_at_once(desk: Desk) -> None:
    href = begin(desk).headers["Location"]
    patch(desk, href, 0, CONTENT)
    where = f"{BASE}choose/?field=video&kind=video"
    assert "接着传" in desk.get(where).content.decode()
    answer = desk.post(
        where,
        {
            "library-key": "k", "library-uploaded": href.split("/")[-2],
            "library-uploaded_digest": digest(CONTENT),
        },
    )  # fmt: skip
    assert "会议" in answer.content.decode() and LibraryItem.objects.get().kind == "video"


def test_an_unfinished_one_is_taken_away_with_a_button(desk: Desk) -> None:
    href = begin(desk).headers["Location"]
    page = desk.post(f"{href}drop/", {}).content.decode()
    assert "已删去没有传完的“会议.mp4”" in page and not PartialUpload.objects.exists()


def test_a_video_is_looked_at_part_by_part(desk: Desk) -> None:
    href = begin(desk).headers["Location"]
    patch(desk, href, 0, CONTENT)
    desk.fill(f"{BASE}new/", uploaded=href.split("/")[-2], uploaded_digest=digest(CONTENT))
    address = f"{BASE}{LibraryItem.objects.get().pk}/file/"
    whole = desk.client.get(address)
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    for asked, told, found in (
        ("bytes=0-99", "bytes 0-99/6000", CONTENT[:100]),
        ("bytes=5000-", "bytes 5000-5999/6000", CONTENT[5_000:]),
        ("bytes=-10", "bytes 5990-5999/6000", CONTENT[-10:]),
    ):
        answer = desk.client.get(address, headers={"Range": asked})
        assert (answer.status_code, answer.headers["Content-Range"]) == (206, told)
        assert b"".join(answer.streaming_content) == found
        assert answer.headers["Content-Length"] == str(len(found))
        assert answer.headers["Content-Type"] == "video/mp4"
    answer = desk.client.get(address, headers={"Range": "bytes=6000-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */6000")
