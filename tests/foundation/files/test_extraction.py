"""读文字：各种编码、docx、pdf，以及读不了时怎样说。"""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from django.conf import settings
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.files.extraction import Unreadable, read_text
from yangguang.foundation.files.list_numbers import chinese

from .making import LEFT, Set, numbered_docx, pdf, save, typeset

PLAN = (Path(settings.DATA_ROOT) / "linxia" / "linxia-2020-81.txt").read_text(encoding="utf-8")
NOTICE = "关于做好2021年政务公开工作的通知\n各县（市、区）人民政府：\n现将有关事项通知如下。"


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_text(data)
    return caught.value.reason


# ---- 文本 ----


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", [NOTICE, PLAN], ids=["短", "长"])
def test_the_same_text_is_read_from_every_encoding_in_use(encoding: str, text: str) -> None:
    assert read_text(text.encode(encoding)).text == text


def test_a_path_and_its_bytes_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_bytes(NOTICE.encode("gb18030"))
    assert read_text(path) == read_text(str(path)) == read_text(NOTICE.encode())


def test_control_and_zero_width_characters_vanish_and_odd_spaces_become_spaces() -> None:
    dirty = "\ufeff关于\u200b印发\x00《办\xad法》的\u2003通\xa0知\r\n第二行\u2028第三行\x0c第四行"
    assert read_text(dirty.encode()).text == "关于印发《办法》的 通 知\n第二行\n第三行\n第四行"


def test_the_ideographic_space_of_an_indent_stays() -> None:
    assert read_text("\u3000\u3000现将".encode()).text == "\u3000\u3000现将"


def test_empty_files_are_refused() -> None:
    for data in (b"", b"\n \t\r\n", b"\xef\xbb\xbf", b"\x00" * 2000, "\u3000\u200b".encode()):
        assert "空的" in refusal(data)


def test_binary_files_are_refused() -> None:
    assert "图片" in refusal(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4)
    assert "程序" in refusal(b"MZ\x90\x00\x03\x00\x00" + bytes(200))
    assert "压缩包" in refusal(b"Rar!\x1a\x07\x01\x00\x02")
    assert "不是文本文件" in refusal(bytes(range(256)) * 8)
    assert "旧版" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    assert "RTF" in refusal(b"{\\rtf1\\ansi hello}")
    assert "网页" in refusal("<!DOCTYPE html><html><body>通知</body></html>".encode())


def test_wrong_and_damaged_encodings_are_refused_not_guessed() -> None:
    assert "编码" in refusal(PLAN[:200].encode()[:-1])
    assert "编码" in refusal("關於印發政務公開工作實施方案的通知，請認真貫徹執行。".encode("big5"))
    assert "编码" in refusal(b"\xff\xfe" + b"\x00\xd8" + b"a")


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    with pytest.raises(Unreadable, match="超过 100 MB 的上限"):
        read_text(path)


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"找不到文件：无\.txt"):
        read_text(tmp_path / "无.txt")
    with pytest.raises(Unreadable, match="是文件夹"):
        read_text(tmp_path)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_chinese(data: bytes) -> None:
    try:
        text = read_text(data).text
    except Unreadable as refused:
        assert refused.reason.endswith("。")
    else:
        assert text.strip() and "\x00" not in text


@given(st.binary(max_size=300), st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04word/"]))
def test_damaged_pdf_and_docx_are_refused_in_chinese(data: bytes, head: bytes) -> None:
    assert refusal(head + data).endswith("。")


# ---- docx ----


def test_paragraphs_and_tables_keep_the_order_of_the_document() -> None:
    document = docx.Document()
    document.add_paragraph("表一")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["序号", "任务", "1", "公开\n清单"], strict=True):
        cell.text = text
    document.add_paragraph("表后一段")
    read = read_text(save(document))
    assert read.text == "表一\n序号 | 任务\n1 | 公开 清单\n表后一段"
    assert read.blocks[1] == {"type": "table", "rows": [["序号", "任务"], ["1", "公开 清单"]]}


def test_merged_cells_keep_the_columns_in_line() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "任务"
    table.cell(0, 2).text = "单位"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "甲"
    table.cell(1, 1).text, table.cell(1, 2).text = "乙", "丙"
    table.cell(2, 1).text, table.cell(2, 2).text = "丁", "戊"
    assert read_text(save(document)).blocks[0]["rows"] == [
        ["任务", "", "单位"],
        ["甲", "乙", "丙"],
        ["", "丁", "戊"],
    ]


def test_a_one_column_table_is_a_frame_around_paragraphs() -> None:
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "第一段"
    cell.add_paragraph("第二段")
    assert read_text(save(document)).text == "第一段\n第二段"


def test_headers_and_footers_are_kept_apart() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "机密★1年"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    document.add_paragraph("正文")
    read = read_text(save(document))
    assert read.text == "正文"
    assert read.margins == ("第1页", "机密★1年")


def test_automatic_numbers_are_written_out() -> None:
    levels = [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
    paragraphs = [
        (None, "标题"), (0, "总体要求"), (1, "原则"), (2, "依法"), (2, "便民"),
        (1, "目标"), (2, "重新起编"), (0, "主要任务"), (1, "又从一起"),
    ]  # fmt: skip
    assert read_text(numbered_docx(levels, paragraphs)).text.split("\n") == [
        "标题", "一、总体要求", "（一）原则", "1.依法", "2.便民",
        "（二）目标", "1.重新起编", "二、主要任务", "（一）又从一起",
    ]  # fmt: skip


def test_bullets_add_nothing_and_nested_decimals_show_their_parents() -> None:
    assert read_text(numbered_docx([("bullet", "")], [(0, "一点")])).text == "一点"
    levels = [("decimal", "%1"), ("decimal", "%1.%2")]
    assert read_text(numbered_docx(levels, [(0, "总则"), (1, "目的")])).text == "1 总则\n1.1 目的"


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (105, "一百〇五"), (110, "一百一十")],
)
def test_chinese_counting(number: int, written: str) -> None:
    assert chinese(number) == written


def test_text_boxes_are_read_once_after_their_paragraph() -> None:
    document = docx.Document()
    added = document.add_paragraph("段落")
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    added._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
            f' xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps">'
            f"{box}</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape>"
            "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    document.add_paragraph("后段")
    assert read_text(save(document)).text == "段落\n框内\n后段"


def test_a_line_break_inside_a_paragraph_is_a_line() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("某县人民政府\n关于印发办法的通知")
    assert read_text(save(document)).text == "某县人民政府\n关于印发办法的通知"


def test_hidden_text_is_not_read_and_is_reported() -> None:
    document = docx.Document()
    added = document.add_paragraph("看得见")
    added.add_run("看不见").font.hidden = True
    read = read_text(save(document))
    assert read.text == "看得见"
    assert "隐藏文字" in read.warnings[0]


def test_a_part_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yangguang.foundation.files.word.MAX_PART", 1000)
    document = docx.Document()
    document.add_paragraph("字" * 5000)
    assert "过大" in refusal(save(document))


def test_external_entities_are_refused_and_never_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("不该读到")
    made = docx.Document()
    made.add_paragraph("占位")
    source = zipfile.ZipFile(io.BytesIO(save(made)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "word/document.xml":
                body = content.decode().split("?>", 1)[1].replace("占位", "占位&x;")
                content = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>{body}'.encode()
            target.writestr(item, content)
    assert refusal(out.getvalue()) == "文件内部结构已损坏，请用 Word 或 WPS 重新保存后再传。"


def test_other_packages_say_what_they_are() -> None:
    def package(name: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            made.writestr(name, "x")
        return out.getvalue()

    assert "OFD" in refusal(package("OFD.xml"))
    assert "Excel" in refusal(package("xl/workbook.xml"))
    assert "压缩包" in refusal(package("通知.txt"))
    assert "压缩包" in refusal(package("word/other.xml"))


# ---- pdf ----


def test_wrapped_lines_of_a_pdf_are_joined_into_paragraphs() -> None:
    long = "为认真贯彻落实上级关于政务公开工作的部署要求，进一步明确目标任务、落实工作责任，扎实推进全市政务公开工作，制定本实施方案，请结合实际认真贯彻执行。"
    paragraphs = [
        ("center", "某某市人民政府办公室关于印发"),
        ("center", "政务公开工作实施方案的通知"),
        ("flush", "各县（市、区）人民政府："),
        *[("indent", long)] * 12,
        ("right", "某某市人民政府办公室"),
        ("right", "2021年3月5日"),
    ]
    read = read_text(typeset(paragraphs))
    assert read.text.split("\n") == [text for _, text in paragraphs]


def test_page_numbers_and_running_heads_are_not_text() -> None:
    pages = [
        [
            Set("某市政府公报", 240, 800, 10),
            Set(f"第{word}段的文字。", LEFT, 700),
            Set(f"- {n} -", 280, 40, 10),
        ]
        for n, word in enumerate("一二三四", 1)
    ]
    read = read_text(pdf(pages))
    assert read.text.split("\n") == [f"第{word}段的文字。" for word in "一二三四"]
    assert read.margins == ("某市政府公报",)


def test_a_scanned_pdf_is_refused_and_a_partly_scanned_one_is_reported() -> None:
    assert "扫描" in refusal(pdf([[], []]))
    read = read_text(pdf([[Set("有字的一页，字数不少，足以辨认出是公文的正文。", LEFT, 700)], []]))
    assert "第 2 页没有文字" in read.warnings[0]


def test_an_encrypted_pdf_is_refused() -> None:
    assert "密码" in refusal(pdf([[Set("正文", LEFT, 700)]], password="秘"))


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yangguang.foundation.files.pdf.MAX_PAGES", 2)
    assert "3 页，超过 2 页" in refusal(pdf([[Set("正文", LEFT, 700)]] * 3))


# ---- 不能读的 docx：理由由收文件的检查给出，在此确认读文字也守 ----


def rewritten(data: bytes, change: Callable[[bytes], bytes], **extra: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for item in source.infolist():
            content = source.read(item)
            target.writestr(
                item, change(content) if item.filename == "word/document.xml" else content
            )
        for name, content in extra.items():
            target.writestr("word/" + name.replace("_", "."), content)
    return out.getvalue()


def one_paragraph(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    return save(document)


def test_tracked_changes_macros_and_zip_bombs_are_refused_with_what_to_do() -> None:
    plain = one_paragraph("正文")
    insertion = rewritten(
        plain,
        lambda xml: xml.replace(b"<w:r>", b'<w:ins w:id="1" w:author="x"><w:r>').replace(
            b"</w:r>", b"</w:r></w:ins>"
        ),
    )
    assert "修订" in refusal(insertion)
    assert "宏" in refusal(rewritten(plain, lambda xml: xml, vbaProject_bin=b"x"))
    assert "炸弹" in refusal(rewritten(plain, lambda xml: xml, media_bin=b"0" * 30_000_000))


def test_a_docx_with_a_password_is_refused() -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512
    assert "密码" in refusal(container + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 64)
