"""命令行：一个 JSON 值；读不了的、有毛病的，退出码 2，用中文说清。"""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from docx import Document

from .expected_linxia import TASKS

SOURCE = Path(settings.DATA_ROOT) / "linxia" / "linxia-2020-81.txt"


def _parse(path: Path) -> dict:
    out = StringIO()
    call_command("parse_plan", str(path), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_plan_is_one_json_value_in_the_contract_shape() -> None:
    answer = _parse(SOURCE)
    assert set(answer) == {"title", "tasks"}
    assert [task["number"] for task in answer["tasks"]] == [row[0] for row in TASKS]
    for task in answer["tasks"]:
        assert set(task) == {
            "number", "part", "title", "text", "assignments", "deadlines", "recurring",
        }  # fmt: skip
        assert all(set(a) == {"lead", "implementing"} for a in task["assignments"])
        assert all(set(d) == {"date", "phrase", "scope"} for d in task["deadlines"])


def test_gb18030_and_docx_are_read_the_same(tmp_path: Path) -> None:
    text = SOURCE.read_text(encoding="utf-8")
    old = tmp_path / "方案.txt"
    old.write_bytes(text.encode("gb18030"))
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "方案.docx"))
    expected = _parse(SOURCE)
    assert _parse(old) == expected
    assert _parse(tmp_path / "方案.docx") == expected


def test_a_table_in_a_docx_is_read_by_its_columns(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("2021年重点任务分工表")
    rows = [
        ("序号", "工作任务", "牵头单位", "责任单位", "完成时限"),
        ("1", "推进权责清单公开", "市甲办", "市政府各部门", "2021年10月底前"),
        ("2", "编制目录", "市乙局", "各县市人民政府、各乡镇（街道）", "持续推进"),
    ]
    table = document.add_table(rows=0, cols=5)
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    document.save(str(tmp_path / "表.docx"))
    first, second = _parse(tmp_path / "表.docx")["tasks"]
    assert first["assignments"] == [{"lead": ["市甲办"], "implementing": ["市政府各部门"]}]
    assert first["deadlines"][0]["date"] == "2021-10-31"
    assert second["recurring"] == [{"phrase": "持续推进"}]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("关于开会的通知\n各单位：\n请于10月20日前报名。\n", "没有读到任务"),
        ("某市2022年方案\n一、任务\n1.整改。2020年2月30日前完成整改。（责任单位：市甲局）", "2020年2月30日前"),
        ("某市2022年方案\n一、任务\n1.甲。（责任单位：市甲局）\n1.乙。（责任单位：市乙局）", "编号重复"),
        ("", "空的"),
    ],
)  # fmt: skip
def test_bad_input_is_named_in_chinese_with_status_2(
    content: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=reason) as error:
        call_command("parse_plan", str(path), "--json", stdout=StringIO())
    assert error.value.returncode == 2


def test_the_shell_sees_status_2_and_nothing_on_standard_output(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("各单位：\n请报名。\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "yangguang", "parse_plan", str(path), "--json"],
        capture_output=True, text=True, cwd=settings.PROJECT_ROOT / "src",
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert "没有读到任务" in done.stderr
