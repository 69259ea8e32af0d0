"""页面上的图片：做成几种大小和格式各一份，有宽高、不跳动；不再用到的、撤下的从树里消失。"""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html
from PIL import Image

from tests.outlets.website.conftest import TODAY, Desk, tree_files
from tests.workbench import sign_in
from yangguang.foundation.files.models import Rendition, StoredFile
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.topics.services import open_topic
from yangguang.outlets.blocks.models import BlockPage, Picture
from yangguang.outlets.blocks.pictures import take_in, withdraw_picture
from yangguang.outlets.blocks.services import begin, remove_block, save_block
from yangguang.outlets.website.baker import bake_everything
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.manifest import NAME
from yangguang.outlets.website.verification import verify_site


def drawn(colour: str = "red", size: tuple[int, int] = (800, 600)) -> bytes:
    saved = io.BytesIO()
    Image.new("RGB", size, colour).save(saved, "JPEG")
    return saved.getvalue()


def show(desk: Desk, page: BlockPage, *pictures: Picture) -> str:
    items = [
        {"picture": str(each.pk), "alternative": "一张图", "caption": "说明"} for each in pictures
    ]
    block = save_block(
        page, "pictures", {"heading": "图片", "items": items}, actor=desk.actor, key=desk.key()
    )
    perform(page, "publish", actor=desk.actor, key=desk.key())
    desk.follow()
    return block.id


def pictures_in(desk: Desk) -> set[str]:
    kept = (path for path in desk.files() if path.startswith("pictures/"))
    return {path for path in kept if not path.endswith(NAME)}


@pytest.fixture
def picture(desk: Desk, home: BlockPage) -> Picture:
    return take_in(desk.site, drawn(), "照片.jpg", actor=desk.actor)


def test_a_picture_comes_in_sizes_and_kinds_each_of_which_is_there(
    desk: Desk, home: BlockPage, picture: Picture, tmp_path: Path
) -> None:
    show(desk, home, picture)
    page = html.fromstring(desk.page("index.html"))
    (image,) = page.xpath("//picture//img")
    assert (image.get("width"), image.get("height")) == ("720", "540")
    assert image.get("alt") == "一张图" and image.get("loading") == "lazy"
    sources = page.xpath("//picture//source")
    assert [each.get("type") for each in sources] == ["image/avif", "image/webp"]
    named = {image.get("src")}
    for source in sources:
        assert source.get("sizes")
        widths = re.findall(r"(/\S+) (\d+)w", source.get("srcset"))
        assert [width for _, width in widths] == ["360", "720", "800"]
        named |= {path for path, _ in widths}
    assert {path.lstrip("/") for path in named} == pictures_in(desk)
    for path in pictures_in(desk):
        made = Image.open(io.BytesIO(desk.files()[path]))
        assert f"-{made.width}." in path and not made.getexif()
    assert verify_site().broken == ()
    bake_everything(Press(desk.site, TODAY), tmp_path / "clean")
    assert desk.files() == tree_files(tmp_path / "clean" / desk.site.code)


def test_a_size_is_made_once(desk: Desk, home: BlockPage, picture: Picture) -> None:
    show(desk, home, picture)
    made = set(Rendition.objects.values_list("pk", flat=True))
    assert len(made) == 7
    desk.publish("别的")
    desk.follow()
    assert set(Rendition.objects.values_list("pk", flat=True)) == made


def test_a_picture_leaves_the_tree_when_the_last_page_lets_it_go(
    desk: Desk, home: BlockPage, picture: Picture
) -> None:
    topic = open_topic(
        desk.site, name="防汛", summary="防汛。", code="fx", actor=desk.actor, key="topic"
    )
    other = begin(desk.site, topic, actor=desk.actor, key="topic-page")
    first, second = show(desk, home, picture), show(desk, other, picture)
    assert pictures_in(desk)
    for page, block in ((home, first), (other, second)):
        assert pictures_in(desk)
        page.refresh_from_db()
        remove_block(page, block, actor=desk.actor)
        if page.pk == other.pk:
            save_block(page, "text", {"body": "文字。"}, actor=desk.actor, key=desk.key())
        perform(page, "publish", actor=desk.actor, key=desk.key())
        desk.follow()
        assert verify_site().broken == ()
    assert pictures_in(desk) == set()


def test_a_withdrawn_picture_leaves_the_page_and_the_tree(
    desk: Desk, home: BlockPage, picture: Picture
) -> None:
    other = take_in(desk.site, drawn("blue"), "另一张.jpg", actor=desk.actor)
    show(desk, home, picture, other)
    before = pictures_in(desk)
    withdraw_picture(picture, actor=desk.actor)
    desk.follow()
    assert len(pictures_in(desk)) == len(before) / 2
    withdraw_picture(other, actor=desk.actor)
    desk.follow()
    assert pictures_in(desk) == set() and "<figure" not in desk.page("index.html")
    assert verify_site().broken == ()


def test_the_same_picture_is_kept_once_and_a_bad_one_not_at_all(
    desk: Desk, home: BlockPage, picture: Picture
) -> None:
    assert take_in(desk.site, drawn(), "又一次.jpg", actor=desk.actor).pk == picture.pk
    files = StoredFile.objects.count()
    with pytest.raises(FileRefused, match="认不出"):
        take_in(desk.site, b"not a picture", "假的.jpg", actor=desk.actor)
    assert StoredFile.objects.count() == files and Picture.objects.count() == 1


def upload(content: bytes, name: str = "图.jpg") -> Any:
    return SimpleUploadedFile(name, content)


def test_a_picture_is_uploaded_while_filling_and_kept_though_another_field_is_wrong(
    desk: Desk, home: BlockPage
) -> None:
    editor = sign_in(desk.actor)
    path = f"/workbench/pages/{home.pk}/add/pictures/"
    form = editor.form(path)
    answer = editor.post(path, form | {"items-0-picture-upload": upload(drawn())})
    page = html.fromstring(answer.content)
    picture = Picture.objects.get()
    assert answer.status_code == 422
    assert page.xpath("//select[@name='items-0-picture']/option[@selected]/@value") == [
        str(picture.pk)
    ]
    assert page.xpath("//*[@id='id_items-0-alternative_error']")
    editor.post(path, form | {"items-0-picture": str(picture.pk), "items-0-alternative": "一张图"})
    home.refresh_from_db()
    assert home.blocks[-1].values["items"][0]["picture"] == str(picture.pk)
    preview = editor.get(f"/workbench/pages/{home.pk}/preview/page/").content.decode()
    assert f"/workbench/pages/pictures/{picture.pk}/" in preview
    shown = editor.get(f"/workbench/pages/pictures/{picture.pk}/")
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8\xff")


def test_a_picture_that_cannot_be_used_says_so_at_its_place(desk: Desk, home: BlockPage) -> None:
    editor = sign_in(desk.actor)
    path = f"/workbench/pages/{home.pk}/add/pictures/"
    form = editor.form(path) | {"items-0-alternative": "写好的"}
    answer = editor.post(path, form | {"items-0-picture-upload": upload(b"x" * 50)})
    page = html.fromstring(answer.content)
    (told,) = page.xpath("//*[@id='id_items-0-picture_error']")
    assert "认不出" in told.text_content()
    assert page.xpath("//input[@name='items-0-alternative']/@value") == ["写好的"]
    assert not Picture.objects.exists()
