"""填写项：每一处不合规矩都说明在哪里、为什么；合规矩的读成只含 JSON 的值。"""

import json

import pytest

from yangguang.outlets.blocks.fields import (
    Address,
    Choice,
    Day,
    Field,
    Items,
    Lines,
    PictureField,
    Text,
    Whole,
    address_fault,
    addresses,
    pictures,
    read,
    texts,
)
from yangguang.outlets.blocks.kinds import KINDS

OPTIONS = {"columns": {"files"}, "pictures": {"7"}}
ROWS = Items(
    "items",
    "链接",
    noun="个",
    least=1,
    most=2,
    of=(
        Text("title", "文字", most=4),
        Address("href", "地址"),
        PictureField("picture", "图", required=False),
    ),
)


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        (Text("a", "甲"), "  一 \n 二  ", "一 二"),
        (Text("a", "甲", rows=2), "一\r\n二", "一\n二"),
        (Lines("a", "甲"), "招生\n\n 低保 ", ["招生", "低保"]),
        (Address("a", "甲"), " /topics/ ", "/topics/"),
        (Whole("a", "甲", initial=8), "", 8),
        (Whole("a", "甲"), "3", 3),
        (Day("a", "甲"), "2020-09-25", "2020-09-25"),
        (Choice("a", "甲", source="columns"), "files", "files"),
        (Choice("a", "甲", source="columns", required=False), "", ""),
    ],
)
def test_what_is_well_filled_is_read(field: Field, given: str, value: object) -> None:
    assert field.read(given, OPTIONS) == (value, [])
    json.dumps(value)


@pytest.mark.parametrize(
    ("field", "given", "told"),
    [
        (Text("a", "甲"), " ", "必填"),
        (Text("a", "甲", most=2), "一二三", "最多 2 字，现在有 3 字"),
        (Lines("a", "甲", most=1), "一\n二", "最多 1 个"),
        (Lines("a", "甲", longest=2), "一二三", "一个最多 2 字"),
        (Address("a", "甲"), "javascript:alert(1)", "不是地址"),
        (Address("a", "甲"), "//evil.example/", "不是地址"),
        (Address("a", "甲"), "/a b", "不是地址"),
        (Address("a", "甲"), "/" + "a" * 300, "太长"),
        (Whole("a", "甲", most=9), "10", "1 到 9"),
        (Whole("a", "甲"), "三", "整数"),
        (Whole("a", "甲"), "9" * 5000, "整数"),
        (Day("a", "甲"), "2020-02-30", "不是日期"),
        (Choice("a", "甲", source="columns"), "gone", "不在了"),
        (Choice("a", "甲", source="unheard"), "x", "不在了"),
        (Choice("a", "甲"), "", "请选"),
    ],
)
def test_what_is_wrong_is_told_and_kept(field: Field, given: str, told: str) -> None:
    value, faults = field.read(given, OPTIONS)
    assert [told in fault.message for fault in faults] == [True]
    assert not given.strip() or value or isinstance(value, list)


def test_rows_left_blank_do_not_count_and_a_fault_names_its_row() -> None:
    given = [
        {"title": "", "href": " "},
        {"title": "招生", "href": "/a/"},
        {"title": "很长的文字", "href": "x", "picture": "8"},
    ]
    values, faults = ROWS.read(given, OPTIONS)
    assert [row["title"] for row in values] == ["招生", "很长的文字"]
    assert {fault.path for fault in faults} == {
        "items.2.title",
        "items.2.href",
        "items.2.picture",
    }


def test_too_few_and_too_many_rows_are_told() -> None:
    row = {"title": "招生", "href": "/a/"}
    assert "至少要有 1 个" in ROWS.read([], OPTIONS)[1][0].message
    assert "最多 2 个，现在有 3 个" in ROWS.read([row] * 3, OPTIONS)[1][0].message


def test_texts_addresses_and_pictures_of_a_block_are_found_wherever_they_stand() -> None:
    values = {"items": [{"title": "甲", "href": "/a/", "picture": "7"}]}
    assert set(texts(values)) == {"甲", "/a/", "7"}
    assert list(addresses((ROWS,), values)) == [("地址", "/a/")]
    assert list(pictures((ROWS,), values)) == ["7"]


@pytest.mark.parametrize(
    "address",
    ["/", "/a/b.html?c=1#d", "https://www.gov.cn/a", "http://a.cn", "tel:0930-6212345",
     "mailto:a@b.cn"],
)  # fmt: skip
def test_addresses_that_may_be_written(address: str) -> None:
    assert address_fault(address) == ""


def test_every_kind_of_block_says_what_it_is_and_what_is_missing() -> None:
    for code, kind in KINDS.items():
        assert kind.code == code and kind.label and kind.help.endswith("。")
        values, _ = read(kind.fields, {}, OPTIONS)
        assert set(values) == {field.name for field in kind.fields}
        required = [field for field in kind.fields if field.required]
        _, faults = kind.read({}, OPTIONS)
        assert len(faults) >= sum(not isinstance(field, Whole) for field in required)
