"""粘贴来的网页读成什么：Word、WPS、微信、邮件的真实写法。``*.txt`` 是读出以后写在文本框里的样子。"""

from pathlib import Path
from time import process_time

import pytest

from yangguang.foundation.richtext.reading import MAX_HTML, Read, TooMuch, read_html
from yangguang.foundation.richtext.typed import typed

PASTES = Path(__file__).parent / "pastes"


def read(name: str) -> Read:
    return read_html((PASTES / f"{name}.html").read_text("utf-8"))


@pytest.mark.parametrize("name", ["word", "wps", "wechat", "mail"])
def test_a_paste_becomes_the_text_a_reader_saw(name: str) -> None:
    assert typed(read(name).blocks) == (PASTES / f"{name}.txt").read_text("utf-8").rstrip("\n")


def test_what_a_paste_could_not_bring_is_told() -> None:
    assert [line[:8] for line in read("word").notices] == ["有 1 张图片没"]
    assert [line[:8] for line in read("wechat").notices] == ["有 2 张图片没", "有 1 个视频或"]
    assert [line[:8] for line in read("mail").notices] == ["有 1 个链接的"]


def test_word_keeps_alignment_merged_cells_and_a_bold_first_row_as_the_header() -> None:
    blocks = read("word").blocks
    assert blocks[0]["style"] == "center"
    assert blocks[-1]["style"] == "right"
    (table,) = [block for block in blocks if block["type"] == "table"]
    assert table["rows"] == [
        [{"text": "单位", "is_header": True}, {"text": "人数", "is_header": True}],
        [{"text": "乡镇\n（17个）", "rowspan": 2}, "51"],
        ["实到50"],
    ]


def test_raised_letters_stay_raised() -> None:
    last = read("wps").blocks[-1]
    raised = [last["text"][m["start"] : m["end"]] for m in last["marks"] if m["type"] == "sup"]
    assert raised == ["注1", "2"]


def test_a_quotation_stays_a_quotation_and_an_empty_row_goes() -> None:
    blocks = read("mail").blocks
    assert [b["style"] for b in blocks if b["type"] == "paragraph"][2] == "quote"
    (table,) = [block for block in blocks if block["type"] == "table"]
    assert len(table["rows"]) == 2 and table["rows"][0][1]["colspan"] == 2


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>中文\n    折行</p>", "中文折行"),
        ("<p>two\nwords</p>", "two words"),
        ("<p>数 据</p>", "数 据"),
        ("<p>甲<span> </span><b> 乙</b></p>", "甲 **乙**"),
        ("<p>一行<br>两行<br></p>", "一行⏎两行"),
        ("<p>&#8203;\ufeff</p><p>有</p>", "有"),
        ("<b style='font-weight:normal'><p>不粗</p></b>", "不粗"),
        ("<p><b>甲</b><b>乙</b></p>", "**甲乙**"),
        ("<h1>大</h1><h3>小</h3>", "# 大\n## 小"),
        ("<div>甲<p>乙</p>丙</div>", "甲\n乙\n丙"),
        ("<p>1<sup>2</p>", "12"),
        ("<ol><li>甲<ol><li>乙</li></ol></li></ol>", "1. 甲\n  1. 乙"),
        ("<ul><li>甲</li><ul><li>乙</li></ul></ul>", "- 甲\n  - 乙"),
        ("<pre>甲\n乙</pre>", "甲⏎乙"),
        ("<a href='https://a.gov.cn/x'>甲</a>", "[甲](https://a.gov.cn/x)"),
        ("<a href='//evil.example/'>甲</a>", "甲"),
        ("<a href='data:text/html,x'>甲</a>", "甲"),
        ("纯文字", "纯文字"),
        ("", ""),
        ("<!-- -->", ""),
    ],
)
def test_pieces_of_markup(source: str, text: str) -> None:
    assert typed(read_html(source).blocks) == text


def test_no_markup_survives_in_any_string() -> None:
    source = (
        "<p onclick=x style='background:url(javascript:x)'>甲<img src=x onerror=alert(1)>"
        "<iframe srcdoc='<script>alert(1)</script>'></iframe></p>"
        "<math><mtext></form><mglyph><style></math><img src onerror=alert(1)>"
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>"
    )
    assert typed(read_html(source).blocks) == "甲"


def test_five_megabytes_of_word_are_read_within_seconds_and_more_is_refused_at_once() -> None:
    style = "font-size:16.0pt;font-family:仿宋_GB2312;mso-hansi-font-family:宋体;" * 8
    paragraph = (
        f"<p class=MsoNormal style='{style}'><span style='{style}'>正文<o:p></o:p></span></p>"
    )
    source = f"<body>{paragraph * (5_000_000 // len(paragraph))}</body>"
    started = process_time()
    assert len(read_html(source).blocks) == source.count("<p ")
    assert process_time() - started < 3
    with pytest.raises(TooMuch) as refused:
        read_html("字" * (MAX_HTML + 1))
    assert "分几次复制" in refused.value.reason
    with pytest.raises(TooMuch):
        read_html(f"<p>{'字' * 450_000}</p>")


def test_pictures_written_into_the_markup_do_not_count_towards_its_size() -> None:
    source = f'<p>甲</p><img src="data:image/png;base64,{"A" * MAX_HTML}">'
    read_out = read_html(source)
    assert typed(read_out.blocks) == "甲" and len(read_out.notices) == 1


@pytest.mark.parametrize("tag", ["div", "table><tr><td", "ul><li", "b"])
def test_what_is_nested_too_deep_is_refused_and_told_how(tag: str) -> None:
    with pytest.raises(TooMuch) as refused:
        read_html(f"<{tag}>" * 3000 + "x")
    assert "只复制正文" in refused.value.reason


def test_only_pictures_of_the_library_come_in() -> None:
    def known(attributes: object) -> dict[str, object] | None:
        number = attributes.get("data-file")  # type: ignore[attr-defined]
        return (
            {"type": "picture", "file": int(number), "alt": "", "caption": ""} if number else None
        )

    found = read_html("<p>甲<img data-file=7>乙</p><img src=https://x/y.png>", known)
    assert [b["type"] for b in found.blocks] == ["paragraph", "picture", "paragraph"]
    assert len(found.notices) == 1
