"""视频的字幕：没有字幕又没有文字稿的不能送审；字幕随页面公开、把关、进检索，随撤回撤下。"""

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.foundation.files.footage import mp4
from tests.foundation.library.conftest import captions_in, footage_in, put_in, srt
from tests.outlets.website.conftest import TODAY, number_from, tree_files
from tests.outlets.website.test_serving import ask
from tests.sources.articles.conftest import key, walk, written
from tests.sources.interpretations import conftest as interpretations
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.files.captions import read_captions
from yangguang.foundation.files.services import FileClassified
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.selectors import where_used
from yangguang.foundation.library.services import replace
from yangguang.foundation.lifecycle.services import Refused
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.publications.services import withdraw
from yangguang.hub.screening.selectors import examine_record
from yangguang.hub.screening.services import mask_personal
from yangguang.hub.search.indexer import entries_of
from yangguang.outlets.website.projector import catch_up
from yangguang.outlets.website.serving import HEADERS, SiteServer
from yangguang.outlets.website.verification import verify_site
from yangguang.sources.articles.models import Article
from yangguang.sources.articles.services import VIDEO, attach, caption, edit
from yangguang.sources.interpretations.services import attach as attach_interpretation
from yangguang.sources.interpretations.services import caption as caption_interpretation
from yangguang.sources.interpretations.services import edit as edit_interpretation

pytestmark = pytest.mark.django_db
SAID = "今天研究防汛工作，水库水位要一天一报。"


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"
    number_from(1)


def captions(town: Town, *texts: str, name: str = "会议.srt") -> LibraryItem:
    return captions_in(town, *(texts or (SAID,)), name=name)


def filmed(town: Town, **values: Any) -> Article:
    video = footage_in(town).version
    return written(town, article_type="video", video=video, **values)


def publication_of(article: Any, kind: str = "article") -> Publication:
    return Publication.objects.get(source_id=article.pk, kind=kind)


def test_a_video_without_captions_or_transcript_is_not_sent_on(town: Town) -> None:
    article = filmed(town)
    with pytest.raises(Refused, match=r"视频“会议.mp4”没有字幕，也没有文字稿.*勾上") as refused:
        walk(town, article, "submit")
    assert len(refused.value.reasons) == 1
    caption(article, VIDEO, captions(town), actor=town.drafter)
    assert walk(town, article, "submit").state == "in_review"


def test_a_transcript_in_the_text_does_as_well(town: Town) -> None:
    assert walk(town, filmed(town, is_transcribed=True), "submit").state == "in_review"


def test_every_video_among_the_attachments_is_asked_about(town: Town) -> None:
    article = written(town)
    for number, name in enumerate(("一.mp4", "二.mp4"), 1):
        attach(article, footage_in(town, name, 2_000 + number), actor=town.drafter)
    with pytest.raises(Refused) as refused:
        walk(town, article, "submit")
    assert [reason.partition("没有")[0] for reason in refused.value.reasons] == [
        "视频“一.mp4”", "视频“二.mp4”",
    ]  # fmt: skip
    first, second = article.attachments.all()
    caption(article, first.pk, captions(town), actor=town.drafter)
    with pytest.raises(Refused, match=r"视频“二.mp4”"):
        walk(town, article, "submit")
    caption(article, second.pk, captions(town, "另一段", name="二.vtt.srt"), actor=town.drafter)
    assert walk(town, article, "submit").state == "in_review"
    with pytest.raises(Refused, match="不能修改"):
        caption(article, first.pk, None, actor=town.drafter)


def test_captions_are_captions_and_belong_to_the_video_they_were_made_for(town: Town) -> None:
    article = filmed(town)
    with pytest.raises(Refused, match="不是资料库里在用的字幕"):
        caption(article, VIDEO, put_in(town), actor=town.drafter)
    item = captions(town)
    caption(article, VIDEO, item, actor=town.drafter)
    assert [use.what for use in where_used(item, town.drafter).uses] == [
        "稿件“州政府召开常务会议”的字幕"
    ]
    edit(article, {"video": footage_in(town, "另一段.mp4", 3_000).version}, actor=town.drafter)
    assert article.captions is None
    caption(article, VIDEO, item, actor=town.drafter)
    caption(article, VIDEO, None, actor=town.drafter)
    article.refresh_from_db()
    assert article.captions is None and LibraryItem.objects.filter(pk=item.pk).exists()


def test_the_same_captions_put_in_again_are_no_new_content(town: Town) -> None:
    item = captions(town)
    same = replace(item, srt(SAID), "会议.srt", note="再传一次", actor=town.drafter)
    assert same.number == 1
    other = replace(item, srt("改过的话"), "会议.srt", note="改了", actor=town.drafter)
    assert (other.number, other.file.name) == (2, "会议.vtt")


def test_the_page_carries_the_track_and_it_goes_with_the_page(town: Town, settings: Any) -> None:
    article = filmed(town)
    caption(article, VIDEO, captions(town), actor=town.drafter)
    attach(article, footage_in(town, "附.mp4", 4_000), actor=town.drafter)
    (attached,) = article.attachments.all()
    caption(article, attached.pk, captions(town, "附件里的话", name="附.srt"), actor=town.drafter)
    walk(town, article, "submit", "pass", "release")
    publication = publication_of(article)
    seal_all()
    catch_up(TODAY)
    root = Path(settings.SITE_ROOT)
    page = html.fromstring((root / town.site.code / path_of(publication).lstrip("/")).read_text())
    videos = page.xpath("//video")
    assert len(videos) == 2
    told = []
    server = SiteServer(root)
    for video in videos:
        (track,) = video.xpath("./track")
        assert (track.get("kind"), track.get("srclang"), track.get("label")) == (
            "captions", "zh-CN", "中文字幕",
        )  # fmt: skip
        assert track.get("default") is not None
        status, headers, body = ask(server, track.get("src"))
        assert (status, headers["Content-Type"]) == ("200", "text/vtt; charset=utf-8")
        assert headers.items() >= dict(HEADERS).items()
        told += [cue.text for cue in read_captions(body).cues]
    assert told == [SAID, "附件里的话"]
    assert [each.text for each in page.xpath("//section[@class='attached']//a")] == [
        "会议.mp4", "会议.vtt", "附.mp4", "附.vtt",
    ]  # fmt: skip
    (entry,) = entries_of(Publication.objects.all())
    assert SAID in entry.body and "-->" not in entry.body
    assert verify_site().broken == ()
    withdraw(publication, actor=town.approver, reason="有误")
    seal_all()
    catch_up(TODAY)
    assert not [each for each in tree_files(root) if each.endswith((".vtt", ".mp4"))]


def test_the_words_are_screened_and_can_be_masked(town: Town) -> None:
    article = filmed(town)
    item = captions(town, "请拨 13812345678 找他", SAID)
    caption(article, VIDEO, item, actor=town.drafter)
    (found,) = [each for each in examine_record(article).found if each.kind == "mobile"]
    assert found.place == "附件“会议.vtt”00:00:01 处"
    mask_personal(article, actor=town.drafter)
    article.refresh_from_db()
    masked = examine_record(article)
    assert not [each for each in masked.found if each.kind == "mobile"]
    assert article.captions is not None and article.captions.pk != item.version.file_id
    with pytest.raises(FileClassified):
        captions(town, "机密★一年", name="密.srt")


def test_an_interpretation_by_video_is_asked_the_same(town: Town) -> None:
    document = interpretations.issued(town, "publish")
    record = interpretations.written(town, document, form="video")
    attach_interpretation(record, [("解读.mp4", mp4())], actor=town.drafter)
    with pytest.raises(Refused, match=r"视频“解读.mp4”没有字幕"):
        interpretations.walk(town, record, "submit")
    edit_interpretation(record, {"is_transcribed": True}, actor=town.drafter)
    (one,) = record.attachments.all()
    caption_interpretation(record, one.pk, captions(town, name="解读.srt"), actor=town.drafter)
    interpretations.walk(town, record, "submit", "pass", "approve", "publish")
    version = publication_of(record, "interpretation").current_version
    assert version is not None
    assert [each["name"] for each in version.payload["attachments"]] == ["解读.mp4", "解读.vtt"]


def test_captions_are_put_on_changed_and_taken_off_at_the_desk(town: Town) -> None:
    desk: Desk = sign_in(town.drafter)
    article, item = filmed(town), captions(town)
    record = f"/workbench/articles/{article.pk}/"
    where = f"{record}attachments/0/captions/"
    assert "没有字幕。" in desk.get(record).content.decode()
    assert desk.get(f"{where}file/").status_code == 404
    page = desk.post(where, {"key": key(), "captions": str(item.pk)}).content.decode()
    assert "会议.vtt" in page and "<track" in page
    assert SAID.encode() in b"".join(desk.get(f"{where}file/"))
    desk.post(f"{where}remove/", {})
    assert "没有字幕。" in desk.get(record).content.decode()
    assert desk.get(f"{record}attachments/7/captions/").status_code == 404
