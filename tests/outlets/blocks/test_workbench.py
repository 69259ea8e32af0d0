"""页面编排的工作台：不写代码、不靠脚本；填错的留着填的，同时改的谁也不丢；预览只给编辑看。"""

import pytest
from lxml import html

from tests.outlets.website.conftest import Desk as Hands
from tests.workbench import Desk, sign_in
from yangguang.outlets.blocks.models import BlockPage, BlockVersion
from yangguang.outlets.blocks.services import save_block


@pytest.fixture
def editor(desk: Hands) -> Desk:
    return sign_in(desk.actor)


@pytest.fixture
def record(home: BlockPage) -> str:
    return f"/workbench/pages/{home.pk}/"


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def draft() -> list[str]:
    return [block.kind for block in BlockPage.objects.get().blocks]


def test_an_editor_arranges_the_home_previews_publishes_and_restores(
    desk: Hands, editor: Desk
) -> None:
    desk.follow()
    page = editor.fill("/workbench/pages/new/")
    assert "草稿里的块" in text(page)
    record = page.redirect_chain[-1][0]
    page = editor.fill(f"{record}add/text/", heading="说明", body="第一稿。")
    assert "已存入草稿" in text(page)
    block = BlockPage.objects.get().blocks[-1].id
    editor.post(f"{record}blocks/{block}/move/", {"step": "up"})
    assert draft()[-2] == "text"
    preview = editor.get(f"{record}preview/page/")
    assert "第一稿。" in text(preview)
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in editor.get(record).headers["Content-Security-Policy"]
    desk.follow()
    assert "第一稿。" not in desk.page("index.html")
    page = editor.fill(f"{record}do/publish/", message="加一段说明")
    assert "已发布" in text(page) and "加一段说明" in text(page)
    desk.follow()
    assert "第一稿。" in desk.page("index.html")
    editor.fill(f"{record}blocks/{block}/", body="第二稿。")
    editor.fill(f"{record}do/publish/")
    editor.post(f"{record}restore/", {"version": 1})
    assert "第一稿。" in text(editor.get(f"{record}preview/page/"))
    assert "第二稿。" in text(editor.get(f"{record}preview/page/?version=2"))
    assert [version.note for version in BlockVersion.objects.order_by("number")] == [
        "加一段说明",
        "",
    ]


def test_rows_are_added_ordered_and_left_out_without_scripts(editor: Desk, record: str) -> None:
    path = f"{record}add/links/"
    form = editor.form(path) | {"heading": "链接", "items-0-title": "甲", "items-0-href": "/a/"}
    page = editor.client.post(path, form | {"more": "items"})
    tree = html.fromstring(page.content)
    rows = tree.xpath("//input[starts-with(@name, 'items-') and contains(@name, '-title')]")
    assert len(rows) == 4 and rows[0].get("value") == "甲"
    assert tree.xpath("//input[@name='key']/@value") == [form["key"][0]]
    assert "没有办成" not in text(page)
    form |= {
        "items-2-title": "乙",
        "items-2-href": "/b/",
        "items-2-order": "1",
        "items-0-order": "2",
    }
    editor.post(path, form)
    items = BlockPage.objects.get().blocks[-1].values["items"]
    assert [row["title"] for row in items] == ["乙", "甲"]


def test_what_is_wrong_is_told_at_its_place_and_what_was_typed_stays(
    editor: Desk, record: str
) -> None:
    before = draft()
    answer = editor.fill(
        f"{record}add/links/",
        **{"heading": "链接", "items-1-title": "写了的", "items-1-href": "javascript:alert(1)"},
    )
    tree = html.fromstring(answer.content)
    assert answer.status_code == 422 and draft() == before
    (box,) = tree.xpath("//input[@name='items-1-href']")
    assert box.get("value") == "javascript:alert(1)"
    (told,) = tree.xpath("//p[@class='error']")
    assert "不是地址" in told.text_content() and told.get("id") == "id_items-1-href_error"
    assert tree.xpath("//input[@name='items-1-title']/@value") == ["写了的"]


def test_two_editors_at_one_block_lose_nothing(desk: Hands, editor: Desk, record: str) -> None:
    page = BlockPage.objects.get()
    block = save_block(page, "text", {"body": "原来的。"}, actor=desk.actor, key=desk.key())
    path = f"{record}blocks/{block.id}/"
    mine = editor.form(path) | {"body": "我的。"}
    save_block(page, "text", {"body": "别人的。"}, actor=desk.actor, key=desk.key(), id=block.id)
    answer = editor.post(path, mine)
    assert "有人改过这一块" in text(answer) and "我的。" in text(answer)
    page.refresh_from_db()
    assert page.blocks[-1].values["body"] == "别人的。"
    again = html.fromstring(answer.content).xpath("//input[@name='seen']/@value")[0]
    editor.post(path, mine | {"seen": again})
    page.refresh_from_db()
    assert page.blocks[-1].values["body"] == "我的。"


def test_a_block_taken_away_while_it_was_edited_is_not_lost(
    desk: Hands, editor: Desk, record: str
) -> None:
    page = BlockPage.objects.get()
    block = save_block(page, "text", {"body": "原来的。"}, actor=desk.actor, key=desk.key())
    path = f"{record}blocks/{block.id}/"
    mine = editor.form(path) | {"body": "我的。"}
    editor.post(f"{record}blocks/{block.id}/remove/", {})
    answer = editor.post(path, mine)
    assert "已经被别人去掉了" in text(answer) and "我的。" in text(answer)
    assert not html.fromstring(answer.content).xpath("//input[@name='seen']/@value")
    editor.post(path, mine | {"seen": ""})
    page.refresh_from_db()
    assert page.blocks[-1].values["body"] == "我的。"


def test_what_cannot_be_published_says_why_on_its_button(editor: Desk, record: str) -> None:
    item = {"items-0-title": "去处", "items-0-href": "/nowhere/"}
    editor.fill(f"{record}add/links/", heading="链接", **item)
    page = html.fromstring(editor.get(record).content)
    (blocked,) = page.xpath("//div[@class='blocked']")
    assert "本站没有 /nowhere/ 这一页" in blocked.text_content()
    assert "本站没有 /nowhere/" in text(editor.get(f"{record}preview/"))


def test_kinds_at_their_limit_are_not_offered(editor: Desk, record: str) -> None:
    offered = html.fromstring(editor.get(record).content).xpath("//ul[@class='kinds']//a/@href")
    assert not any(path.endswith(("/opening/", "/plan/")) for path in offered)
    assert any(path.endswith("/text/") for path in offered)
