"""政策解读的一生：谁起草谁解读，照抄的、写不全的送不了审，先有文件后有解读，过期的列出来。"""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.actors import actor, organisation
from tests.foundation.files.test_pictures import drawn
from tests.sources.interpretations.conftest import PARTS, issued, published, walk, written
from tests.town import ON_REQUEST, TEXT, Town
from tests.workbench import sign_in
from yangguang.foundation.library.services import add
from yangguang.foundation.lifecycle.services import Classified, Refused
from yangguang.foundation.workbench.versions import versions_of
from yangguang.hub.publications.models import Publication, PublicationLink
from yangguang.hub.publications.rebuilding import check, rebuild
from yangguang.sources.interpretations.forms import found_subject
from yangguang.sources.interpretations.models import Interpretation
from yangguang.sources.interpretations.selectors import (
    is_late,
    owed,
    publication_of,
    unwritten,
)
from yangguang.sources.interpretations.services import attach, detach, draft, edit

pytestmark = pytest.mark.django_db
BASE = "/workbench/interpretations/"


def test_from_the_document_to_its_interpretation_and_both_know_each_other(town: Town) -> None:
    document = issued(town)
    assert document.interpretation_due == date(2026, 11, 5)
    record = walk(town, written(town, document), "submit", "pass", "approve")
    assert record.deadline == date(2026, 11, 5)
    with pytest.raises(Refused, match="先发布文件，接着发布解读"):
        walk(town, record, "publish")
    walk(town, document, "publish")
    walk(town, record, "publish")
    assert record.state == "published"
    document.refresh_from_db()
    assert document.interpreted_on is not None
    link = PublicationLink.objects.get()
    assert link.source == publication_of(record)
    assert link.target == Publication.objects.get(kind="document")
    payload = publication_of(record).current_version.payload  # type: ignore[union-attr]
    assert payload["interprets"] == [{"index_number": link.target.index_number}]
    assert [b["text"] for b in payload["body"] if b["type"] == "heading"] == [
        "背景依据", "目的意义", "主要内容", "适用范围", "惠民举措",
    ]  # fmt: skip


def test_one_published_before_the_platform_counts_from_its_own_day(town: Town) -> None:
    document = issued(town, "publish")
    then = datetime(2026, 11, 4, 15, 0, tzinfo=UTC)
    record = published(town, document, back_filled=(then, "原网站的发布时间"))
    publication = publication_of(record)
    assert (publication.published_at, publication.published_at_source) == (then, "原网站的发布时间")
    document.refresh_from_db()
    assert document.interpreted_on == date(2026, 11, 4)


def test_the_links_rebuild_from_the_versions(town: Town) -> None:
    published(town, issued(town, "publish"))
    assert check().broken == ()
    PublicationLink.objects.all().delete()
    assert any("互链" in fault for fault in check().broken)
    rebuild()
    assert check().broken == () and PublicationLink.objects.count() == 1


def test_a_copy_of_the_document_is_no_interpretation(town: Town) -> None:
    document = issued(town)
    copy = "\n".join(block["text"] for block in document.body)
    record = written(town, document, parts={**dict.fromkeys(PARTS, "见下"), "main": copy})
    with pytest.raises(Refused, match="照抄原文不是解读"):
        walk(town, record, "submit")
    shown = sign_in(town.drafter).get(f"{BASE}{record.pk}/").content.decode()
    assert "与文件相同" in shown and "最多 75%" in shown


def test_everything_missing_is_told_at_once(town: Town) -> None:
    record = written(town, issued(town), parts={"main": "只写了这一部分"}, stage="")
    with pytest.raises(Refused) as refused:
        walk(town, record, "submit")
    told = "".join(refused.value.reasons)
    for part in ("背景依据", "目的意义", "适用范围", "惠民举措", "五公开类别"):
        assert part in told


def test_a_video_needs_the_video_or_its_address(town: Town) -> None:
    document = issued(town)
    record = written(town, document, form="video", parts={"main": "讲清怎么办"})
    with pytest.raises(Refused, match="还没有作品"):
        walk(town, record, "submit")
    edit(record, {"address": "https://video.example.cn/1"}, actor=town.drafter)
    assert walk(town, record, "submit").state == "in_review"


def test_attachments_are_added_and_taken_off_only_while_it_is_drafted(town: Town) -> None:
    record = written(town, issued(town), form="picture", parts={"main": "讲清怎么办"})
    attach(record, [("图解.txt", "一图读懂".encode())], actor=town.drafter)
    (one,) = record.attachments.all()
    with pytest.raises(Classified):
        attach(record, [("秘密.txt", "机密★一年".encode())], actor=town.drafter)
    assert record.attachments.count() == 1
    walk(town, record, "submit")
    with pytest.raises(Refused):
        detach(record, one.pk, actor=town.drafter)
    walk(town, record, "return")
    detach(record, one.pk, actor=town.drafter)
    assert not record.attachments.exists()


def test_a_picture_comes_from_the_library_with_its_own_alternative_text(town: Town) -> None:
    record = written(town, issued(town), form="picture", parts={"main": "讲清怎么办"})
    with pytest.raises(Refused, match=r"图片“图解.jpg”没有替代文字：.*从资料库选"):
        attach(record, [("图解.jpg", drawn())], actor=town.drafter)
    assert not record.attachments.exists()
    item = add(drawn(), "图解.jpg", actor=town.drafter, key="told", alternative="三步查账")
    attach(record, [], item, actor=town.drafter)
    kept = versions_of(record)[0]
    assert "图解.jpg：三步查账" in str(kept.content)
    with pytest.raises(Refused, match="已经是这份解读的附件"):
        attach(record, [], item, actor=town.drafter)
    record.attachments.update(picture=None)
    with pytest.raises(Refused, match=r"图片“图解.jpg”没有替代文字"):
        walk(town, record, "submit")


def test_who_drafted_interprets_and_only_what_is_made_public(town: Town) -> None:
    document = issued(town)
    other = organisation("other")
    with pytest.raises(Refused, match="谁起草谁解读"):
        draft(
            {"title": "甲", "form": "text", "document": document}, organisation=other,
            actor=actor("drafter", other), key="k",
        )  # fmt: skip
    with pytest.raises(Refused, match="不主动公开"):
        written(town, town.document(2, **ON_REQUEST))
    with pytest.raises(Refused, match="写明解读哪一份"):
        draft(
            {"title": "甲", "form": "text"}, organisation=town.organisation, actor=town.drafter,
            key="nothing",
        )  # fmt: skip
    record = written(town, document)
    with pytest.raises(IntegrityError), transaction.atomic():
        Interpretation.objects.filter(pk=record.pk).update(document=None)


def test_what_another_organ_published_is_interpreted_by_its_publication(town: Town) -> None:
    walk(town, issued(town), "publish")
    publication = Publication.objects.get()
    other = organisation("other")
    reader = actor("drafter", other)
    assert found_subject(publication.index_number, reader) == publication
    record = draft(
        {"title": "甲", "form": "text", "publication": publication, "parts": PARTS},
        organisation=other, actor=reader, key="k",
    )  # fmt: skip
    assert record.subject == publication.title and record.deadline is None


def test_what_is_owed_is_listed_the_late_marked_and_asked_of_the_drafter(
    town: Town, settings: Any
) -> None:
    document = issued(town)
    assert list(owed(town.drafter)) == list(unwritten(town.drafter)) == [document]
    assert is_late(document, date(2026, 11, 6)) and not is_late(document, date(2026, 11, 5))
    settings.READING_DAY = date(2026, 11, 10)
    desk = sign_in(town.drafter)
    page = desk.get(f"{BASE}owed/").content.decode()
    assert document.title in page and "2026-11-05" in page and "起草解读" in page
    assert "已过 3 个工作日" in page and "过了解读期限的 1 份" in page
    today = desk.get("/workbench/").content.decode()
    assert "起草解读" in today and "已过 3 个工作日" in today
    record = written(town, document)
    page = desk.get(f"{BASE}owed/").content.decode()
    assert f"{record.title}</a>（起草）" in page and "起草解读" not in page
    assert "2026-11-05（已过 3 个工作日）" in desk.get(f"{BASE}{record.pk}/").content.decode()
    assert not unwritten(town.drafter) and owed(town.drafter)
    walk(town, document, "publish")
    walk(town, record, "submit", "pass", "approve", "publish")
    assert not owed(town.drafter)
    walk(town, record, "withdraw")
    document.refresh_from_db()
    assert document.interpreted_on is None and owed(town.drafter)


def test_on_the_workbench_from_the_list_of_what_is_owed(town: Town) -> None:
    document = issued(town, "publish")
    desk = sign_in(town.drafter)
    address = f"{BASE}new/?about={document.document_number}"
    filled: dict[str, Any] = {
        "title": "解读一", "form": "text", "stage": "decision", "columns": [town.column.pk],
        **PARTS,
    }  # fmt: skip
    desk.fill(address, **filled)
    record = Interpretation.objects.get()
    assert record.document == document and record.parts == PARTS
    desk.fill(f"{BASE}{record.pk}/edit/", title="解读一（改）", terms="物业：管小区的企业")
    record.refresh_from_db()
    assert record.title == "解读一（改）" and record.parts["terms"] == "物业：管小区的企业"


def test_a_document_nobody_knows_is_told_and_nothing_typed_is_lost(town: Town) -> None:
    desk = sign_in(town.drafter)
    page = desk.fill(f"{BASE}new/", about="没有这份文件", title="解读", main="写了很久的一段")
    told = page.content.decode()
    assert page.status_code == 422
    assert "没有发布过标题或文号是“没有这份文件”的信息" in told and "写了很久的一段" in told
    assert not Interpretation.objects.exists()


def test_a_classification_mark_is_refused_in_any_part(town: Town) -> None:
    with pytest.raises(Classified):
        written(town, issued(town), parts={"main": "机密★一年"})
    assert "测州办发" in TEXT and not Interpretation.objects.exists()


def test_the_documents_page_leads_to_its_interpretations_that_may_be_seen(town: Town) -> None:
    document = issued(town)
    interpretation = written(town, document)
    href = f"/workbench/interpretations/{interpretation.pk}/"
    shown = sign_in(town.reviewer).get(f"/workbench/documents/{document.pk}/").content.decode()
    assert f'<a href="{href}">{interpretation.title}</a>' in shown and "文字解读" in shown
    owed = sign_in(town.drafter).get("/workbench/interpretations/owed/").content.decode()
    assert '<a href="/workbench/interpretations/">政策解读</a>' in owed
