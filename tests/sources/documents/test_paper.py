"""公文格式的 docx：GB/T 9704—2012 的尺寸、字体、字号；各要素各在其位，不印两遍。"""

import time
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.files.extraction import read_text
from yangguang.sources.documents.elements import body_blocks
from yangguang.sources.documents.selectors import paper_of
from yangguang.sources.documents.sheet import Paper, lay_out_paper
from yangguang.sources.documents.word import docx_of

TEXT = """测州办发〔2020〕3号

测试州人民政府办公室关于印发试行办法的通知

各县市人民政府，州直各部门：
现将《试行办法》印发给你们，请认真贯彻执行。
一、总体要求
（一）基本原则。
坚持公开为常态。

测试州人民政府办公室
2020年9月25日
（此件公开发布）

试行办法
第一条 为规范有关工作，制定本办法。
"""


def paper(text: str = TEXT, **given: Any) -> Paper:
    usual = {
        "title": "测试州人民政府办公室关于印发试行办法的通知", "number": "测州办发〔2020〕3号",
        "issuers": ["测试州人民政府办公室"], "addressees": ["各县市人民政府", "州直各部门"],
        "disclosure": "proactive", "disclosure_mark": "（此件公开发布）",
        "written_on": date(2020, 9, 25), "issued_on": date(2020, 9, 28),
        "body": body_blocks(text), "attachments": [], "printed_by": "测试州人民政府办公室",
    }  # fmt: skip
    return lay_out_paper(**{**usual, **given})


def opened(made: Paper) -> Any:
    return Document(BytesIO(docx_of(made)))


def line_of(made: Any, text: str) -> Any:
    (found,) = [each for each in made.paragraphs if each.text == text]
    return found


def test_each_element_stands_once_in_its_place() -> None:
    lines = [each.text for each in opened(paper()).paragraphs if each.text.strip()]
    assert lines == [
        "测试州人民政府办公室文件",
        "测州办发〔2020〕3号",
        "测试州人民政府办公室",
        "关于印发试行办法的通知",
        "各县市人民政府，州直各部门：",
        "现将《试行办法》印发给你们，请认真贯彻执行。",
        "一、总体要求",
        "（一）基本原则。",
        "坚持公开为常态。",
        "测试州人民政府办公室",
        "2020年9月25日",
        "（此件公开发布）",
        "试行办法",
        "第一条 为规范有关工作，制定本办法。",
        "测试州人民政府办公室\u3000\u30002020年9月28日印发",
    ]


def test_a_title_left_in_the_text_is_not_printed_twice_in_one_line_or_in_several() -> None:
    title = "测试州人民政府办公室关于印发试行办法的通知"
    once = [each.text for each in opened(paper()).paragraphs]
    for lines in ([title], [title[:10], title[10:]]):
        text = "\n".join(["各县市人民政府，州直各部门：", *TEXT.splitlines()[5:]])
        head = [{"type": "paragraph", "style": "plain", "text": line} for line in lines]
        made = paper(body=[*head, *body_blocks(text)])
        assert [each.text for each in opened(made).paragraphs] == once


def test_what_the_text_lacks_is_made_from_the_elements() -> None:
    body = [{"type": "paragraph", "text": "请遵照执行。", "style": "plain"}]
    made = paper(
        body=body, disclosure="on_request", disclosure_mark="",
        issuers=["甲局", "乙局"], attachments=["名单", "时间表"],
    )  # fmt: skip
    lines = [each.text for each in opened(made).paragraphs if each.text.strip()]
    assert lines[0] == "甲局文件" and lines[4] == "各县市人民政府、州直各部门："
    assert lines[6:12] == [
        "附件：1.名单", "\u3000\u3000\u30002.时间表", "甲局", "乙局", "2020年9月25日",
        "（此件依申请公开）",
    ]  # fmt: skip


def test_a_document_to_a_superior_names_its_signer_beside_the_number() -> None:
    made = opened(paper(signer="马明"))
    line = line_of(made, "测州办发〔2020〕3号\t签发人：马明")
    assert [run.font.name for run in line.runs] == ["仿宋_GB2312", "楷体_GB2312"]
    assert "签发人" not in "".join(each.text for each in opened(paper()).paragraphs)


@pytest.mark.parametrize(
    ("body", "copied_to", "line"),
    [
        (TEXT, ["甲局", "乙局"], "抄送：甲局，乙局。"),
        (f"{TEXT}抄送：州委办公室。\n", [], "抄送：州委办公室。"),
    ],
)
def test_those_copied_stand_above_who_printed_it(
    body: str, copied_to: list[str], line: str
) -> None:
    lines = [
        each.text
        for each in opened(paper(body=body_blocks(body), copied_to=copied_to)).paragraphs
        if each.text.strip()
    ]
    assert lines[-2] == line and lines[-1].endswith("印发") and lines.count(line) == 1


def test_those_copied_in_the_text_stay_where_they_are_until_there_is_an_imprint() -> None:
    body = body_blocks(f"{TEXT}抄送：州委办公室。\n")
    lines = [each.text for each in opened(paper(body=body, issued_on=None)).paragraphs]
    assert lines.count("抄送：州委办公室。") == 1


def test_the_measures_are_those_of_the_standard() -> None:
    made = opened(paper())
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    width = (section.page_width - section.left_margin - section.right_margin) / 36000
    height = (section.page_height - section.top_margin - section.bottom_margin) / 36000
    assert abs(width - 156) < 0.1 and abs(height - 225) < 0.1
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    space = int(made.styles["Normal"].element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert grid.get(qn("w:type")) == "lines"
    assert int(height / 25.4 * 72 / pitch) == 22
    assert int(width / 25.4 * 72 / (16 + space)) == 28


@pytest.mark.parametrize(
    ("text", "font", "size"),
    [
        ("关于印发试行办法的通知", "方正小标宋简体", 22),
        ("坚持公开为常态。", "仿宋_GB2312", 16),
        ("一、总体要求", "黑体", 16),
        ("（一）基本原则。", "楷体_GB2312", 16),
        ("测试州人民政府办公室\u3000\u30002020年9月28日印发", "仿宋_GB2312", 14),
    ],
)
def test_the_typefaces_are_those_of_the_standard(text: str, font: str, size: int) -> None:
    run = line_of(opened(paper()), text).runs[0]
    assert run.font.size.pt == size
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == font


def test_the_head_is_red_and_pages_are_numbered_outside() -> None:
    made = opened(paper())
    head = line_of(made, "测试州人民政府办公室文件").runs[0]
    assert str(head.font.color.rgb) == "E60000"
    odd, even = made.sections[0].footer, made.sections[0].even_page_footer
    assert made.settings.odd_and_even_pages_header_footer
    assert [str(each.paragraphs[0].alignment) for each in (odd, even)] == ["RIGHT (2)", "LEFT (0)"]
    assert "PAGE" in odd._element.xml and odd.paragraphs[0].runs[0].font.size.pt == 14


def test_the_signing_date_leaves_four_characters_and_the_note_two() -> None:
    made = opened(paper())
    assert line_of(made, "2020年9月25日").paragraph_format.right_indent.pt == 64
    assert abs(line_of(made, "（此件公开发布）").paragraph_format.first_line_indent.pt - 31.6) < 0.1


def test_the_same_paper_gives_the_same_bytes() -> None:
    first = docx_of(paper())
    time.sleep(0.01)
    assert docx_of(paper()) == first


def test_a_table_of_three_hundred_pages_is_laid_out_in_seconds() -> None:
    rows = [[str(number), "单位名称", "事项说明" * 4, "备注"] for number in range(6600)]
    began = time.monotonic()
    made = docx_of(paper(body=[{"type": "table", "rows": rows}]))
    assert time.monotonic() - began < 30
    (table,) = Document(BytesIO(made)).tables
    assert len(table._tbl.tr_lst) == 6600


@pytest.mark.django_db
def test_the_workbench_gives_a_paper_that_reads_back_as_the_document(town: Town) -> None:
    document = town.document(3)
    answer = sign_in(town.reviewer).get(f"/workbench/documents/{document.pk}/paper/")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    assert answer.content == docx_of(paper_of(document))
    text = read_text(answer.content).text
    for words in (document.title, document.document_number, "现将《第3号工作方案》印发给你们"):
        assert words in text.replace("\n", "")
