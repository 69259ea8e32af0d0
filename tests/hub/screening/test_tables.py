"""词典的表格：导出再导入一条不差；哪一行哪一格不对，说得出来，一条也不收。"""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from yangguang.hub.screening.entries import DICTIONARIES, Entry
from yangguang.hub.screening.packaged import packaged
from yangguang.hub.screening.tables import FaultyTable, letter, read, write
from yangguang.hub.screening.workbook import UnreadableWorkbook, dump, load

HEAD = ["误", "正", "处理", "除外", "说明"]


@pytest.mark.parametrize("dictionary", DICTIONARIES)
def test_what_is_exported_is_imported_unchanged(dictionary: str) -> None:
    leader = Entry("leaders", "演示甲", "演示县县长", ("演示钾",), valid_from=date(2024, 3, 1))
    entries = list(packaged(dictionary)) or [leader]
    assert load(dictionary, BytesIO(dump(dictionary, entries))) == entries


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["", "正"], "第 3 行“误”（A3）：不能为空。"),
        (["误写", ""], "第 3 行“正”（B3）：不能为空。"),
        (["误写", "误写"], "第 3 行“误”（A3）：“误写”与正确的写法一样。"),
        (["误", "正确"], "第 3 行“误”（A3）：“误”太短，要查的字样至少 2 个字。"),
        (["误写", "正写", "删"], "第 3 行“处理”（C3）：“删”应为“拦下”或“提醒”，也可以空着。"),
        (["误写", "正写", "", "别的"], "第 3 行“除外”（D3）：“别的”里没有“误写”，不必除外。"),
        (["误写", "=A1"], "第 3 行“正”（B3）：是公式，请粘贴为值。"),
        (["按装", "安装"], "第 3 行“误”（A3）：与第 2 行重复。"),
        (["误\n写", "正写"], "第 3 行“误”（A3）：含有换行或看不见的字符，请删去。"),
    ],
)
def test_each_wrong_cell_is_named(line: list[str], told: str) -> None:
    with pytest.raises(FaultyTable) as faulty:
        read("typos", [HEAD, ["按装", "安装"], line])
    assert [str(fault) for fault in faulty.value.faults] == [told]


def test_headings_and_dates_are_checked() -> None:
    with pytest.raises(FaultyTable, match="第 1 行“错”（A1）：没有这一栏"):
        read("typos", [["错", *HEAD[1:]]])
    with pytest.raises(FaultyTable, match="第 1 行“说明”：缺少这一栏"):
        read("typos", [HEAD[:-1]])
    head = [field.heading for field in DICTIONARIES["terms"].fields]
    with pytest.raises(FaultyTable, match="（E2）：“2020-13-01”不是有效的日期"):
        read("terms", [head, ["旧称呼", "", "", "", "2020-13-01", "", ""]])
    with pytest.raises(FaultyTable, match="（F2）：止日早于起日"):
        read("terms", [head, ["旧称呼", "", "", "", "2020-02-01", "2020-01-01", ""]])


def test_one_bad_cell_in_sixty_thousand_rows_is_found() -> None:
    lines = [HEAD, *([f"误写{number}", "正写", "", "", ""] for number in range(60_000))]
    lines[41_234][2] = "拦"
    with pytest.raises(FaultyTable) as faulty:
        read("typos", lines)
    assert [str(fault) for fault in faulty.value.faults] == [
        "第 41235 行“处理”（C41235）：“拦”应为“拦下”或“提醒”，也可以空着。"
    ]


def test_a_long_list_of_faults_is_cut_short() -> None:
    with pytest.raises(FaultyTable) as faulty:
        read("typos", [HEAD, *(["误写", ""] for _ in range(5_000))])
    assert len(faulty.value.faults) == 100


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04" + b"\x00" * 40])
def test_what_is_not_a_workbook_is_said_so(content: bytes) -> None:
    with pytest.raises(UnreadableWorkbook):
        load("typos", BytesIO(content))


def test_dates_written_as_dates_are_read() -> None:
    book = Workbook()
    book.active.append([field.heading for field in DICTIONARIES["terms"].fields])
    book.active.append(["旧称呼", "", "提醒", "", date(2020, 1, 1), None, None])
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    (entry,) = load("terms", stream)
    assert (entry.severity, entry.valid_from) == ("warn", date(2020, 1, 1))


HANZI = "".join(
    bytes([row, cell]).decode("gb2312", "ignore")
    for row in range(0xB0, 0xF8)
    for cell in range(0xA1, 0xFF)
)
WORDS = st.text(HANZI, min_size=2, max_size=8)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=8, unique_by=lambda pair: pair[0]))
def test_reading_undoes_writing(pairs: list[tuple[str, str]]) -> None:
    entries = [Entry("typos", wrong, right) for wrong, right in pairs if wrong != right]
    assert read("typos", write("typos", entries)) == entries


def test_columns_are_lettered_as_in_the_sheet() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
