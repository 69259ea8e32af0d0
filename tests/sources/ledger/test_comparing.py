"""网上的文字与印发的对照：排版不算差别，少一段、多一句、改一个数都看得出；别家的网页也读得了。"""

import pytest

from yangguang.sources.ledger.comparing import (
    Linked,
    differences,
    issued,
    issued_from_text,
    paired,
)
from yangguang.sources.ledger.pages import Unread, is_same_file, read

TEXT = """临州某发〔2020〕3号

临夏州某局关于加强某项工作的通知

各县市某局：
为加强某项工作，现将有关事项通知如下。
一、落实责任，在2020年10月30日前完成。
二、按月报送，每月5日前报送进展情况。

临夏州某局
2020年9月25日
（此件公开发布）
"""
WANTED = issued_from_text("临夏州某局关于加强某项工作的通知", "临州某发〔2020〕3号", TEXT)


def page(body: str, encoding: str = "utf-8") -> str:
    html = f"""<!DOCTYPE html><html><head><meta charset="{encoding}"><title>t</title><script>var x='一、落实责任';</script></head>
    <body><nav>首页 通知</nav><h1>临夏州某局关于加强某项工作的通知</h1><p>文号：临州某发〔2020〕3号</p>
    <div class="TRS_Editor">{body}</div><p>打印 关闭</p></body></html>"""
    return read(html.encode(encoding), f"text/html; charset={encoding}", "http://a/1").text


GOOD = """<p>临州某发〔2020〕3号</p><p>各县市某局：</p><p>&emsp;&emsp;为加强某项工作，现将有关事项通知如下。</p>
<p>一、落实责任，在<span>2020</span>年10月30日前完成。</p><p>二、按月报送，每月５日前报送进展情况。</p>
<p align="right">临夏州某局</p><p>2020年9月25日</p>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_another_layout_of_the_same_text_is_the_same(encoding: str) -> None:
    assert differences(WANTED, page(GOOD, encoding)) == []


def test_a_changed_number_is_told_with_both() -> None:
    (told,) = differences(WANTED, page(GOOD.replace("10月30日", "12月30日")))
    assert "印发的是“0月30日前完成。”" in told and "网上是“2月30日" in told


def test_a_missing_passage_and_an_added_one_are_told() -> None:
    (lost,) = differences(
        WANTED, page(GOOD.replace("<p>二、按月报送，每月５日前报送进展情况。</p>", ""))
    )
    assert lost == "网页上没有“二、按月报送,每月5日前报送进展情况。”。" or "按月报送" in lost
    (more,) = differences(WANTED, page(GOOD.replace("<p>二、", "<p>逾期不候。</p><p>二、")))
    assert "多出“逾期不候。”" in more


def test_a_wrong_page_has_neither_title_nor_number() -> None:
    told = differences(WANTED, read(b"<html><body><p>404</p></body></html>", "text/html", "u").text)
    assert told[0].startswith("网页上没有标题") and "发文字号" in told[1]


def test_what_is_not_on_record_is_not_compared() -> None:
    only_title = issued_from_text("临夏州某局关于加强某项工作的通知", "", "")
    assert differences(only_title, page("<p>另一篇正文</p>")) == []


def test_in_our_own_pages_nothing_may_stand_before_or_after_the_text() -> None:
    blocks = [
        {"type": "paragraph", "text": each, "style": "plain"} for each in ("甲段。", "乙段。")
    ]
    wanted = issued("题", "", blocks, whole=True)
    html = "<main><h1>题</h1><div class='text'>%s</div><p>附件</p></main>"
    for body, is_same in (
        ("<p>甲段。</p><p>乙段。</p>", True),
        ("<p>甲段。</p><p>乙段。</p><p>丙段。</p>", False),
        ("<p>先说。</p><p>甲段。</p><p>乙段。</p>", False),
    ):
        found = read((html % body).encode(), "text/html; charset=utf-8", "u")
        assert (differences(wanted, found.text, found.body) == []) is is_same, body


def test_tables_are_compared_cell_by_cell() -> None:
    blocks = [{"type": "table", "rows": [["单位", "件数"], ["教育局", "12"]]}]
    wanted = issued("题", "", blocks)
    table = "<body>题<table><tr><td>单位</td><td>件数</td></tr><tr><td>教育局</td><td>%s</td></tr></table>"
    assert (
        differences(wanted, read((table % 12).encode(), "text/html; charset=utf-8", "u").text) == []
    )
    assert differences(wanted, read((table % 21).encode(), "text/html; charset=utf-8", "u").text)


def test_attachments_are_found_by_their_names_each_once() -> None:
    links = [
        Linked("http://a/P1.docx", ("附件1：分工表.docx", "P1.docx")),
        Linked("http://a/P2.docx", ("P2.docx", "汇总表")),
    ]
    assert paired(["分工表.docx", "汇总表.docx", "没有的.docx"], links) == [
        links[0],
        links[1],
        None,
    ]
    assert paired(["分工表.docx", "分工表.docx"], links)[1] is None


def test_a_page_that_is_a_file_is_read_and_what_cannot_be_read_is_told() -> None:
    assert "二、按月报送" in read(TEXT.encode(), "text/plain", "u").text
    with pytest.raises(Unread, match="读不出"):
        read(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "image/png", "u")
    with pytest.raises(Unread, match="空的"):
        read(b"", "text/html", "u")


def test_files_are_the_same_by_their_bytes_or_by_all_their_text() -> None:
    assert is_same_file("说明一".encode(), "说明一".encode())
    assert is_same_file("说明一\r\n".encode(), "说明一\n".encode())
    assert not is_same_file("说明一".encode(), "说明二".encode())
    assert not is_same_file(b"\x89PNG\r\n\x1a\n1", b"\x89PNG\r\n\x1a\n2")
