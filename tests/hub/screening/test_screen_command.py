"""``yangguang screen``：照约定应答，退出码 0、1、2。"""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from docx import Document

from tests.hub.screening.conftest import in_force
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.screening.entries import Entry


def screen(path: Path, *options: str) -> tuple[int, list[dict[str, object]]]:
    out = io.StringIO()
    try:
        call_command("screen", str(path), "--json", *options, stdout=out)
        code = 0
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    return code, json.loads(out.getvalue())["findings"]


def test_warnings_alone_are_no_refusal(tmp_path: Path) -> None:
    file = tmp_path / "一.txt"
    file.write_text("各单位截止目前完成布署。")
    code, findings = screen(file)
    assert code == 0
    assert findings[0] == {
        "kind": "typo", "severity": "warn", "text": "截止目前", "start": 3, "end": 7,
        "suggestion": "截至目前",
    }  # fmt: skip


def test_what_blocks_ends_with_one(tmp_path: Path) -> None:
    file = tmp_path / "一.txt"
    file.write_bytes("政协代表 13800138000".encode("gb18030"))
    code, findings = screen(file)
    assert code == 1
    assert [f["kind"] for f in findings] == ["banned_term", "mobile"]


def test_headers_and_properties_follow_the_text(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("正文")
    document.sections[0].header.paragraphs[0].text = "电话13800138000"
    file = tmp_path / "一.docx"
    document.save(str(file))
    code, findings = screen(file)
    assert (code, [f["kind"] for f in findings]) == (1, ["mobile"])


def test_what_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    for name, content in (("无.txt", None), ("空.txt", b""), ("坏.docx", b"PK\x03\x04")):
        file = tmp_path / name
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(CommandError) as bad:
            call_command("screen", str(file))
        assert bad.value.returncode == 2


@pytest.mark.django_db
def test_the_database_answers_when_asked(town: Town, supervisor: Actor, tmp_path: Path) -> None:
    in_force(supervisor, "terms", Entry("terms", "旧称呼", "新称呼"), wrong="旧称呼")
    file = tmp_path / "一.txt"
    file.write_text("旧称呼，政协代表")
    assert [f["text"] for f in screen(file)[1]] == ["政协代表"]
    assert [f["text"] for f in screen(file, "--database")[1]] == ["旧称呼"]
