"""在别的表单里从资料库选：没有脚本时一页一页地来，填的不丢；有脚本时取来一块；选不到范围外的。"""

import io
from typing import Any

import pytest
from lxml import html

from tests.actors import actor, organisation
from tests.foundation.library.conftest import drawn, put_in
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.services import open_folder
from yangguang.foundation.lifecycle.services import perform

pytestmark = pytest.mark.django_db
PANEL = "/workbench/library/choose/"


@pytest.fixture
def desk(town: Town) -> Desk:
    return sign_in(town.drafter)


@pytest.fixture
def attach(town: Town) -> str:
    return f"/workbench/documents/{town.document().pk}/attachments/"


def upload(content: bytes, name: str) -> Any:
    stream = io.BytesIO(content)
    stream.name = name
    return stream


def submitted(page: Any, button: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    """按下选择页上的一个键：地址，和浏览器会交的各项。"""
    (form,) = page.xpath("//main//form[@enctype]")
    (pressed,) = form.xpath(f".//button[contains(., '{button}')]")
    values = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    if pressed.get("name"):
        values[pressed.get("name")] = pressed.get("value")
    return pressed.get("formaction") or form.action, values | changes


def test_without_scripts_what_was_filled_goes_along_and_comes_back(
    town: Town, desk: Desk, attach: str, picture: LibraryItem
) -> None:
    form = desk.form(attach)
    page = html.fromstring(desk.post(f"{attach}?choose=item", form).content)
    address, values = submitted(page, "照片")
    assert address == attach and values["key"] == form["key"][0]
    back = desk.post(address, values)
    assert back.status_code == 200
    shown = html.fromstring(back.content)
    assert shown.xpath("//input[@name='item']/@value") == [str(picture.pk)]
    assert shown.xpath("//input[@name='key']/@value") == form["key"]
    assert shown.xpath("//figure//img/@alt") == ["一面红墙"]
    done = desk.post(attach, {"key": form["key"], "item": picture.pk})
    assert "已加 1 个附件" in done.content.decode()
    unused = desk.post(attach, {"key": "again", "item": picture.pk, "item-none": "on"})
    assert unused.status_code == 422 and "或者从资料库选一份" in unused.content.decode()


def test_without_scripts_one_is_uploaded_on_the_way(town: Town, desk: Desk, attach: str) -> None:
    page = html.fromstring(desk.post(f"{attach}?choose=item", desk.form(attach)).content)
    file = {"library-file": upload(drawn(), "新.jpg")}
    address, values = submitted(page, "上传")
    refused = desk.post(address, values | file)
    assert refused.status_code == 422 and "替代文字" in refused.content.decode()
    file = {"library-file": upload(drawn(), "新.jpg"), "library-alternative": "一面红墙"}
    address, values = submitted(html.fromstring(refused.content), "上传")
    told = desk.post(address, values | file)
    address, values = submitted(html.fromstring(told.content), "就用这一份")
    shown = html.fromstring(desk.post(address, values).content)
    item = LibraryItem.objects.get()
    assert shown.xpath("//input[@name='item']/@value") == [str(item.pk)]


def test_what_is_classified_is_not_carried_along(desk: Desk, attach: str) -> None:
    form = desk.form(attach) | {"title": "绝密★启用前"}
    told = desk.post(f"{attach}?choose=item", form)
    assert told.status_code == 422 and "绝密" not in told.content.decode()


def test_with_scripts_a_part_comes_finds_and_turns_into_the_field(
    town: Town, desk: Desk, picture: LibraryItem
) -> None:
    folder = open_folder("防汛", parent=None, actor=town.drafter)
    for number in range(13):
        put_in(town, f"汛情{number}.jpg", f"#0000{number:02}", folder=folder)
    query = f"{PANEL}?field=item&kind=picture&required=1"
    part = desk.get(query).content.decode()
    assert "<html" not in part and part.count("data-item") == 12 and "第 1 页，共 2 页" in part
    assert desk.get(f"{query}&library-page=2").content.decode().count("data-item") == 2
    found = desk.get(f"{query}&library-words=汛情 7&library-folder={folder.pk}")
    assert found.content.decode().count("data-item") == 1
    assert "没有找到视频" in desk.get(f"{PANEL}?field=item&kind=video").content.decode()
    chosen = html.fromstring(desk.get(f"{query}&chosen={picture.pk}").content)
    assert chosen.xpath("//input[@name='item']/@value") == [str(picture.pk)]
    assert not chosen.xpath("//input[@type='checkbox']")
    sent = {"library-key": "k", "library-file": upload(drawn("green"), "绿.jpg")}
    assert "替代文字" in desk.post(query, sent).content.decode()
    sent["library-file"] = upload(drawn("green"), "绿.jpg")
    made = desk.post(query, sent | {"library-alternative": "一面绿墙"}).content.decode()
    assert 'alt="一面绿墙"' in made
    marked = desk.post(query, sent | {"library-alternative": "机密★1年"}).content.decode()
    assert "密级标志" in marked and "机密★" not in marked
    assert desk.get(f"{PANEL}?field=a%20b").status_code == 404


def test_what_is_out_of_reach_can_not_be_chosen(
    town: Town, desk: Desk, attach: str, picture: LibraryItem
) -> None:
    other = actor("drafter", organisation("elsewhere"))
    theirs = put_in(town, actor=other, key="theirs")
    perform(picture, "retire", actor=town.drafter, key="retire", message="不用")
    for item in (theirs, picture):
        part = html.fromstring(desk.get(f"{PANEL}?field=item&chosen={item.pk}").content)
        assert part.xpath("//input[@name='item']/@value") == [""]
        told = desk.post(attach, {"key": f"k{item.pk}", "item": item.pk})
        assert told.status_code == 422 and "已经停用" in told.content.decode()
