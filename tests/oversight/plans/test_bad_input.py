"""坏文件交给两个解析命令：退出码 2，一句中文说清哪里不对，标准输出没有字，不留临时文件，不带出内容。"""

import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import docx
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.foundation.files.making import Set, pdf, save, typeset

SOURCE = (Path(settings.DATA_ROOT) / "linxia" / "linxia-2020-81.txt").read_text(encoding="utf-8")
COMMANDS = ("parse_document", "parse_plan")


def _docx(text: str, header: str = "") -> bytes:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = header
    return save(document)


def _with_part(name: str, content: bytes) -> bytes:
    out = io.BytesIO(_docx(SOURCE))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return out.getvalue()


def _tracked() -> bytes:
    document = docx.Document()
    inserted = '<w:ins {} w:id="1" w:author="a"><w:r><w:t>新</w:t></w:r></w:ins>'
    document.add_paragraph("甲")._p.append(parse_xml(inserted.format(nsdecls("w"))))
    return save(document)


def _password_docx() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 9


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "空.txt": (lambda: b"", "空的"),
    "只有空白.txt": (lambda: " \n　\n".encode(), "空的"),
    "二进制.txt": (lambda: bytes(range(256)) * 40, "不是文本文件"),
    "图片.txt": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "图片"),
    "大五码.txt": (lambda: "臨夏州政務公開工作實施方案".encode("big5") * 30, "编码认不出来"),
    "加密.pdf": (lambda: pdf([[Set("甲", 100, 700)]], password="x"), "密码"),
    "损坏.pdf": (lambda: b"%PDF-1.7\n" + bytes(900), "损坏"),
    "扫描.pdf": (lambda: pdf([[]]), "扫描图像"),
    "加密.docx": (_password_docx, "密码"),
    "半截.docx": (lambda: _docx(SOURCE)[:9000], "损坏"),
    "宏.docx": (lambda: _with_part("word/vbaProject.bin", b"x"), "宏"),
    "炸弹.docx": (lambda: _with_part("word/media/x.bin", bytes(5_000_000)), "压缩炸弹"),
    "修订.docx": (_tracked, "修订"),
    "旧版.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), "旧版"),
    "不存在.txt": (lambda: b"", "找不到文件"),
}
CLASSIFIED: dict[str, Callable[[], bytes]] = {
    "一.txt": lambda: ("机密★1年\n" + SOURCE).encode(),
    "二.txt": lambda: ("000001\n绝 密 ★ 长期\n特急\n" + SOURCE).encode("gb18030"),
    "三.txt": lambda: ("密级：秘密\n" + SOURCE).encode(),
    "四.docx": lambda: _docx("秘密\n" + SOURCE),
    "五.docx": lambda: _docx(SOURCE, header="机密★1年"),
    "六.pdf": lambda: typeset([("flush", "机密★1年"), ("indent", "东河市人民政府关于某事的通知")]),
    "机密★1年.txt": lambda: SOURCE.encode(),
}


def _refusal(command: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    scratch = path.parent / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    printed = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command(command, str(path), "--json", stdout=printed)
    assert refused.value.returncode == 2
    assert printed.getvalue() == ""
    assert list(scratch.iterdir()) == []
    message = str(refused.value)
    assert re.search("[\u4e00-\u9fff]", message)
    assert "Traceback" not in message
    return message


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", BAD)
def test_an_unreadable_file_is_refused_in_one_sentence(
    command: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, reason = BAD[name]
    path = tmp_path / name
    if name != "不存在.txt":
        path.write_bytes(make())
    message = _refusal(command, path, monkeypatch)
    assert reason in message
    assert "\n" not in message


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", CLASSIFIED)
def test_a_classified_paper_is_refused_and_nothing_of_it_is_said(
    command: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_bytes(CLASSIFIED[name]())
    message = _refusal(command, path, monkeypatch)
    assert "密级标志" in message
    assert "临夏" not in message
    assert "★" not in message


@pytest.mark.parametrize("command", COMMANDS)
def test_two_hundred_megabytes_are_refused_without_being_read(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("超过上限的文件不该读"))
    assert "上限" in _refusal(command, path, monkeypatch)


def test_a_date_no_calendar_has_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SOURCE.replace("2020年9月25日", "2020年2月30日"), encoding="utf-8")
    assert "“2020年2月30日”不是日历上有的日子" in _refusal("parse_document", path, monkeypatch)


def test_talk_of_secrecy_is_no_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        SOURCE.replace("一、指导思想", "一、严守国家秘密，机密文件另行管理"), encoding="utf-8"
    )
    for command in COMMANDS:
        call_command(command, str(path), "--json", stdout=StringIO())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("command", COMMANDS)
def test_encodings_line_ends_and_nul_bytes_do_not_change_the_answer(
    command: str, encoding: str, tmp_path: Path
) -> None:
    plain, odd = tmp_path / "a.txt", tmp_path / "b.txt"
    plain.write_text(SOURCE, encoding="utf-8")
    odd.write_bytes(SOURCE.replace("州办发", "州\x00办发").replace("\n", "\r\n").encode(encoding))
    answers = []
    for path in (plain, odd):
        printed = StringIO()
        call_command(command, str(path), "--json", stdout=printed)
        answers.append(printed.getvalue())
    assert answers[0] == answers[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pdf_with_a_text_layer_is_read_like_the_text(command: str, tmp_path: Path) -> None:
    text, paper = tmp_path / "a.txt", tmp_path / "a.pdf"
    text.write_text(SOURCE, encoding="utf-8")
    paper.write_bytes(typeset([("indent", line) for line in SOURCE.split("\n") if line]))
    answers = []
    for path in (text, paper):
        printed = StringIO()
        call_command(command, str(path), "--json", stdout=printed)
        answers.append(printed.getvalue())
    assert answers[0] == answers[1]
