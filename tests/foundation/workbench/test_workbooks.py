"""导出的表：别人填的文字只是文字，日期是日期。"""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from yangguang.foundation.workbench.workbooks import download, one_sheet


def test_what_somebody_typed_is_never_a_formula_and_never_breaks_the_sheet() -> None:
    typed = '=HYPERLINK("http://x.example","低保")'
    content = one_sheet(
        "表", (("词", 20), ("日期", 12)), [[typed, date(2026, 11, 25)], ["a\x00b", None]]
    )
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["词", "日期"] and sheet.title == "表"
    assert (sheet["A2"].value, sheet["A2"].data_type) == (typed, "s")
    assert sheet["B2"].number_format == "yyyy-mm-dd" and sheet["A3"].value == "ab"


def test_a_heading_somebody_typed_is_never_a_formula_either() -> None:
    typed = '=HYPERLINK("http://x.example","点这里")'
    sheet = load_workbook(BytesIO(one_sheet("表", ((typed, 20), ("a\x00b", 12)), []))).worksheets[0]
    assert (sheet["A1"].value, sheet["A1"].data_type) == (typed, "s")
    assert sheet["B1"].value == "ab"


def test_a_download_is_saved_under_its_chinese_name() -> None:
    assert (
        "filename*=utf-8''%E5%8F%B0%E8%B4%A6.xlsx" in download(b"", "台账")["Content-Disposition"]
    )
