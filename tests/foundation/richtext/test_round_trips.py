"""块与网页、块与文本框里的文字之间来回：什么也不丢，什么也混不进来。"""

from html import escape
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from yangguang.foundation.richtext.blocks import (
    MAX_TEXT,
    addresses,
    faults,
    picture_faults,
    picture_files,
    plain_text,
)
from yangguang.foundation.richtext.reading import read_html
from yangguang.foundation.richtext.typed import retyped, typed
from yangguang.foundation.richtext.writing import html_of

WORDS = st.text("甲乙丙丁 ab<>&\"'，。1", min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
HREFS = st.sampled_from(["https://www.gov.cn/a?b=1&c=2", "/columns/wenjian/", "tel:12345"])


@st.composite
def pieces(draw: st.DrawFn) -> dict[str, Any]:
    """一段文字，前面几个字可能有样子。"""
    text = draw(WORDS.filter(bool))
    end = draw(st.integers(0, len(text)))
    kind = draw(st.sampled_from(["bold", "italic", "underline", "sup", "link"]))
    if not 0 < end < len(text) or " " in text[end - 1 : end + 1]:
        return {"text": text}
    mark = {"type": kind, "start": 0, "end": end}
    return {"text": text, "marks": [mark | ({"href": draw(HREFS)} if kind == "link" else {})]}


@st.composite
def lists(draw: st.DrawFn, depth: int = 0) -> dict[str, Any]:
    items = draw(st.lists(pieces(), min_size=1, max_size=3))
    if depth < 2 and draw(st.booleans()):
        items[0]["list"] = draw(lists(depth + 1))
    return {"type": "list", "ordered": draw(st.booleans()), "items": items}


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    cells = pieces().map(lambda piece: piece if "marks" in piece else piece["text"])
    rows = draw(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=3))
    header = [{"text": draw(WORDS.filter(bool)), "is_header": True} for _ in range(2)]
    return {"type": "table", "rows": [header, *rows]}


PARAGRAPHS = st.builds(
    lambda piece, style: {"type": "paragraph", "style": style, **piece},
    pieces(),
    st.sampled_from(["plain", "flush", "center", "right", "quote"]),
)
HEADINGS = st.builds(lambda text: {"type": "heading", "level": 2, "text": text}, WORDS.filter(bool))
PICTURES = st.builds(
    lambda file, alt, caption: {"type": "picture", "file": file, "alt": alt, "caption": caption},
    st.integers(1, 99),
    WORDS,
    WORDS,
)
BLOCKS = st.lists(st.one_of(PARAGRAPHS, HEADINGS, lists(), tables(), PICTURES), max_size=5)


def image(block: Any) -> str:
    return (
        f'<img data-file="{block["file"]}" src="/p/{block["file"]}" alt="{escape(block["alt"])}">'
    )


def picture(attributes: Any) -> dict[str, Any]:
    number, alt = int(attributes["data-file"]), attributes["alt"]
    return {"type": "picture", "file": number, "alt": alt, "caption": ""}


@settings(max_examples=30)
@given(BLOCKS)
def test_what_the_editor_is_given_comes_back_the_same(blocks: list[dict[str, Any]]) -> None:
    assert read_html(html_of(blocks, image, is_editing=True), picture).blocks == blocks


@settings(max_examples=30)
@given(BLOCKS)
def test_the_public_page_says_the_same_words(blocks: list[dict[str, Any]]) -> None:
    shown = html_of(blocks, image)
    assert plain_text(read_html(shown, picture).blocks) == plain_text(blocks)


@settings(max_examples=30)
@given(BLOCKS)
def test_typing_nothing_changes_nothing(blocks: list[dict[str, Any]]) -> None:
    assert retyped(typed(blocks), blocks) == blocks


def test_a_changed_line_changes_its_own_block_only() -> None:
    blocks = read_html(
        "<p style='text-align:center'>甲<i>斜</i></p><p>乙</p>"
        "<table><tr><td rowspan=2>合并</td><td>一</td></tr><tr><td>二</td></tr></table>"
    ).blocks
    text = typed(blocks).replace("乙", "**乙**改过，见[公报](https://www.gov.cn/)\n- 新的一项")
    changed = retyped(text, blocks)
    assert (changed[0], changed[-1]) == (blocks[0], blocks[-1])
    assert changed[1]["text"] == "乙改过，见公报"
    assert [mark["type"] for mark in changed[1]["marks"]] == ["bold", "link"]
    assert changed[2] == {"type": "list", "ordered": False, "items": [{"text": "新的一项"}]}


def test_what_is_typed_without_scripts_has_headings_lists_tables_and_links() -> None:
    blocks = retyped(
        "# 一、标题\n正文⏎第二行\n1. 甲\n  - 子\n2. 乙\n| 子 | 丑 |\n| 寅 |\n[坏](javascript:x)", []
    )
    assert typed(blocks).split("\n")[:3] == ["# 一、标题", "正文⏎第二行", "1. 甲"]
    assert blocks[2]["items"][0]["list"]["items"] == [{"text": "子"}]
    assert blocks[3]["rows"] == [["子", "丑"], ["寅", ""]]
    assert list(addresses(blocks)) == []
    typed_picture = retyped("［图片 12：会场　培训班现场］\n［图片 3］", [])
    assert [(p["file"], p["alt"], p["caption"]) for p in typed_picture] == [
        (12, "会场", "培训班现场"), (3, "", ""),
    ]  # fmt: skip


def test_whatever_sits_in_the_blocks_the_page_has_no_script_and_no_style() -> None:
    bad = "<script>alert(1)</script>"
    link = {"type": "link", "start": 0, "end": 3, "href": "javascript:alert(1)"}
    blocks = [
        {"type": "paragraph", "style": f'plain" onclick="x"{bad}', "text": bad, "marks": [link]},
        {"type": "heading", "level": 2, "rank": 2, "anchor": '"><script>', "text": bad},
        {"type": "picture", "file": 1, "alt": bad, "caption": bad},
    ]
    shown = html_of(blocks, lambda block: '<img src="javascript:x" onerror="x" style="x">')
    page = html.fragment_fromstring(shown, create_parent=True)
    assert {element.tag for element in page.iter()} == {
        "div",
        "p",
        "h2",
        "figure",
        "img",
        "figcaption",
    }
    assert {name for element in page.iter() for name in element.attrib} <= {"class", "id"}
    assert page.text_content() == bad * 3


def test_too_long_too_wide_and_pictures_nobody_can_hear_are_named() -> None:
    picture = {"type": "picture", "file": 4, "alt": " ", "caption": ""}
    blocks = [
        {"type": "paragraph", "style": "plain", "text": "字" * (MAX_TEXT + 1)},
        {"type": "table", "rows": [["甲"] * 101] * 200},
        picture, {**picture, "alt": "会场"}, picture,
    ]  # fmt: skip
    assert len(faults(blocks)) == 2
    assert picture_faults(blocks) == [
        f"第 {n} 张图片没有替代文字，请用一句话写明图里是什么。" for n in (1, 3)
    ]
    assert picture_files(blocks) == [4]
