"""从资料库选，在真的浏览器里：原处展开，找到、传上、选定，手机上不横着滚。"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Visitor
from tests.foundation.files.footage import mp4
from tests.foundation.library.conftest import drawn, put_in
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.files.models import PartialUpload
from yangguang.foundation.files.rules import MEGABYTE, SEGMENT
from yangguang.foundation.files.services import path_of
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.services import open_folder

pytestmark = pytest.mark.browser


def test_one_is_found_or_uploaded_and_chosen_without_leaving_the_form(
    live: Visitor, sign_in: Callable[..., Page], town: Town
) -> None:
    folder = open_folder("2020年防汛抗旱工作", parent=None, actor=town.drafter)
    for name in ("汛情", "灾情"):
        put_in(town, f"{name}.jpg", folder=folder)
    drafter = User.objects.get(pk=town.drafter.user_id)
    address = f"/workbench/documents/{town.document().pk}/attachments/"
    page = sign_in(drafter, address, width=360)
    page.get_by_role("button", name="从资料库选资料").click()
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    box.fill("灾情")
    page.keyboard.press("Enter")
    expect(page.locator(".library-panel .choice")).to_have_count(1)
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    page.locator(".library-panel .choice").click()
    expect(page.locator(".chosen")).to_contain_text("灾情")
    page.get_by_role("button", name="换一份").click()
    page.get_by_text("上传新的").click()
    page.locator("[name=library-file]").set_input_files(
        {"name": "新.jpg", "mimeType": "image/jpeg", "buffer": drawn("blue")}
    )
    page.get_by_role("button", name="上传并选用").click()
    expect(page.get_by_role("alert")).to_contain_text("替代文字")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("替代文字").fill("一面蓝墙")
    page.locator("[name=library-file]").set_input_files(
        {"name": "新.jpg", "mimeType": "image/jpeg", "buffer": drawn("blue")}
    )
    page.get_by_role("button", name="上传并选用").click()
    expect(page.locator(".chosen")).to_contain_text("一面蓝墙")
    page.get_by_role("button", name="加上", exact=True).click()
    expect(page.get_by_text("已加 1 个附件。")).to_be_visible()
    assert LibraryItem.objects.count() == 3


def wait_until(page: Page, happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)


def film(folder: Path) -> Path:
    """三段多一点的视频。"""
    path = folder / "常务会议.mp4"
    path.write_bytes(mp4(3 * SEGMENT + 1_000_000))
    return path


def test_a_large_video_goes_on_after_the_line_broke_and_the_browser_was_closed(
    live: Visitor, sign_in: Callable[..., Page], town: Town, tmp_path: Path
) -> None:
    drafter, path = User.objects.get(pk=town.drafter.user_id), film(tmp_path)
    page = sign_in(drafter, "/workbench/library/new/", width=360)
    refused: list[int] = []

    def broken(route: Route) -> None:
        """第二段断在路上一次，第三段一直到不了。"""
        if route.request.method != "PATCH":
            route.continue_()
            return
        offset = int(route.request.headers["upload-offset"])
        if offset == 2 * SEGMENT or (offset == SEGMENT and not refused):
            refused.append(offset)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/*/", broken)
    page.locator("[name=file]").set_input_files(path)
    box = page.get_by_role("group", name="上传“常务会议.mp4”")
    expect(box.get_by_role("status")).to_contain_text("已传的都留着")
    page.get_by_label("说明").fill("研究防汛")
    page.get_by_role("button", name="上传", exact=True).click()
    expect(box.get_by_role("button", name="不传了")).to_be_focused()
    wait_until(page, lambda: PartialUpload.objects.get().received == 2 * SEGMENT)
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    page.close()
    live.troubles[:] = [each for each in live.troubles if "ERR_CONNECTION_RESET" not in each]

    page = sign_in(drafter, "/workbench/library/new/")
    expect(page.get_by_role("region", name="没有传完的")).to_contain_text("64%")
    page.locator("[name=file]").set_input_files(path)
    status = page.get_by_role("group", name="上传“常务会议.mp4”").get_by_role("status")
    expect(status).to_contain_text("传完了")
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_text("已收进资料库：常务会议")).to_be_visible()
    item = LibraryItem.objects.get()
    assert path_of(item.version.file).read_bytes() == path.read_bytes()
    assert not PartialUpload.objects.exists()


def test_a_large_video_is_paused_given_up_and_chosen_in_place_with_the_keyboard(
    sign_in: Callable[..., Page], town: Town, tmp_path: Path
) -> None:
    drafter, path = User.objects.get(pk=town.drafter.user_id), film(tmp_path)
    page = sign_in(drafter, "/workbench/articles/new/")
    page.get_by_role("button", name="从资料库选视频").press("Enter")
    # 焦点要等这一块安顿好才到查找框；没有等到就按，回车会落在查找框里，又查一遍
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_text("上传新的").press("Enter")
    expect(page.locator(".library-panel .pick-file")).to_have_text("选一个文件")
    held: list[Route] = []
    page.route("**/uploads/*/", lambda route: held.append(route))
    page.locator("[name=library-file]").set_input_files(path)
    box = page.get_by_role("group", name="上传“常务会议.mp4”")
    box.get_by_role("button", name="暂停").press("Enter")
    expect(box.get_by_role("status")).to_have_text("停下了，已传的都留着。")
    page.unroute("**/uploads/*/")
    box.get_by_role("button", name="继续上传").press("Enter")
    expect(box.get_by_role("status")).to_contain_text("传完了")
    page.get_by_role("button", name="上传并选用").press("Enter")
    expect(page.locator(".chosen")).to_contain_text("常务会议")
    assert LibraryItem.objects.get().kind == "video"


HELD = """() => {
  const real = crypto.subtle.digest.bind(crypto.subtle);
  const gate = new Promise((open) => { window.openTheGate = open; });
  crypto.subtle.digest = async (...all) => { await gate; return real(...all); };
}"""


def test_paused_while_a_digest_is_made_and_resumed_each_segment_is_still_sent_once(
    sign_in: Callable[..., Page], town: Town, tmp_path: Path
) -> None:
    path, sent = film(tmp_path), list[int]()
    page = sign_in(User.objects.get(pk=town.drafter.user_id), "/workbench/library/new/")

    def note(request: Request) -> None:
        if request.method == "PATCH":
            sent.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    page.evaluate(HELD)
    page.locator("[name=file]").set_input_files(path)
    box = page.get_by_role("group", name="上传“常务会议.mp4”")
    expect(box.get_by_role("status")).to_contain_text("已传 0%")
    box.get_by_role("button", name="暂停").click()
    box.get_by_role("button", name="继续上传").click()
    page.evaluate("window.openTheGate()")
    expect(box.get_by_role("status")).to_contain_text("传完了")
    assert sent == [0, SEGMENT, 2 * SEGMENT, 3 * SEGMENT]


def test_what_is_no_video_is_told_beside_the_field_and_another_can_be_chosen(
    live: Visitor, sign_in: Callable[..., Page], town: Town, tmp_path: Path
) -> None:
    path = tmp_path / "程序.mp4"
    path.write_bytes(b"MZ" + bytes(21 * MEGABYTE))
    page = sign_in(User.objects.get(pk=town.drafter.user_id), "/workbench/library/new/", width=768)
    page.locator("[name=file]").set_input_files(path)
    box = page.get_by_role("group", name="上传“程序.mp4”")
    expect(box.get_by_role("status")).to_contain_text("这不是 MP4 视频")
    expect(box.get_by_role("button", name="换一个文件")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box).to_have_count(0)
    expect(page.locator("[name=file]")).to_be_focused()
    assert not PartialUpload.objects.exists()
    live.troubles[:] = [each for each in live.troubles if "422" not in each]
