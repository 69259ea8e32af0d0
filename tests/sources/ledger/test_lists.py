"""单位公文系统的清单：栏名各有叫法，日期写法各异，好的收、坏的逐格说清楚。"""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from yangguang.foundation.files.tables import lines_of_csv
from yangguang.sources.ledger.lists import (
    MOST_ROWS,
    Marked,
    NotAList,
    Reading,
    as_date,
    read,
    read_list,
)

TODAY = date(2020, 12, 1)
HEAD = "发文字号,标题,印发日期,公开属性\n"
CN = "〇一二三四五六七八九"


def read_csv(text: str, today: date) -> Reading:
    return read(lines_of_csv(text, MOST_ROWS), today)


@pytest.mark.parametrize(
    "cell",
    [
        "二〇二〇年九月二十五日", "二○二○年九月二十五日", "二OO二年九月二十五日".replace("OO二", "〇二〇"),
        "2020.9.25", "2020-09-25", "2020/9/25", "20200925", "2020年9月25日", "２０２０年９月２５日",
        "2020 年 9 月 25 日", "2020-09-25 10:30:00", "2020-09-25T10:30:00+08:00", 44099, 44099.0,
        "44099", date(2020, 9, 25), datetime(2020, 9, 25, 10, 30),
    ],
)  # fmt: skip
def test_every_way_of_writing_the_same_day_is_the_same_day(cell: object) -> None:
    assert as_date(cell) == date(2020, 9, 25)


@pytest.mark.parametrize("cell", [None, "", "无", "—"])
def test_an_empty_cell_is_no_day(cell: object) -> None:
    assert as_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2020年9月", "没有写全"), ("20.9.25", "没有写全"), ("2020年2月30日", "历法上没有"),
        ("20200230", "历法上没有"), ("近日", "看不出"), (12, "不是日期"), ("81", "不是日期"),
        ("2020.9.25至2020.9.30", "看不出"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_told_and_never_guessed(cell: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        as_date(cell)


def in_chinese(day: date) -> str:
    def small(number: int) -> str:
        tens, ones = divmod(number, 10)
        return ("" if not tens else ("十" if tens == 1 else f"{CN[tens]}十")) + (
            CN[ones] if ones else ""
        )

    year = "".join(CN[int(digit)] for digit in str(day.year))
    return f"{year}年{small(day.month)}月{small(day.day)}日"


@given(st.dates(date(1970, 1, 1), date(2099, 12, 31)))
def test_any_day_is_read_back_from_every_form(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms: list[object] = [
        in_chinese(day), f"{day.year}.{day.month}.{day.day}", day.isoformat(), serial, f"{day:%Y%m%d}",
    ]  # fmt: skip
    assert [as_date(each) for each in forms] == [day] * len(forms)


def test_a_list_with_a_big_title_other_names_and_half_its_dates_in_chinese() -> None:
    found = read_csv(
        "临夏州某局2020年度发文台账,,,,,\n,,,,,\n"
        "序号,文号,文件标题,发文时间,公开方式,成文日期\n"
        "1,临州某发[2020]1号,关于甲的通知,二〇二〇年九月二十五日,主动公开,2020.9.20\n"
        "2,临州某发〔2020〕2号,关于乙的\n通知,44099,依申请公开,\n".replace("乙的\n通知", "乙的通知")
        + "3,,没有字号的一份,2020/9/25,（不予公开）,\n",
        TODAY,
    )
    assert found.faults == () and found.lines == 3
    first, second, third = found.rows
    assert (first.document_number, first.issued_on) == ("临州某发〔2020〕1号", date(2020, 9, 25))
    assert first.written_on == date(2020, 9, 20)
    assert (second.issued_on, second.disclosure) == (date(2020, 9, 25), "on_request")
    assert (third.document_number, third.disclosure) == ("", "withheld")


def test_every_bad_cell_is_told_with_its_row_and_the_good_rows_are_kept() -> None:
    found = read_csv(
        HEAD.strip() + ",网址,上网日期\n"
        "甲发〔2020〕1号,好的,2020-09-25,主动公开,,\n"
        "甲发〔2020〕1号,文号重复,2020-09-25,主动公开,,\n"
        "看不懂,坏,不知道,也许,ftp://a/,2021-01-01\n"
        ",,2020-09-25,主动公开,,\n"
        "甲发〔2020〕3号,有网址没有日期,2020-09-25,主动公开,https://a.gov.cn/1,\n",
        TODAY,
    )
    assert [row.title for row in found.rows] == ["好的"]
    told = [(each.row, each.field) for each in found.faults]
    assert told == [
        (3, "document_number"), (4, "document_number"), (4, "issued_on"), (4, "disclosure"),
        (4, "address"), (4, "online_on"), (5, "title"), (6, "online_on"),
    ]  # fmt: skip
    assert str(found.faults[0]) == "第 3 行“发文字号”：与第 2 行的文号相同。"


def test_a_list_without_a_needed_column_or_without_rows_is_refused_as_a_whole() -> None:
    with pytest.raises(NotAList, match="缺少这几栏：公开属性"):
        read_csv("文号,标题,印发日期\nx,y,z\n", TODAY)
    with pytest.raises(NotAList, match="没有认出栏名"):
        read_csv("随便\n写的\n", TODAY)
    with pytest.raises(NotAList, match="只有栏名"):
        read_csv(HEAD, TODAY)


@pytest.mark.parametrize("where", ["title", "head", "row"])
def test_a_secret_mark_anywhere_refuses_the_whole_list(where: str) -> None:
    lines = [["发文台账"], ["发文字号", "标题", "印发日期", "公开属性", "密级"]]
    lines.append(["甲发〔2020〕1号", "一份", "2020-09-25", "不予公开", ""])
    if where == "title":
        lines[0] = ["机密★10年"]
    elif where == "head":
        lines[1][4] = "秘密"
    else:
        lines[2][4] = "机密"
    with pytest.raises(Marked):
        read(lines, TODAY)


def sheet(*rows: list[object], mac: bool = False) -> bytes:
    book = Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    for row in rows:
        book.worksheets[0].append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_an_xlsx_with_real_dates_and_with_bare_serials_of_either_calendar() -> None:
    head: list[object] = ["文号", "标题", "印发日期", "公开属性"]
    plain = sheet(head, ["甲发〔2020〕1号", "一", date(2020, 9, 25), "主动公开"])
    assert read_list(plain, TODAY).rows[0].issued_on == date(2020, 9, 25)
    serial = sheet(head, ["甲发〔2020〕1号", "一", 44099, "主动公开"])
    assert read_list(serial, TODAY).rows[0].issued_on == date(2020, 9, 25)
    mac = sheet(head, ["甲发〔2020〕1号", "一", 44099 - 1462, "主动公开"], mac=True)
    assert read_list(mac, TODAY).rows[0].issued_on == date(2020, 9, 25)


def test_a_csv_in_the_encoding_of_chinese_office_software() -> None:
    text = HEAD + "甲发〔2020〕1号,关于做好有关工作的通知,2020年9月25日,主动公开\n"
    assert read_list(text.encode("gb18030"), TODAY).rows[0].title == "关于做好有关工作的通知"
    assert len(read_list(text.encode("utf-8-sig"), TODAY).rows) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "旧版的 xls"),
        (b"PK\x03\x04broken", "损坏"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "认不出"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_what_to_do(content: bytes, told: str) -> None:
    with pytest.raises(NotAList, match=told):
        read_list(content, TODAY)


def test_dates_that_cannot_be_are_told() -> None:
    head = HEAD.strip() + ",成文日期\n"
    found = read_csv(
        head
        + "甲发〔2020〕1号,今后,2020-12-02,主动公开,\n甲发〔2020〕2号,倒着,2020-09-01,主动公开,2020-09-02\n",
        TODAY,
    )
    assert [(each.row, each.field) for each in found.faults] == [
        (2, "issued_on"),
        (3, "written_on"),
    ]
    assert TODAY + timedelta(days=1) == date(2020, 12, 2)
