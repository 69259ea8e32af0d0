"""会去掉拍摄信息以前收下的图片、视频：作业补做上网的一份；没有补做好的不上网，去不干净的说清楚。"""

import importlib
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from tests.foundation.files.test_cleaning import PLACE, TYPES, footage, kept, marked, shown
from tests.town import Town
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.baring import bare_old, unbared, warnings
from yangguang.foundation.files.jobs import bare_old_files
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.storing import location
from yangguang.foundation.library.selectors import copy_of_file
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.sources.documents.services import attach

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Any, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def old(town: Town, content: bytes, name: str) -> StoredFile:
    """从前收下的样子：没有上网的一份，也没有记着做过。"""
    file = kept(town, content, name)
    made = file.bare_sha256
    before = {"bared": "waiting", "bare_sha256": "", "bare_size": 0}
    StoredFile.objects.filter(pk=file.pk).update(**before)
    if made:
        location(made).unlink()
    file.refresh_from_db()
    return file


def all_done(file: StoredFile) -> StoredFile:
    bare_old(timezone.now() + timedelta(minutes=1))
    file.refresh_from_db()
    return file


@pytest.mark.parametrize("form", TYPES)
def test_an_old_picture_gets_the_copy_a_new_one_gets(town: Town, form: str) -> None:
    file = old(town, marked(form), f"现场.{form.lower()}")
    again = old(town, marked(form), "同一张.jpg")
    assert PLACE in location(copy_of_file(file).sha256).read_bytes()
    all_done(file)
    again.refresh_from_db()
    assert file.bared == again.bared == "done"
    public = location(copy_of_file(file).sha256).read_bytes()
    assert PLACE not in public and shown(public) == shown(marked(form))
    assert copy_of_file(again).sha256 == copy_of_file(file).sha256
    assert kept(town, marked(form), "新传.jpg").bare_sha256 == file.bare_sha256
    assert location(file.sha256).read_bytes() == marked(form), "原件不动"
    assert AuditEvent.objects.filter(action="files.bare").count() == 1


def test_an_old_video_too_and_what_has_nothing_to_hide_stays(town: Town) -> None:
    video = all_done(old(town, footage(), "调研.mp4"))
    assert PLACE not in location(video.public_sha256).read_bytes()
    bare = location(video.public_sha256).read_bytes()
    plain = all_done(old(town, bare, "干净的.mp4"))
    assert (plain.bared, plain.bare_sha256) == ("done", "")


def test_it_is_not_published_before_it_is_clean_and_then_it_is(town: Town) -> None:
    document = town.document()
    file = old(town, marked("JPEG"), "现场.jpg")
    attach(document, [file], actor=town.drafter)
    for event, who in (
        ("submit", town.drafter),
        ("pass", town.reviewer),
        ("approve", town.approver),
    ):
        perform(document, event, actor=who, key=event, message="同意")
    with pytest.raises(Refused, match="附件“现场.jpg”是从前传的，正在去掉拍摄的时间、地点"):
        perform(document, "publish", actor=town.drafter, key="publish", message="发布")
    assert "还有 1 份没有去掉拍摄信息" in warnings(timezone.localdate())[0]
    bare_old_files()
    perform(document, "publish", actor=town.drafter, key="publish", message="发布")
    assert warnings(timezone.localdate()) == []


def test_what_cannot_be_cleaned_or_is_gone_is_said_and_holds_up_nothing_else(town: Town) -> None:
    whole = marked("JPEG")
    broken = old(town, whole, "残.jpg")
    location(broken.sha256).write_bytes(whole[: len(whole) // 3])
    gone = old(town, marked("PNG"), "没了.png")
    location(gone.sha256).unlink()
    tracked = old(town, footage(), "航拍.mp4")
    location(tracked.sha256).write_bytes(footage(handler=b"meta"))
    fine = all_done(old(town, marked("GIF"), "好的.gif"))
    assert fine.bared == "done"
    states = dict(StoredFile.objects.values_list("name", "bared"))
    assert states == {
        "残.jpg": "failed", "没了.png": "failed", "航拍.mp4": "failed", "好的.gif": "done",
    }  # fmt: skip
    assert "去不干净，请另存" in unbared([broken.sha256])[broken.sha256]
    (told,) = warnings(timezone.localdate())
    assert told.startswith("残.jpg、没了.png、航拍.mp4里的拍摄信息去不干净")


def test_it_stops_when_the_time_is_up_and_goes_on_the_next_time(town: Town) -> None:
    file = old(town, marked("JPEG"), "现场.jpg")
    assert bare_old(timezone.now() - timedelta(seconds=1)) == 0
    assert bare_old(timezone.now() + timedelta(minutes=1)) == 1
    assert all_done(file).bared == "done" and bare_old(timezone.now() + timedelta(minutes=1)) == 0


def test_the_migration_leaves_to_the_job_only_what_may_tell_something(town: Town) -> None:
    text, picture = kept(town, "说明".encode(), "说明.txt"), old(town, marked("PNG"), "旧.png")
    done = kept(town, marked("JPEG"), "新.jpg")
    StoredFile.objects.update(bared="waiting")
    importlib.import_module("yangguang.foundation.files.migrations.0006_bared").mark(apps, None)
    states = dict(StoredFile.objects.values_list("pk", "bared"))
    assert states == {text.pk: "done", picture.pk: "waiting", done.pk: "done"}
