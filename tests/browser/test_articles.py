"""写稿，在真的浏览器里：编辑器里打字、粘贴、插图，手机上不横着滚；没有脚本也写得成。"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.foundation.library.conftest import put_in
from tests.sources.articles.conftest import written
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.sources.articles.models import Article

pytestmark = pytest.mark.browser
NEW = "/workbench/articles/new/"
WORD = (
    "<html xmlns:o='urn:schemas-microsoft-com:office:office'><body><!--StartFragment-->"
    "<p class=MsoNormal style='mso-char-indent-count:2.0'><b><span lang=EN-US>一、</span>会议要求"
    "</b></p><p class=MsoNormal><span style='font-family:仿宋'>各县市要抓好落实。</span></p>"
    "<script>window.broken = 1</script><!--EndFragment--></body></html>"
)
PASTE = """(html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "会议要求");
  document.querySelector(".text-edited").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def drafter(town: Town) -> User:
    return User.objects.get(pk=town.drafter.user_id)


def fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def test_an_article_is_typed_pasted_and_illustrated_on_a_phone(
    live: Visitor, sign_in: Callable[..., Page], town: Town
) -> None:
    put_in(town)
    page = sign_in(drafter(town), NEW, width=360)
    page.get_by_label("标题").fill("州政府召开常务会议")
    surface = page.get_by_role("textbox", name="正文")
    surface.click()
    page.keyboard.type("会议研究了防汛工作。")
    page.keyboard.press("Enter")
    page.evaluate(PASTE, WORD)
    expect(page.locator(".said")).to_have_text("已粘贴，格式已经整理。")
    expect(surface.locator("h2")).to_have_text("一、会议要求")
    page.get_by_role("button", name="图片", exact=True).click()
    page.locator(".library-panel .choice").click()
    expect(surface.locator("figure img")).to_have_attribute("alt", "一面红墙")
    page.get_by_label("图下的说明").fill("会场")
    assert fits(page)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("州政府召开常务会议")
    expect(page.locator(".text-preview figcaption")).to_have_text("会场")
    article = Article.objects.get()
    kinds = [block["type"] for block in article.body]
    assert kinds == ["paragraph", "heading", "paragraph", "picture"]
    assert article.body[2]["text"] == "各县市要抓好落实。"
    assert page.evaluate("window.broken") is None and fits(page)


def test_without_script_it_is_written_line_by_line(
    live: Visitor, sign_in: Callable[..., Page], town: Town
) -> None:
    page = sign_in(drafter(town), NEW, width=360, java_script_enabled=False)
    page.get_by_label("标题").fill("一篇")
    page.locator("[data-plain]").fill("# 一、要点\n- 第一\n- 第二\n[全文](/columns/wenjian/)")
    page.get_by_role("button", name="保存").click()
    assert [block["type"] for block in Article.objects.get().body] == [
        "heading", "list", "paragraph",
    ]  # fmt: skip
    expect(page.locator(".text-preview li")).to_have_count(2)


def test_looking_without_writing_leaves_no_draft(
    live: Visitor, sign_in: Callable[..., Page], town: Town
) -> None:
    address = f"/workbench/articles/{written(town).pk}/edit/"
    page = sign_in(drafter(town), address)
    page.get_by_role("textbox", name="正文").click()
    page.keyboard.press("ArrowDown")
    page.goto(live.address + "/workbench/articles/")
    page.goto(live.address + address)
    expect(page.get_by_role("textbox", name="正文")).to_be_visible()
    expect(page.get_by_text("还没有提交的")).to_have_count(0)


def test_what_was_written_is_there_when_the_page_is_loaded_again(
    live: Visitor, sign_in: Callable[..., Page], town: Town
) -> None:
    page = sign_in(drafter(town), NEW)
    page.get_by_label("标题").fill("没有写完的一篇")
    page.get_by_role("textbox", name="正文").click()
    page.keyboard.type("写到一半。")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        pass
    page.reload()
    expect(page.get_by_label("标题")).to_have_value("没有写完的一篇")
    expect(page.get_by_role("textbox", name="正文")).to_contain_text("写到一半。")
