"""年度报告的勾稽：合的一处不报，改动任何一格都报得出，报得准。"""

import json
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from yangguang.dialogue.requests.annual_check import Finding, NotAReport, check, read_report
from yangguang.dialogue.requests.table3 import (
    APPLICANTS,
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    FORMS,
    GROUPS,
    OUTCOMES,
    PROCESSED,
    RECEIVED,
    results_of,
    row_label,
    rows_of,
)
from yangguang.foundation.commands import BadInput


def summed(line: dict[str, int]) -> dict[str, int]:
    return line | {"total": sum(line.values())}


@st.composite
def reports(draw: st.DrawFn) -> dict[str, Any]:
    """一份合得上的报告。"""
    form = draw(st.sampled_from(sorted(FORMS)))
    small = st.integers(0, 40)
    table3: dict[str, dict[str, int]] = {
        each.code: {column: draw(small) for column in APPLICANTS} for each in results_of(form)
    }
    done = {column: sum(line[column] for line in table3.values()) for column in APPLICANTS}
    out = {column: draw(small) for column in APPLICANTS}
    carried = {column: draw(st.integers(0, done[column] + out[column])) for column in APPLICANTS}
    received = {column: done[column] + out[column] - carried[column] for column in APPLICANTS}
    table3 |= {RECEIVED: received, CARRIED_IN: carried, PROCESSED: done, CARRIED_OUT: out}
    table3 = {row: summed(line) for row, line in table3.items()}
    table4 = {
        group: summed({name: draw(small) for name in OUTCOMES if name != "total"})
        for group in GROUPS
    }
    previous = {"form": form, "table3": {CARRIED_OUT: dict(table3[CARRIED_IN])}}
    return {"form": form, "table3": table3, "table4": table4, "previous": previous}


def found_in(given: dict[str, Any]) -> list[Finding]:
    return check(read_report(given))


@given(reports())
def test_a_report_that_adds_up_has_no_finding(report: dict[str, Any]) -> None:
    assert found_in(report) == []


@given(reports(), st.data())
def test_one_cell_changed_is_found_by_every_rule_it_stands_in(
    report: dict[str, Any], data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from(rows_of(report["form"])))
    column = data.draw(st.sampled_from(sorted(COLUMNS)))
    changed = deepcopy(report)
    changed["table3"][row][column] += data.draw(st.integers(1, 9))
    found = {(each.rule, each.row, each.column) for each in found_in(changed)}
    parts = {each.code for each in results_of(report["form"])}
    expected = {("R3", row, "total")}
    if row in (RECEIVED, CARRIED_IN, PROCESSED, CARRIED_OUT):
        expected.add(("R1", CARRIED_OUT, column))
    if row in parts | {PROCESSED}:
        expected.add(("R2", PROCESSED, column))
    if row == CARRIED_IN:
        expected.add(("R5", CARRIED_IN, column))
    assert found == expected


@given(reports(), st.sampled_from(sorted(GROUPS)), st.sampled_from(sorted(OUTCOMES)))
def test_table_four_is_added_group_by_group(
    report: dict[str, Any], group: str, outcome: str
) -> None:
    report["table4"][group][outcome] += 1
    (found,) = found_in(report)
    assert (found.rule, found.row, found.column) == ("R4", group, "total")


@given(reports(), st.data())
def test_an_empty_cell_is_told_and_never_guessed(
    report: dict[str, Any], data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from(rows_of(report["form"])))
    column = data.draw(st.sampled_from(sorted(COLUMNS)))
    report["table3"][row][column] = None
    (found,) = found_in(report)
    assert (found.rule, found.severity, found.row, found.column) == ("R9", "warning", row, column)


def test_the_forms_have_the_rows_of_the_printed_tables() -> None:
    assert (len(rows_of("2021")), len(rows_of("2019"))) == (25, 23)
    assert rows_of("2019")[-3:] == ("other_all", PROCESSED, CARRIED_OUT)
    assert row_label("deny_7_enforcement_file") == "（三）不予公开7.属于行政执法案卷"


def plain() -> dict[str, Any]:
    zero = dict.fromkeys(COLUMNS, 0)
    return {"form": "2021", "table3": {row: dict(zero) for row in rows_of("2021")}}


def told_of(change: Any) -> str:
    report = plain()
    change(report)
    with pytest.raises(NotAReport) as caught:
        read_report(report)
    return str(caught.value)


def test_what_is_not_a_report_is_told_by_its_cell() -> None:
    assert "form" in told_of(lambda r: r.update(form="2018"))
    assert "table3" in told_of(lambda r: r.pop("table3"))
    assert "缺少 granted" in told_of(lambda r: r["table3"].pop("granted"))
    assert "不认识 other_all" in told_of(lambda r: r["table3"].update(other_all={}))
    assert "table3.granted：缺少 total" in told_of(lambda r: r["table3"]["granted"].pop("total"))
    for wrong in ("3", 3.0, True):
        told = told_of(lambda r, value=wrong: r["table3"]["granted"].update(research=value))
        assert "table3.granted.research" in told
    assert "table4：缺少" in told_of(lambda r: r.update(table4={}))
    assert "previous" in told_of(lambda r: r.update(previous={"table3": {}}))


def test_a_negative_number_is_an_error() -> None:
    report = plain()
    report["table3"]["granted"] = dict.fromkeys(COLUMNS, 0) | {"research": -1, "commercial": 1}
    found = [each for each in found_in(report) if each.rule == "R9"]
    assert [(each.severity, each.row, each.column, each.found) for each in found] == [
        ("error", "granted", "research", -1)
    ]


def run(path: Path) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    try:
        call_command("annual_report", "check", str(path), "--json", stdout=out)
    except SystemExit as left:
        return int(left.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_the_command_leaves_with_one_when_there_is_an_error(tmp_path: Path) -> None:
    file, report = tmp_path / "report.json", plain()
    file.write_text(json.dumps(report))
    assert run(file) == (0, {"findings": []})
    report["table3"]["granted"]["total"] = None
    file.write_text(json.dumps(report))
    code, found = run(file)
    assert (code, [each["rule"] for each in found["findings"]]) == (0, ["R9"])
    report["table3"]["granted"]["total"] = 4
    file.write_text(json.dumps(report))
    code, found = run(file)
    assert code == 1
    assert found["findings"][1] | {"message": ""} == {
        "rule": "R3", "severity": "error", "row": "granted", "column": "total", "expected": 0,
        "found": 4, "message": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "第 1 行"),
        ("[]", "JSON 对象"),
        ('{"form": "2021", "form": "2019"}', "form.*两次"),
        ("\udcff", "UTF-8"),
        ('{"form": ' + "9" * 5000 + "}", "位数太多"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_where(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises((BadInput, CommandError), match=told):
        run(file)
    with pytest.raises((BadInput, CommandError), match="打不开"):
        run(tmp_path / "none.json")
