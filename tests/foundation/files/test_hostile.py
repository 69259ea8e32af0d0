"""存心害人的上传：每一样都拒收，说清缘由；磁盘上不留，填的不丢。"""

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.foundation.files import hostile as made
from tests.foundation.files.footage import mp4
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.library.models import LibraryItem

pytestmark = pytest.mark.django_db
BASE = "/workbench/library/"
JS = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
LAUNCH = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")

HOSTILE = {
    # 一份文件，两种打开法
    "pdf+zip": (lambda: made.pdf() + made.archive({"a.txt": b"x"}), "夹带了压缩包"),
    "jpeg+zip": (lambda: made.picture("JPEG") + made.archive({"a": b"x"}), "夹带了压缩包"),
    "png+html": (lambda: made.picture("PNG") + made.SCRIPT, "夹带"),
    "gif+js": (lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//", "认不出"),
    "gif+html": (lambda: made.picture("GIF") + made.SCRIPT, "夹带"),
    "webp+html": (lambda: made.picture("WEBP") + made.SCRIPT * 9, "夹带"),
    "docx+html": (lambda: made.word() + made.SCRIPT, "夹带"),
    "html+docx": (lambda: made.SCRIPT + b"\x01" + made.word(), "认不出"),
    "text+docx": (lambda: b"=1;/*" * 2_000 + made.word(), "不是文本文件|夹带|编码"),
    "mp4+zip": (lambda: mp4(tail=made.archive({"a": b"x"})), "夹带"),
    "text+pdf": (lambda: b"var a=1/*\n" + made.pdf(), "夹带|不是文本文件|认不出"),
    # 炸弹
    "flat bomb": (lambda: made.changed(made.word(), {"word/a.xml": bytes(40_000_000)}), "压缩炸弹"),
    "lying bomb": (lambda: made.lying(made.word(), "word/media/z.bin", 900_000), "已损坏"),
    "nested bomb": (lambda: made.matryoshka(1), "压缩炸弹"),
    "deep nest": (lambda: made.matryoshka(4), "套得太深|压缩炸弹"),
    "many members": (
        lambda: made.changed(made.word(), {f"word/media/{n}": b"" for n in range(5_001)}),
        "压缩炸弹",
    ),
    "plain zip": (lambda: made.archive({"a.docx": made.word()}), "不接收压缩包"),
    "zip inside": (
        lambda: made.changed(made.word(), {"word/a.bin": made.archive({"a": b"x"})}),
        "嵌着的另一份不能收",
    ),
    "80 megapixels": (lambda: made.png_of(10_000, 8_000), "10000×8000 个像素"),
    "400 megapixels": (lambda: made.png_of(20_000, 20_000), "异常庞大"),
    "png text bomb": (lambda: made.png_of(200, 200, texts=90_000_000), "已损坏"),
    "webp bomb": (lambda: made.webp_of(16_383, 16_383), "异常庞大"),
    "truncated png": (lambda: made.picture("PNG")[:-20], "已损坏"),
    "entities": (
        lambda: made.changed(
            made.word(),
            {
                "customXml/item1.xml": b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>'
                b"<a>&c;</a>"
            },
        ),
        "结构已损坏",
    ),
    # 宏、对象
    "docm": (lambda: made.changed(made.word(), {"word/vbaProject.bin": b"x"}), "宏"),
    "renamed macro": (made.macro_typed, "宏"),
    "xlm": (lambda: made.changed(made.book(), {"xl/macrosheets/sheet1.xml": b"<a/>"}), "宏"),
    "activex": (lambda: made.changed(made.word(), {"word/activeX/a.bin": b"x"}), "宏"),
    "macro in embedded book": (
        lambda: made.changed(
            made.word(),
            {"word/embeddings/a.xlsm": made.changed(made.book(), {"xl/vbaProject.bin": b"x"})},
        ),
        "嵌着的另一份不能收：.*宏",
    ),
    "packaged object": (
        lambda: made.changed(
            made.word(),
            {
                "word/embeddings/o.bin": made.OLE + bytes(512)
                + "\x01Ole10Native".encode("utf-16-le")
            },
        ),
        "插入的对象",
    ),
    "program inside": (lambda: made.changed(made.word(), {"word/media/a.png": b"MZ\x90"}), "程序"),
    "page inside": (lambda: made.changed(made.word(), {"word/afchunk.htm": b"<p>"}), "网页"),
    "old xls": (lambda: made.OLE + bytes(2_000), "旧版"),
    "outer template": (lambda: made.linked("attachedTemplate"), "外面的模板"),
    "outer object": (lambda: made.linked("oleObject"), "外面的模板"),
    # 没有收拾干净的
    "insertion": (lambda: made.revised("ins"), "修订"),
    "deletion": (lambda: made.revised("del"), "修订"),
    "moved": (lambda: made.revised("moveFrom"), "修订"),
    "comments": (made.commented, "批注"),
    # 脚本
    "svg": (
        lambda: b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">'
        + made.SCRIPT + b"</svg>",
        "SVG",
    ),
    "bare svg": (lambda: b"\xef\xbb\xbf  <SVG onload=alert(1)>", "SVG"),
    "html": (lambda: b"<!DOCTYPE html><html>" + made.SCRIPT, "网页"),
    "html in utf-16": (lambda: "<html><script>1</script>".encode("utf-16"), "网页"),
    "php": (lambda: b"<?php system($_GET['c']);", "网页或程序"),
    "shell": (lambda: b"#!/bin/sh\nrm -rf /\n", "认不出"),
    "pdf script": (lambda: made.pdf(OpenAction=JS), "脚本"),
    "pdf launch": (lambda: made.pdf(AA=pikepdf.Dictionary(WC=LAUNCH)), "脚本"),
    "program": (lambda: b"MZ" + bytes(range(256)) * 9, "认不出"),
    # 名称里的花招
    "member climbs": (lambda: made.changed(made.word(), {"word/../../a.xml": b"<a/>"}), "名称不对"),
    "absolute member": (lambda: made.changed(made.word(), {"/etc/passwd": b"x"}), "名称不对"),
    "windows member": (lambda: made.changed(made.word(), {"word\\..\\a.txt": b"x"}), "名称不对"),
    "drive member": (lambda: made.changed(made.word(), {"C:/a.txt": b"x"}), "名称不对"),
    "turned member": (lambda: made.changed(made.word(), {"word/a\u202etxt.png": b""}), "名称不对"),
    "long member": (lambda: made.changed(made.word(), {"word/" + "a" * 5_000: b""}), "名称不对"),
}  # fmt: skip


@pytest.fixture
def desk(town: Town, tmp_path: Path, settings: Any) -> Desk:
    settings.FILES_ROOT = tmp_path / "files"
    return sign_in(town.drafter)


def named(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def kept(settings: Any) -> list[Path]:
    return [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("case", HOSTILE)
def test_it_is_refused_with_its_reason_nothing_stays_and_nothing_typed_is_lost(
    desk: Desk, settings: Any, case: str
) -> None:
    make, told = HOSTILE[case]
    answer = desk.fill(
        f"{BASE}new/",
        file=named(make(), "通知.docx"),
        alternative="图上是什么",
        caption="打好的说明",
    )
    page = answer.content.decode()
    assert answer.status_code == 422, page
    reason = answer.context["refusals"]
    assert len(reason) == 1
    assert re.search(told, reason[0]), reason
    assert "打好的说明" in page and "图上是什么" in page
    assert kept(settings) == [] and not StoredFile.objects.exists()


@pytest.mark.parametrize("case", ["pdf+zip", "docm", "svg", "80 megapixels", "insertion"])
def test_the_other_door_is_shut_as_well(desk: Desk, town: Town, settings: Any, case: str) -> None:
    document = town.document()
    path = f"/workbench/documents/{document.pk}/attachments/"
    make, told = HOSTILE[case]
    answer = desk.fill(path, attachments=named(make(), "附件.docx"))
    assert answer.status_code == 422 and told in answer.content.decode()
    assert kept(settings) == [] and not document.document_attachments.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/cron.d/通知.docx", "通知.docx"),
        ("C:\\Windows\\通知.docx", "通知.docx"),
        ("通" * 250 + ".docx", "通" * 115 + ".docx"),
        ("通知\u202excod.exe", "通知xcod.exe"),
        ('"><img src=x onerror=1>.docx', None),
        (".docx", "docx"),
    ],
)
def test_a_name_that_plays_tricks_is_made_plain_and_the_content_decides(
    desk: Desk, name: str, shown: str | None
) -> None:
    answer = desk.post(f"{BASE}new/", {"key": "new", "file": named(made.word(), name)})
    assert answer.status_code == 200
    item = LibraryItem.objects.get()
    file = item.version.file
    assert shown is None or file.name == shown
    assert len(file.name) <= 120 and not set('<>"/\\\0') & set(file.name)
    sent = desk.get(f"{BASE}{item.pk}/file/")
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert "<img src=x" not in answer.content.decode()


def test_a_name_with_nul_is_not_let_in(desk: Desk, settings: Any) -> None:
    data = {"key": "new", "file": named(made.word(), "好.docx"), "name": "通知\0.exe"}
    assert desk.post(f"{BASE}new/", data).status_code == 400
    assert kept(settings) == []


def test_a_name_of_5000_characters_is_turned_away_in_words(desk: Desk, settings: Any) -> None:
    data = {"key": "new", "file": named(made.word(), "通" * 4_995 + ".docx")}
    answer = desk.post(f"{BASE}new/", data)
    assert answer.status_code == 400 and "文件名" in answer.content.decode()
    assert kept(settings) == []


@pytest.mark.parametrize(
    "make",
    [
        made.word,
        made.book,
        made.pdf,
        lambda: made.picture("PNG"),
        lambda: made.picture("JPEG") + bytes(40),
        lambda: made.linked("hyperlink"),
        lambda: made.changed(made.word(), {"word/embeddings/a.xlsx": made.book()}),
        lambda: made.changed(made.word(), {"word/media/image1.svg": b"<svg/>"}),
        lambda: made.changed(
            made.word(), {"word/embeddings/o.bin": made.OLE + "Equation".encode("utf-16-le")}
        ),
        lambda: "姓名,电话\n甲,1\n".encode("gb18030"),
        lambda: "3 < 5，见附件".encode(),
        mp4,
    ],
)  # fmt: skip
def test_what_officials_send_every_day_is_let_in(desk: Desk, make: Any) -> None:
    desk.post(
        f"{BASE}new/", {"key": "new", "file": named(make(), "材料"), "alternative": "一面红墙"}
    )
    assert LibraryItem.objects.count() == 1
