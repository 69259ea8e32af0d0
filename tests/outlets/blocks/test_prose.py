"""文字的写法：四样写法化为网页，别的照原样；怎样写也写不出脚本。"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from yangguang.outlets.blocks.prose import TAGS, html_of, linked_addresses, prose_faults


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("一段\n续行\n\n二段", "<p>一段<br>续行</p><p>二段</p>"),
        ("- 甲\n- 乙", "<ul><li>甲</li><li>乙</li></ul>"),
        ("1. 甲\n2、乙", "<ol><li>甲</li><li>乙</li></ol>"),
        ("3. 丙", '<ol start="3"><li>丙</li></ol>'),
        ("12.5 亿元", "<p>12.5 亿元</p>"),
        ("说明：\n- 甲", "<p>说明：</p><ul><li>甲</li></ul>"),
        ("**要紧**的", "<p><strong>要紧</strong>的</p>"),
        ("2 ** 3", "<p>2 ** 3</p>"),
        ("[办法](/a/)", '<p><a href="/a/" rel="noopener">办法</a></p>'),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
        ("", ""),
    ],
)
def test_the_four_ways_of_writing(text: str, shown: str) -> None:
    assert html_of(text) == shown


def test_an_address_inside_the_site_is_led_to_the_site() -> None:
    shown = html_of("[甲](/a/?b=1&c=2) [乙](https://b.cn/)", lambda each: f"/county{each}")
    assert 'href="/county/a/?b=1&amp;c=2"' in shown


@pytest.mark.parametrize("address", ["javascript:alert`1`", "data:text/html,x", "//evil.example"])
def test_a_dangerous_link_leads_nowhere_and_is_told(address: str) -> None:
    text = f"[点这里]({address})"
    assert "<a" not in html_of(text)
    assert "点这里" in prose_faults(text)[0]
    assert list(linked_addresses(text)) == [address]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab<>&\"'[]()*- 1.、\n/:javscript一", max_size=200))
def test_nothing_typed_becomes_anything_but_the_few_allowed_tags(text: str) -> None:
    shown = html_of(text)
    for element in html.fragment_fromstring(f"<div>{shown}</div>").iterdescendants():
        assert element.tag in TAGS
        assert set(element.attrib) <= {"href", "rel", "start"}
        assert not element.get("href", "").lower().lstrip().startswith("javascript")
