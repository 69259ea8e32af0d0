"""上传的模板：缺了、多了、会动的、夹带的都不收；随产品发布的都能用。"""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import pytest

from tests.dialogue.letters.cases import CODES
from yangguang.dialogue.letters.kinds import BY_KIND
from yangguang.dialogue.letters.templates import check, packaged_template

REPLY = BY_KIND["internal_affairs"]


def changed(change: Callable[[Any], object], code: str = REPLY.code) -> bytes:
    """随产品发布的一份改一处。"""
    document = docx.Document(BytesIO(packaged_template(BY_KIND[code])))
    change(document)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def replaced(old: str, new: str) -> bytes:
    def change(document: Any) -> None:
        for paragraph in document.paragraphs:
            if old in paragraph.text:
                paragraph.runs[0].text = paragraph.text.replace(old, new)

    return changed(change)


def added(text: str) -> bytes:
    return changed(lambda document: document.add_paragraph(text))


@pytest.mark.parametrize("code", CODES)
def test_the_packaged_templates_can_be_used(code: str) -> None:
    assert check(packaged_template(BY_KIND[code]), BY_KIND[code]) == []


def test_a_template_in_the_organ_s_own_dress_can_be_used() -> None:
    assert check(added("（本文书一式两份）"), REPLY) == []


@pytest.mark.parametrize("name", REPLY.mandatory)
def test_each_mandatory_placeholder_is_needed(name: str) -> None:
    told = check(replaced(f"{{{{ {name} }}}}", "略"), REPLY)
    assert any(f"{{{{ {name} }}}}" in each and "缺少必备" in each for each in told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ bank_account }}", "不认识的占位符：bank_account"),
        ("{{ title.__class__ }}", "不许用的写法"),
        ("{{ title['x'] }}", "不许用的写法"),
        ("{{ title|upper }}", "不许用的写法"),
        ("{{ range(9) }}", "不许用的写法"),
        ("{{ 7 * 7 }}", "不许用的写法"),
        ("{% set remedies = title %}", "不许用的写法"),
        ("{% for each in reasons %}{{ each }}{% endfor %}", "不许用的写法"),
        ("{% include 'x' %}", "不许用的写法"),
        ("{% if not history %}{{ history }}{% endif %}", "不许用的写法"),
        ("{{ title", "写得不对"),
        ("{% if title %}", "写得不对"),
        ("{{ remedies }}", "写了不止一次"),
        ("可以自收到之日起三个月内向人民法院提起行政诉讼。", "固定文字里写了救济途径"),
        ("本机关对您的申请，您申请公开的政府信息可以公开，现予公开。", "固定文字里写了答复的结论"),
    ],
)
def test_what_could_run_add_or_repeat_is_refused(text: str, told: str) -> None:
    assert any(told in each for each in check(added(text), REPLY))


def test_a_mandatory_part_may_not_hang_on_another() -> None:
    told = check(replaced("{{ remedies }}", "{% if history %}{{ remedies }}{% endif %}"), REPLY)
    assert told == ["必备的“救济途径”写在了别的条件里面，可能印不出来。"]


def test_a_loop_that_would_drop_a_part_is_refused() -> None:
    told = check(replaced("{{ reasons }}", "{% for x in harm %}{{ reasons }}{% endfor %}"), REPLY)
    assert any("不许用的写法" in each for each in told)


def test_a_placeholder_broken_over_runs_is_read_whole() -> None:
    def change(document: Any) -> None:
        paragraph = document.add_paragraph("{")
        for piece in ("{ bank", "_account }", "}"):
            paragraph.add_run(piece)

    assert any("bank_account" in each for each in check(changed(change), REPLY))


def test_the_properties_and_the_footer_are_looked_at_too() -> None:
    def titled(document: Any) -> None:
        document.core_properties.title = "{{ x.__class__ }}"

    def footed(document: Any) -> None:
        document.sections[0].footer.paragraphs[0].add_run("{{ x.__class__ }}")

    assert any("不许用" in each for each in check(changed(titled), REPLY))
    assert any("不许用" in each for each in check(changed(footed), REPLY))


def test_links_fields_hidden_text_and_embedded_files_are_refused() -> None:
    def linked(document: Any) -> None:
        document.part.relate_to(
            "https://example.invalid/", "http://example.invalid/x", is_external=True
        )

    def fetching(document: Any) -> None:
        from docx.oxml import OxmlElement

        made = OxmlElement("w:instrText")
        made.text = 'INCLUDETEXT "c:\\x.txt"'
        document.add_paragraph().add_run()._r.append(made)

    def hidden(document: Any) -> None:
        document.add_paragraph().add_run("看不见").font.hidden = True

    for change, told in ((linked, "外面的链接"), (fetching, "域"), (hidden, "隐藏")):
        assert any(told in each for each in check(changed(change), REPLY))
    carried = BytesIO(packaged_template(REPLY))
    with ZipFile(carried, "a") as archive:
        archive.writestr("word/embeddings/a.bin", b"x")
    assert any("别的文件" in each for each in check(carried.getvalue(), REPLY))


def test_what_is_no_word_file_or_carries_macros_is_refused() -> None:
    assert check(b"not a zip", REPLY)
    macro = BytesIO(packaged_template(REPLY))
    with ZipFile(macro, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    assert any("宏" in each for each in check(macro.getvalue(), REPLY))


def test_a_template_of_another_kind_lacks_what_this_one_needs() -> None:
    told = check(packaged_template(BY_KIND["granted"]), BY_KIND["not_existing"])
    assert any("search" in each for each in told)
