"""分段上传：断在哪里都接得上，传错的认得出，不是视频的一个字节也不留。"""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from tests.actors import actor
from tests.foundation.files.footage import box, mp4
from tests.town import Town
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files import uploads
from yangguang.foundation.files.inspection import inspect_upload
from yangguang.foundation.files.jobs import sweep_uploads
from yangguang.foundation.files.models import PartialUpload, StoredFile
from yangguang.foundation.files.rules import (
    GIGABYTE,
    MAX_VIDEO_BYTES,
    MOST_UNFINISHED,
    SEGMENT,
    UNFINISHED_KEPT,
    quota_faults,
    whole_digest,
)
from yangguang.foundation.files.services import FileClassified, FileRefused, path_of
from yangguang.foundation.files.uploads import (
    Damaged,
    Elsewhere,
    digest_so_far,
    drop,
    receive,
    sweep,
    whole,
)
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.services import add_uploaded, begin_upload, replace_uploaded
from yangguang.foundation.lifecycle.services import OutOfScope

pytestmark = pytest.mark.django_db
PIECE = 1_000


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, settings: Any) -> None:
    """文件库是空的：别的测试留下的不算。"""
    settings.FILES_ROOT = tmp_path / "files"


def parts() -> list[str]:
    return sorted(path.name for path in (Path(settings.FILES_ROOT) / "partial").glob("*"))


def begun(town: Town, content: bytes, name: str = "会议.mp4") -> PartialUpload:
    return begin_upload(name, len(content), actor=town.drafter)


def send(upload: PartialUpload, content: bytes, end: int | None = None) -> None:
    """从断的地方起，一段一段传到 ``end``。"""
    end = len(content) if end is None else end
    while upload.received < end:
        segment = content[upload.received : min(upload.received + PIECE, end)]
        receive(upload, upload.received, segment, hashlib.sha256(segment).hexdigest())


def digest(content: bytes) -> str:
    return whole_digest(content[at : at + SEGMENT] for at in range(0, len(content), SEGMENT))


def test_the_digest_of_the_whole_is_over_the_digests_of_its_segments() -> None:
    first, second = hashlib.sha256(b"a").digest(), hashlib.sha256(b"b").digest()
    assert whole_digest([b"a", b"b"]) == hashlib.sha256(first + second).hexdigest()
    assert whole_digest([b"b", b"a"]) != whole_digest([b"a", b"b"])


def test_what_was_cut_short_goes_on_where_it_stopped(town: Town) -> None:
    content = mp4(5_500)
    upload = begun(town, content)
    send(upload, content, 3_000)
    # 浏览器关了、服务重启了：另起的一次，从库里和盘上认出来
    again = begun(town, content)
    assert (again.pk, again.received, again.percent) == (upload.pk, 3_000, 54)
    assert digest_so_far(again) == digest(content[:3_000])
    send(again, content)
    item = add_uploaded(again, digest(content), actor=town.drafter, key="k", caption="一次会议")
    assert (item.kind, item.name, item.caption) == ("video", "会议", "一次会议")
    assert path_of(item.version.file).read_bytes() == content
    assert not PartialUpload.objects.exists() and parts() == []


def test_a_process_killed_between_disk_and_ledger_writes_the_segment_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = mp4(3_000)
    upload = begun(town, content)
    send(upload, content, 1_000)

    def killed(point: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(uploads, "reach", killed)
        send(upload, content)
    upload.refresh_from_db()
    assert upload.received == 1_000
    send(upload, content)
    add_uploaded(upload, digest(content), actor=town.drafter, key="k")


def test_a_segment_out_of_place_damaged_or_too_long_changes_nothing(town: Town) -> None:
    content = mp4(3_000)
    upload = begun(town, content)
    send(upload, content, 1_000)
    right = hashlib.sha256(content[1_000:2_000]).hexdigest()
    with pytest.raises(Elsewhere) as elsewhere:
        receive(upload, 0, content[:1_000], hashlib.sha256(content[:1_000]).hexdigest())
    assert elsewhere.value.received == 1_000
    with pytest.raises(Damaged):
        receive(upload, 1_000, content[1_000:1_999] + b"?", right)
    longer = bytes(2_001)
    with pytest.raises(FileRefused, match="比说好的长"):
        receive(upload, 1_000, longer, hashlib.sha256(longer).hexdigest())
    send(upload, content)
    add_uploaded(upload, digest(content), actor=town.drafter, key="k")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"MZ" + bytes(2_000), "不是 MP4 视频"),
        (b"%PDF-1.7" + bytes(2_000), "不是 MP4 视频"),
        (mp4(brand=b"qt  "), "MOV"),
        (mp4(brand=b"heic"), "HEIC"),
        (mp4(brand=b"none").replace(b"mp42", b"none"), "认不出"),
    ],
)
def test_what_is_no_video_is_refused_at_the_first_segment_and_leaves_nothing(
    town: Town, content: bytes, told: str
) -> None:
    upload = begun(town, content)
    with pytest.raises(FileRefused, match=told):
        send(upload, content)
    assert not PartialUpload.objects.exists() and parts() == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (mp4(3_000, tail=b"PK\x03\x04" + bytes(200)), "夹带"),
        (mp4(3_000, tail=box(b"html", b"<script>1</script>")), "夹带"),
        (mp4(3_000)[:-50], "不完整"),
        (mp4(3_000).replace(b"moov", b"free"), "没有画面"),
    ],
)
def test_what_hides_something_or_is_cut_off_is_refused_when_it_is_whole(
    town: Town, content: bytes, told: str
) -> None:
    upload = begun(town, content)
    send(upload, content)
    with pytest.raises(FileRefused, match=told):
        add_uploaded(upload, digest(content), actor=town.drafter, key="k")
    assert not PartialUpload.objects.exists() and parts() == []
    assert not StoredFile.objects.exists() and not LibraryItem.objects.exists()


def test_the_same_is_asked_of_a_video_that_comes_with_the_form(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(mp4(3_000))
    assert inspect_upload(path, "x").refusals == ()
    path.write_bytes(mp4(3_000, tail=b"PK\x03\x04" + bytes(200)))
    assert "夹带" in inspect_upload(path, "x").refusals[0]


def test_another_content_than_was_chosen_or_not_yet_whole_is_not_taken_in(town: Town) -> None:
    content = mp4(3_000)
    upload = begun(town, content)
    send(upload, content, 2_000)
    with pytest.raises(FileRefused, match="还没有传完，才到 66%"):
        add_uploaded(upload, digest(content), actor=town.drafter, key="k")
    send(upload, content)
    with pytest.raises(FileRefused, match="与您选的不一样"):
        add_uploaded(upload, digest(mp4(3_004)), actor=town.drafter, key="k")
    assert parts() == [] and not PartialUpload.objects.exists()


def test_taking_in_that_fails_can_be_done_again_and_twice_is_once(town: Town) -> None:
    content = mp4(3_000)
    upload = begun(town, content)
    send(upload, content)
    with pytest.raises(ZeroDivisionError), whole(upload, digest(content)):
        raise ZeroDivisionError
    assert parts() == [upload.token.hex]
    held = PartialUpload.objects.get()
    item = add_uploaded(held, digest(content), actor=town.drafter, key="k")
    other = begun(town, content)
    send(other, content)
    assert add_uploaded(other, digest(content), actor=town.drafter, key="k").pk == item.pk
    assert LibraryItem.objects.count() == 1 and parts() == [other.token.hex]


def test_a_video_is_replaced_by_one_sent_in_segments(town: Town) -> None:
    first, second = mp4(3_000), mp4(4_000)
    upload = begun(town, first)
    send(upload, first)
    item = add_uploaded(upload, digest(first), actor=town.drafter, key="k")
    upload = begun(town, second)
    send(upload, second)
    version = replace_uploaded(item, upload, digest(second), note="换清楚的", actor=town.drafter)
    assert version.number == 2 and path_of(version.file).read_bytes() == second
    assert parts() == []


def test_how_much_one_person_and_one_body_may_send(town: Town, settings: Any) -> None:
    with pytest.raises(FileRefused, match=r"超过 1\.0 GB 的上限"):
        begin_upload("大.mp4", MAX_VIDEO_BYTES + 1, actor=town.drafter)
    with pytest.raises(FileRefused, match="空的"):
        begin_upload("空.mp4", 0, actor=town.drafter)
    with pytest.raises(FileClassified):
        begin_upload("机密★1年.mp4", 10, actor=town.drafter)
    with pytest.raises(OutOfScope):
        begin_upload("会议.mp4", 10, actor=town.reviewer)
    settings.LIBRARY_QUOTA = 10_000
    begin_upload("一.mp4", 6_000, actor=town.drafter)
    with pytest.raises(FileRefused, match="资料库放不下"):
        begin_upload("二.mp4", 6_000, actor=actor("drafter", town.organisation, username="another"))
    for number in range(MOST_UNFINISHED - 1):
        begin_upload(f"{number}.mp4", 10, actor=town.drafter)
    with pytest.raises(FileRefused, match="没有传完的"):
        begin_upload("再.mp4", 10, actor=town.drafter)
    assert quota_faults(GIGABYTE, GIGABYTE, 2 * GIGABYTE) == []


def test_what_nobody_comes_back_for_is_swept_away(town: Town) -> None:
    content = mp4(3_000)
    left, fresh = begun(town, content), begun(town, content, "另一份.mp4")
    for upload in (left, fresh):
        send(upload, content, 1_000)
    past = timezone.now() - UNFINISHED_KEPT - timedelta(minutes=1)
    strays = [Path(settings.FILES_ROOT) / folder / ("0" * 32) for folder in ("partial", "incoming")]
    for stray in strays:
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"x")
        os.utime(stray, (past.timestamp(), past.timestamp()))
    PartialUpload.objects.filter(pk=left.pk).update(touched_at=past)
    assert sweep(timezone.now()) == 1
    sweep_uploads()
    assert not any(stray.exists() for stray in strays)
    assert PartialUpload.objects.get() == fresh and parts() == [fresh.token.hex]
    drop(fresh, actor=town.drafter)
    assert parts() == []
    assert AuditEvent.objects.filter(action="files.drop").count() == 2
