"""视频的字幕，在真的浏览器里：信息员当场传上，公众打开页面就有字幕。"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.foundation.library.conftest import footage_in, srt
from tests.outlets.website.conftest import TODAY, number_from
from tests.sources.articles.conftest import walk, written
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.audit.sealing import seal_all
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.projector import catch_up

pytestmark = pytest.mark.browser
SAID = "今天研究防汛工作 <警戒水位 & 值班>"
CUES = """() => {
  const track = document.querySelector("video").textTracks[0];
  return track && track.cues && track.cues.length
    ? [track.mode, track.language, track.label, track.cues[0].getCueAsHTML().textContent] : null;
}"""


@pytest.fixture
def own_tree(tmp_path: Path, settings: Any) -> None:
    """网站的树，在 ``live`` 起来之前定好。"""
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"


def fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def test_captions_put_on_at_the_desk_are_shown_to_the_public(
    own_tree: None, live: Visitor, sign_in: Callable[..., Page], town: Town
) -> None:
    number_from(1)
    article = written(town, article_type="video", video=footage_in(town).version)
    record = f"/workbench/articles/{article.pk}/"
    desk = sign_in(User.objects.get(pk=town.drafter.user_id), record, width=360)
    desk.get_by_role("link", name="配字幕").click()
    desk.get_by_role("button", name="从资料库选字幕").click()
    desk.get_by_text("上传新的").click()
    bad = {"name": "会议.srt", "mimeType": "text/plain", "buffer": "没有时间".encode()}
    desk.locator("input[type=file]").set_input_files(files=[bad])
    desk.get_by_role("button", name="上传并选用").click()
    expect(desk.get_by_text("第 1 行：这里应当是序号")).to_be_visible()
    assert fits(desk)
    good = {**bad, "buffer": srt(SAID, "第二句")}
    desk.locator("input[type=file]").set_input_files(files=[good])
    desk.get_by_role("button", name="上传并选用").click()
    expect(desk.locator(".chosen")).to_contain_text("会议")
    desk.get_by_role("button", name="配上").click()
    expect(desk.get_by_role("link", name="会议.vtt")).to_be_visible()
    assert desk.wait_for_function(CUES).json_value()[3] == SAID
    assert fits(desk)

    walk(town, article, "submit", "pass", "release")
    seal_all()
    catch_up(TODAY)
    publication = Publication.objects.get(source_id=article.pk)
    for width in (360, 1440):
        page = live.open(path_of(publication), width=width)
        assert page.wait_for_function(CUES).json_value() == ["showing", "zh-CN", "中文字幕", SAID]
        assert fits(page)
