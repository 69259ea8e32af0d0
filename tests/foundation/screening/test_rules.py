"""检测：该拦的拦下，像而不是的放过；遮盖以后再也检不出。"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.screening.rules import mask, screen, secret_mark

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(prefix: str) -> str:
    return (
        prefix + "10X98765432"[sum(int(d) * w for d, w in zip(prefix, WEIGHTS, strict=True)) % 11]
    )


def card(prefix: str) -> str:
    for last in "0123456789":
        digits = [int(d) for d in reversed(prefix + last)]
        total = sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits))
        if total % 10 == 0:
            return prefix + last
    raise AssertionError


MADE_UP = identity("62290119900307123")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"身份证号：{MADE_UP}。", "identity_number"),
        (f"（{MADE_UP[:6]} {MADE_UP[6:14]} {MADE_UP[14:]}）", "identity_number"),
        (
            MADE_UP.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")),
            "identity_number",
        ),
        ("联系人手机13800138000", "mobile"),
        ("电话：+86 138-0013-8000", "mobile"),
        (f"卡号 {card('622202000011112222')}", "bank_card"),
        (
            "账号：" + " ".join([card("622848001234567")[i : i + 4] for i in range(0, 16, 4)]),
            "bank_card",
        ),
    ],
)
def test_what_identifies_a_person_is_blocked(text: str, kind: str) -> None:
    assert [(f.kind, f.severity) for f in screen(text)] == [(kind, "block")]
    finding = screen(text)[0]
    assert text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize(
    "text",
    [
        "临州办发〔2020〕81号",
        "索引号 11620622013933539B/2021-03844",
        "统一社会信用代码 91622900MA71234567",
        "办公电话 0930-6213456",
        "622901199003071230",
        "邮编 731100，网站标识码 6229000000",
        "2020年9月25日至2021年12月31日",
        "金额 1234567890123456 元",
        "文件编号6222020000111122225",
    ],
)
def test_what_only_looks_alike_is_let_through(text: str) -> None:
    assert screen(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "机密★1年\n关于某事的通知",
        "000012\n机密★1年\n特急",
        "秘　密\n临夏州",
        "绝密★启用前",
        "密级：秘密",
        "正文之前 秘密★6个月 附件",
        "  机密  \n",
    ],
)
def test_a_classification_mark_is_recognised(text: str) -> None:
    assert secret_mark(text)
    assert any(f.kind == "secret_mark" and f.severity == "block" for f in screen(text))


@pytest.mark.parametrize(
    "text",
    [
        "依照《中华人民共和国保守国家秘密法》进行保密审查。",
        "涉及商业秘密、个人隐私的除外",
        "不得公开国家秘密\n和商业秘密的内容",
        "秘密级文件按规定管理",
        "机密信息的范围如下",
        "★重点工作",
    ],
)
def test_prose_about_secrets_is_no_mark(text: str) -> None:
    assert secret_mark(text) is None


@given(st.integers(0, 10**9), st.integers(0, 28), st.text(max_size=20))
def test_what_has_been_masked_is_not_found_again(seed: int, day: int, around: str) -> None:
    born = f"19{seed % 80 + 10:02d}{seed % 12 + 1:02d}{day % 28 + 1:02d}"
    text = f"{around}：{identity(f'622901{born}{seed % 1000:03d}')}；13{seed % 10**9:09d}，"
    hidden = mask(text, screen(text))
    assert len(hidden) == len(text)
    assert [f for f in screen(hidden) if f.severity == "block" and f.kind != "secret_mark"] == []


@given(st.text(max_size=200))
def test_any_text_can_be_screened_and_positions_are_exact(text: str) -> None:
    for finding in screen(text):
        assert text[finding.start : finding.end] == finding.text


def test_an_identity_number_without_a_real_birthday_is_not_one() -> None:
    assert screen(identity("62290119901307123")) == []


def test_an_old_identity_number_of_fifteen_digits_is_only_a_warning() -> None:
    assert [(f.kind, f.severity) for f in screen("证号 622901900307123")] == [
        ("identity_number", "warn")
    ]


def test_ten_thousand_characters_are_screened_without_backtracking() -> None:
    started = time.perf_counter()
    screen("1 " * 5000)
    screen("9" * 10_000)
    screen("秘 " * 5000)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "line",
    [" " * 200_000 + "x", "123456" + " " * 200_000 + "x", "机密★" + "\u3000" * 200_000 + "x"],
    ids=["blanks", "number", "mark"],
)
def test_a_long_line_of_blanks_cannot_hold_the_house_up(line: str) -> None:
    started = time.perf_counter()
    secret_mark(line)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "line",
    ["　000001　机 密★5年 ", "份号 000001 秘密", "密级： 绝密", "No.000123 机密", "  机密  "],
)
def test_a_mark_is_seen_whatever_blanks_stand_around_it(line: str) -> None:
    assert secret_mark(f"标题\n{line}\n正文")
