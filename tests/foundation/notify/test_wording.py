"""离开本系统的文字：写得进去的只有类别、件数、固定的地址和验证码。"""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.notify import wording
from yangguang.foundation.notify.rules import KINDS
from yangguang.foundation.notify.wording import (
    FIELDS,
    PATHS,
    TEMPLATES,
    Code,
    Count,
    Link,
    Tally,
    Template,
    Unsafe,
    declare_subject,
)

HOME = "https://gzt.example.gov.cn"
LEAVING = [kind.code for kind in KINDS.values() if kind.outward]


def plain(**texts: str) -> Template:
    return Template(**({"subject": "主题", "body": "正文", "short": "短"} | texts))


@pytest.mark.parametrize("part", ["subject", "body", "short"])
@pytest.mark.parametrize(
    "text",
    ["{title}", "{name}", "{what.entries}", "{what[0]}", "{what!r}", "{count:>10}", "{}", "{0}"],
)
def test_a_template_may_name_only_the_listed_fields(part: str, text: str) -> None:
    with pytest.raises(Unsafe):
        plain(**{part: text})


def test_a_subject_is_one_line() -> None:
    with pytest.raises(Unsafe):
        plain(subject="一\r\nBcc: x@example.com")


@pytest.mark.parametrize("value", ["张三 13800000000", 3, None, ("waiting",), object()])
@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_field_takes_no_text_only_its_own_type(name: str, value: Any) -> None:
    with pytest.raises(Unsafe):
        plain(body=f"{{{name}}}").render(**{name: value})


def test_a_disguised_value_is_refused() -> None:
    class Leaking(Count):
        def told(self) -> str:
            return "张三"

    with pytest.raises(Unsafe):
        plain(body="{count}").render(count=Leaking(1))


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (("waiting", "没有登记过的", 1),),
        (("contact", "documents.officialdocument", 1),),
        (("张三", "documents.officialdocument", 1),),
        (("waiting", "documents.officialdocument", -1),),
        (("waiting", "documents.officialdocument", "1 件张三"),),
        (("waiting", "documents.officialdocument", True),),
    ],
)
def test_a_tally_holds_only_registered_kinds_and_whole_numbers(entries: Any) -> None:
    with pytest.raises(Unsafe):
        Tally(entries)


@pytest.mark.parametrize("label", ["", "Document", "公文 1", "公文：张三", "字" * 13, "{link}"])
def test_the_name_of_a_kind_of_thing_is_a_few_characters_written_in_code(label: str) -> None:
    with pytest.raises(Unsafe):
        declare_subject("tests.new", label)


def test_a_registered_name_cannot_be_changed() -> None:
    declare_subject("documents.officialdocument", "公文")
    with pytest.raises(Unsafe):
        declare_subject("documents.officialdocument", "张三的公文")


@pytest.mark.parametrize(
    ("home", "path"),
    [
        (HOME, "/workbench/documents/3/"),
        (HOME, "/workbench/messages/?q=张三"),
        (f"{HOME}/张三", PATHS[0]),
        ("https://张三@gzt.example.gov.cn", PATHS[0]),
        (f"{HOME}?x=1", PATHS[0]),
        ("", PATHS[0]),
    ],
)
def test_a_link_goes_to_the_messages_and_carries_no_record(home: str, path: str) -> None:
    with pytest.raises(Unsafe):
        Link(home, path)


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "12345a", "１２３４５６", "123456\n"])
def test_a_code_is_six_digits(digits: str) -> None:
    with pytest.raises(Unsafe):
        Code(digits)


@given(
    things=st.lists(
        st.tuples(
            st.sampled_from(LEAVING), st.sampled_from(["documents.officialdocument", "jobs.job"])
        ),
        min_size=1,
        max_size=40,
    ),
    digits=st.from_regex(r"\A[0-9]{6}\Z"),
    name=st.sampled_from(sorted(TEMPLATES)),
)
def test_whatever_is_rendered_consists_of_the_template_and_the_listed_words(
    things: list[tuple[str, str]], digits: str, name: str
) -> None:
    values: dict[str, Any] = {
        "what": Tally.of(things), "count": Count(len(things)), "link": Link(HOME),
        "code": Code(digits), "minutes": Count(30),
    }  # fmt: skip
    template = TEMPLATES[name]
    out = template.render(**values)
    words = [KINDS[kind].outward for kind in LEAVING] + ["公文", "作业", "件", "，", HOME, *PATHS]
    for text, pattern in (
        (out.subject, template.subject), (out.body, template.body), (out.short, template.short),
    ):  # fmt: skip
        fixed = [each for each in re.split(r"\{[a-z]+\}", pattern) if each]
        for each in sorted([*fixed, *words], key=len, reverse=True):
            text = text.replace(each, "")
        assert re.fullmatch(r"[0-9 ]*", text)


def test_the_tally_counts_and_puts_what_is_urgent_first_among_its_kinds() -> None:
    doc = "documents.officialdocument"
    told = Tally.of([("waiting", doc), ("returned", doc), ("waiting", doc)]).told()
    assert told == "退回给您的公文 1 件，等您办理的公文 2 件"


def test_every_field_is_used_and_every_template_fills() -> None:
    used = set(
        re.findall(
            r"\{([a-z]+)\}", "".join(t.subject + t.body + t.short for t in TEMPLATES.values())
        )
    )
    assert used == set(wording.FIELDS)
