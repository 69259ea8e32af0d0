"""没有替代文字的图片。

信息员要给图片新闻配图。没有写替代文字的不收，写成文件名的也不收，填的都还在；写清图上是什么，才收进
资料库。稿件插上这张图，文中删了那句话的送不出去。发布以后，看不见图片的人在公开页面上听得到那句话，
拍摄的设备没有跟出去。
"""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.stories import baked, comes
from tests.foundation.library.conftest import drawn
from tests.town import Town
from yangguang.foundation.library.models import LibraryItem

pytestmark = pytest.mark.browser
WORDS, CAPTION = "干部在村口向群众讲解政策", "演示县某乡，秋收。"


def test_a_picture_needs_words_before_anything_is_made_of_it(live: Visitor, town: Town) -> None:
    drafter = comes(live, town.drafter, "马信息员", width=360)
    drafter.goes_to("资料库")
    drafter.follows("上传")
    drafter.writes("说明", CAPTION)
    for alternative in ("", "IMG_2035", "图片"):
        drafter.picks("文件", "IMG_2035.jpg", drawn())
        drafter.writes("替代文字", alternative)
        drafter.presses("上传")
        drafter.is_refused("替代文字")
        expect(drafter.field("说明")).to_have_value(CAPTION)  # 填的都在
    assert not LibraryItem.objects.exists()
    drafter.picks("文件", "IMG_2035.jpg", drawn())
    drafter.writes("替代文字", WORDS)
    drafter.presses("上传")
    drafter.reads("已收进资料库", WORDS)

    # 没有图的图片新闻送不出去
    drafter.goes_to("稿件")
    drafter.follows("写稿")
    drafter.chooses("类别", "图片新闻")
    drafter.writes("标题", "政策讲到村口")
    drafter.types("正文", "村口讲政策。")
    drafter.chooses("五公开类别", "服务公开")
    drafter.ticks("政策文件")
    drafter.presses("保存")
    drafter.reads("图片新闻的正文里至少要有一张图片。")
    expect(drafter.button("送审")).to_be_disabled()

    # 插上图；文中删了那句话，存得下，送不出去
    drafter.follows("修改")
    drafter.presses("图片")
    drafter.page.locator(".library-panel .choice").click()
    words = drafter.field("替代文字（看不见图的人听到的）")
    expect(words).to_have_value(WORDS)
    words.fill("")
    drafter.presses("保存")
    drafter.reads("第 1 张图片没有替代文字，请用一句话写明图里是什么。")
    expect(drafter.button("送审")).to_be_disabled()
    drafter.follows("修改")
    drafter.field("替代文字（看不见图的人听到的）").fill(WORDS)
    drafter.presses("保存")
    drafter.presses("送审")
    drafter.reads("已送审。")

    reviewer = comes(live, town.reviewer, "白审核员", width=768)
    reviewer.follows("政策讲到村口")
    expect(reviewer.page.get_by_role("img", name=WORDS)).to_be_visible()
    reviewer.presses("审核通过")
    approver = comes(live, town.approver, "祁主任")
    approver.follows("政策讲到村口")
    approver.presses("签发并发布")
    approver.reads("已签发并发布。")

    approver.sees_it_published()
    picture = approver.page.get_by_role("img", name=WORDS)
    expect(picture).to_be_visible()
    assert picture.evaluate("e => e.complete && e.naturalWidth > 0")
    out = baked()
    assert out and not any(b"SecretCamera" in path.read_bytes() for path in out)
