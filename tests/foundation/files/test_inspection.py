"""能不能收：看内容，不看文件名；不能收的说清为什么、怎么办。"""

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
from docx.oxml import OxmlElement

from tests.foundation.library.conftest import drawn
from yangguang.foundation.files.inspection import inspect_upload
from yangguang.foundation.files.rules import DOCX, PDF, TEXT, XLSX, safe_name


def word(*paragraphs: str, revised: bool = False) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if revised:
        inserted = OxmlElement("w:ins")
        document.paragraphs[0]._p.append(inserted)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def sheet() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def pdf(password: str = "") -> bytes:
    buffer = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    encryption = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(buffer, encryption=encryption)
    return buffer.getvalue()


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


@pytest.fixture
def inspect(tmp_path: Path):
    def _inspect(content: bytes, name: str = "文件"):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return inspect_upload(path, name)

    return _inspect


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (word("关于某事的通知"), DOCX),
        (sheet(), XLSX),
        (pdf(), PDF),
        ("正文".encode(), TEXT),
        ("正文".encode("gb18030"), TEXT),
        ("正文".encode("utf-16"), TEXT),
        (drawn(), "image/jpeg"),
    ],
)
def test_the_type_is_told_by_the_content(inspect, content: bytes, media_type: str) -> None:
    result = inspect(content, "随便什么名字.exe")
    assert (result.media_type, result.refusals) == (media_type, ())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空的"),
        (bytes(range(256)), "认不出"),
        (pdf("secret"), "打开密码"),
        (b"%PDF-1.7 broken", "已损坏"),
        (b"PK\x03\x04 broken", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "旧版"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "打开密码",
        ),
        (word("正文", revised=True), "修订"),
        (archive(word__document_xml=b"<x/>", word__vbaProject_bin=b"x"), "宏"),
        (archive(a_txt=b"x"), "压缩包"),
        (archive(word__document_xml=b"\0" * 40_000_000), "压缩炸弹"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    inspect, content: bytes, said: str
) -> None:
    refusals = inspect(content).refusals
    assert len(refusals) == 1
    assert said in refusals[0]


def test_a_file_of_200_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    assert "100 MB" in inspect_upload(path, "huge").refusals[0]


def test_names_lose_their_path_and_anything_unprintable() -> None:
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name("C:\\文件\\通知\x00.docx") == "通知.docx"
    assert safe_name("...") == "未命名"
