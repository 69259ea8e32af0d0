"""资料库的各页：查几次库，谁都打不开别处的，换了内容地址不变。"""

from typing import Any

import pytest

from tests.actors import actor, organisation
from tests.foundation.library.conftest import drawn, put_in
from tests.foundation.library.test_choosing import upload
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.services import open_folder

pytestmark = pytest.mark.django_db
LIST = "/workbench/library/"
HOUSEHOLD = 5


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_list_costs_the_same_however_long_it_is(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    desk = sign_in(town.drafter)
    folder = open_folder("防汛", parent=None, actor=town.drafter)
    for number in range(5):
        put_in(town, f"{number}.jpg", folder=folder)
    with django_assert_max_num_queries(HOUSEHOLD + 6):
        page = desk.get(f"{LIST}?folder={folder.pk}").content.decode()
    assert page.count("<img") == 5 and "符合条件的 5 条" not in page


def test_an_item_is_uploaded_looked_at_edited_and_replaced(town: Town) -> None:
    desk = sign_in(town.drafter)
    made = desk.post(
        f"{LIST}new/",
        {"key": "new", "file": upload(drawn(), "照片.jpg"), "alternative": "一面红墙"},
    )
    item = LibraryItem.objects.get()
    assert f"已收进资料库：{item}" in made.content.decode()
    desk.fill(f"{LIST}{item.pk}/edit/", name="新名", caption="图说")
    before = body(desk.get(f"{LIST}{item.pk}/file/"))
    told = desk.post(
        f"{LIST}{item.pk}/replace/",
        {"key": "r", "file": upload(drawn("blue"), "新.jpg"), "note": "换新图"},
    ).content.decode()
    assert "已换成第 2 份，地址不变" in told and "图说" in told and "换新图" in told
    assert body(desk.get(f"{LIST}{item.pk}/file/")) != before
    assert body(desk.get(f"{LIST}{item.pk}/versions/1/")) == before
    assert desk.get(f"{LIST}{item.pk}/versions/3/").status_code == 404


def test_a_document_is_downloaded_and_never_opened_as_a_page(town: Town) -> None:
    item = put_in(town)
    desk = sign_in(town.drafter)
    shown = desk.get(f"{LIST}{item.pk}/file/")
    assert shown.headers["Content-Disposition"].startswith("inline")
    desk.post(f"{LIST}new/", {"key": "new", "file": upload("<b>文字</b>".encode(), "说明.txt")})
    text = LibraryItem.objects.get(kind="document")
    sent = desk.get(f"{LIST}{text.pk}/file/")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert desk.get(f"{LIST}{text.pk}/thumbnail/").status_code == 404


def test_a_folder_still_in_use_is_not_taken_away(town: Town) -> None:
    desk = sign_in(town.drafter)
    desk.post(f"{LIST}folders/", {"key": "f", "name": "防汛"})
    put_in(town, folder=open_folder("内层", parent=None, actor=town.drafter))
    for line, told in (("内层", "还有东西"), ("防汛", "已去掉")):
        number = LibraryItem.folder.field.related_model.objects.get(name=line).pk
        page = desk.post(f"{LIST}folders/{number}/remove/", {}).content.decode()
        assert told in page


def test_guessed_addresses_of_another_county_are_not_there(town: Town) -> None:
    item = put_in(town)
    folder = open_folder("防汛", parent=None, actor=town.drafter)
    stranger = sign_in(actor("drafter", organisation("elsewhere")))
    tails = ("", "file/", "thumbnail/", "versions/1/", "edit/", "replace/", "do/retire/")
    paths = [f"{LIST}{item.pk}/{tail}" for tail in tails] + [f"{LIST}folders/{folder.pk}/"]
    for path in paths:
        assert stranger.get(path).status_code == 404, path
        assert stranger.post(path, {"key": "k", "message": "x"}).status_code in (404, 405), path
    assert stranger.post(f"{LIST}folders/{folder.pk}/remove/", {}).status_code == 404
    assert "照片" not in stranger.get(LIST).content.decode()
