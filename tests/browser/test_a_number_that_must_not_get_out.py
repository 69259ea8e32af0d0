"""附件里的一个身份证号，出不去。

信息员写好一篇公示，从资料库挂上一份 docx 名单，没有留意名单里写着身份证号。送审按不动：页面指出在
附件的第几段。他按“一键遮盖”，这篇稿件换成遮盖过的一份；送审、审核、签发，发布。公众打开页面、下载附件，
号码已经盖住；猜原件的地址，没有。资料库里的原件一个字没有动，只有本机构的人打得开。
"""

import hashlib
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.stories import bake, faults
from tests.foundation.files.hostile import word
from tests.foundation.screening.test_rules import MADE_UP
from tests.sources.articles.conftest import written
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.passages import read_passages
from yangguang.foundation.files.services import path_of
from yangguang.foundation.library.services import add

pytestmark = pytest.mark.browser
NAME = "拟补助人员名单.docx"


def texts(content: bytes) -> str:
    return "\n".join(passage.text for passage in read_passages(content).passages)


def test_the_number_inside_a_docx_attachment_does_not_get_out(
    live: Visitor,
    sign_in: Callable[..., Page],
    town: Town,
) -> None:
    list_ = word(f"甲 {MADE_UP}，补助 500 元")
    item = add(list_, NAME, actor=town.drafter, key="list")
    article = written(
        town, title="拟补助人员公示", article_type="notice", stage="result",
        body=[{"type": "paragraph", "style": "plain", "text": "现将名单公示，名单见附件。"}],
    )  # fmt: skip
    home = f"/workbench/articles/{article.pk}/"

    def as_(who: Actor, path: str) -> Page:
        return sign_in(User.objects.get(pk=who.user_id), path)

    # 信息员从资料库挂上名单
    page = as_(town.drafter, home)
    page.get_by_role("link", name="加附件").click()
    page.get_by_role("button", name="从资料库选资料").click()
    page.locator(".library-panel .choice").click()
    expect(page.locator(".chosen")).to_contain_text(Path(NAME).stem)
    page.get_by_role("button", name="加上").click()
    expect(page.get_by_text(f"附件“{NAME}”第 1 段疑有身份证号").first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(MADE_UP)
    assert faults(page) == []

    # 送审按不动，说明缘由；遮盖以后才行
    page.goto(f"{live.address}{home}do/submit/")
    page.get_by_role("button", name="送审").click()
    expect(page.get_by_role("alert")).to_contain_text("疑有身份证号")
    assert faults(page) == []
    page.goto(live.address + home)
    page.get_by_role("button", name="一键遮盖个人信息").click()
    expect(page.get_by_text("附件 1 个")).to_be_visible()
    page.goto(live.address + home)
    expect(page.get_by_text("遮盖过的一份")).to_be_visible()
    assert faults(page) == []
    for who, event, button in (
        (town.drafter, "submit", "送审"),
        (town.reviewer, "pass", "审核通过"),
        (town.approver, "release", "签发并发布"),
    ):
        page = as_(who, f"{home}do/{event}/")
        page.get_by_role("main").get_by_role("button", name=button).click()
        expect(page.get_by_role("alert")).to_have_count(0)

    # 作业进程烘出网页；公众打开、下载
    bake()
    page = as_(town.approver, home)
    page.get_by_role("link", name="看公开页面").click()
    expect(page.get_by_role("heading", name="拟补助人员公示")).to_be_visible()
    assert faults(page) == []
    link = page.get_by_role("link", name=NAME)
    address = str(link.get_attribute("href"))
    out = urllib.request.urlopen(live.address + address).read()
    assert MADE_UP not in texts(out) and f"甲 {MADE_UP[:3]}*" in texts(out)
    assert MADE_UP.encode() not in out

    # 原件：猜地址没有，没有登录打不开，本机构的人看得到，一个字没有动
    original = hashlib.sha256(list_).hexdigest()
    assert original not in address
    guessed = address.replace(hashlib.sha256(out).hexdigest(), original)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(live.address + guessed)
    stranger = urllib.request.urlopen(f"{live.address}/workbench/library/{item.pk}/file/")
    assert "/workbench/sign-in/" in stranger.url
    item.refresh_from_db()
    assert path_of(item.version.file).read_bytes() == list_
    baked = [path for path in settings.SITE_ROOT.rglob("*") if path.is_file()]
    assert baked and not any(MADE_UP.encode() in path.read_bytes() for path in baked)
    assert not any(original in path.name for path in baked)
    live.troubles[:] = [each for each in live.troubles if "422" not in each]
