"""发布的关：正文和附件都看，三关各记下谁把的；放行留名留理由；密级、身份证号谁也放不过。"""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from docx import Document
from PIL import Image

from tests.foundation.files.making import Set, pdf
from tests.foundation.screening.test_rules import MADE_UP
from tests.hub.publications.test_services import released
from tests.hub.screening.conftest import in_force
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.passages import read_passages
from yangguang.foundation.files.services import store
from yangguang.foundation.files.storing import location
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.hub.publications import gate as publication_gate
from yangguang.hub.publications.models import PublicationVersion
from yangguang.hub.screening.entries import Entry
from yangguang.hub.screening.jobs import observe_again
from yangguang.hub.screening.models import CaughtError, FileScreening, GateVerdict, Overrule
from yangguang.hub.screening.selectors import examine_record, examined_once, fingerprint
from yangguang.hub.screening.services import (
    mask_personal,
    observe,
    overrule,
    sign,
)
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import attach, edit

pytestmark = pytest.mark.django_db


def body(*paragraphs: str) -> list[dict[str, str]]:
    return [{"type": "paragraph", "text": text, "style": "plain"} for text in paragraphs]


def with_file(town: Town, document: OfficialDocument, content: bytes, name: str) -> None:
    file = store(io.BytesIO(content), name, actor=town.drafter, organisation=town.organisation)
    attach(document, [file], actor=town.drafter)


def docx(paragraph: str, header: str = "") -> bytes:
    document = Document()
    document.add_paragraph("名单")
    document.add_paragraph(paragraph)
    document.sections[0].header.paragraphs[0].text = header
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def reasons(document: OfficialDocument) -> list[str]:
    return examine_record(document).reasons


def test_an_identity_number_in_a_word_file_does_not_get_out(town: Town) -> None:
    document = town.document()
    with_file(town, document, docx(f"张某 {MADE_UP}"), "名单.docx")
    (reason,) = reasons(document)
    assert reason == "附件“名单.docx”第 2 段疑有身份证号，请核实并遮盖。"
    assert MADE_UP not in str(list(FileScreening.objects.values()))
    with pytest.raises(Refused, match="第 2 段疑有身份证号"):
        perform(document, "submit", actor=town.drafter, key="s")
    assert PublicationVersion.objects.count() == 0


def test_a_page_that_only_reads_examines_once_and_the_next_one_sees_what_changed(
    town: Town, django_assert_num_queries: Callable[[int], Any]
) -> None:
    document, other = town.document(1), town.document(2)
    with examined_once():
        first = examine_record(document)
        with django_assert_num_queries(0):
            assert examine_record(OfficialDocument(pk=document.pk)) is first
        assert examine_record(other) is not first
        edit(document, {"body": body("电话 13800138000。")}, actor=town.drafter)
    assert "手机号码" in reasons(document)[0]
    with examined_once():
        assert "手机号码" in reasons(document)[0]


def test_a_header_a_property_or_a_hidden_sheet_hides_nothing(town: Town) -> None:
    document = town.document()
    with_file(town, document, docx("没有", header="电话 13800138000"), "一.docx")
    assert reasons(document) == ["附件“一.docx”页眉疑有手机号码，请核实并遮盖。"]


def test_the_result_of_a_file_is_kept_until_the_dictionary_changes(
    town: Town, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = town.document()
    with_file(town, document, "说了旧称呼".encode(), "一.txt")
    assert reasons(document) == []
    in_force(supervisor, "terms", Entry("terms", "旧称呼", "新称呼"), wrong="旧称呼")
    assert reasons(document) == ["附件“一.txt”第 1 行“旧称呼”是禁用词，建议：新称呼。"]
    monkeypatch.setattr("yangguang.hub.screening.selectors.passages_at", None)
    assert len(reasons(document)) == 1


def test_a_picture_is_left_to_people_and_blocks_nothing(town: Town) -> None:
    document = town.document()
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    with_file(town, document, picture.getvalue(), "图.png")
    (found,) = examine_record(document).found
    assert (found.kind, found.severity, found.gate) == ("unread", "warn", "policy")
    assert found.sentence.startswith("附件“图.png”：这是图片")


def test_a_blocking_term_stops_publication_and_a_warning_does_not(
    town: Town, supervisor: Actor
) -> None:
    in_force(supervisor, "terms", Entry("terms", "旧称呼", "新称呼"), wrong="旧称呼")
    document = town.document(body=body("用了旧称呼", "截止目前按排好了"))
    assert reasons(document) == ["正文第 1 段“旧称呼”是禁用词，建议：新称呼。"]
    edit(document, {"body": body("用了新称呼", "截止目前按排好了")}, actor=town.drafter)
    assert reasons(document) == []
    assert [f.excerpt for f in examine_record(document).found] == ["截止目前", "按排"]


def test_the_three_gates_are_signed_by_those_who_reviewed_and_approved(town: Town) -> None:
    document = released(town)
    rows = {v.gate: v for v in GateVerdict.objects.filter(object_id=document.pk)}
    assert {gate: row.user_id for gate, row in rows.items()} == {
        "political": town.approver.user_id,
        "policy": town.reviewer.user_id,
        "text": town.reviewer.user_id,
    }
    assert {row.verdict for row in rows.values()} == {"passed"}
    assert all(row.digest == examine_record(document).digest for row in rows.values())
    assert rows["text"].versions["易错字词"] == "随产品发布的"


def test_a_correction_is_signed_anew_by_the_one_who_publishes_it(town: Town) -> None:
    document = released(town)
    perform(document, "revise", actor=town.drafter, key="r", message="标题有误")
    edit(document, {"title": "更正后的标题"}, actor=town.drafter)
    assert {gate.stale is not None for gate in examine_record(document).gates} == {True}
    perform(document, "correct", actor=town.approver, key="c", message="更正")
    now = [gate.verdict for gate in examine_record(document).gates]
    assert {(v.user_id, v.at_publication) for v in now if v} == {(town.approver.user_id, True)}
    assert GateVerdict.objects.count() == 6


def test_a_refused_gate_stops_publication_until_the_text_changes(town: Town) -> None:
    document = town.document()
    perform(document, "submit", actor=town.drafter, key="s")
    with pytest.raises(Refused, match="须写明意见"):
        sign(document, ["political"], actor=town.reviewer, verdict="refused")
    sign(document, ["political"], actor=town.reviewer, verdict="refused", note="提法不妥")
    (reason,) = reasons(document)
    assert reason.startswith("政治关没有通过：提法不妥（")
    perform(document, "return", actor=town.reviewer, key="b", message="提法不妥")
    edit(document, {"title": "改过的标题"}, actor=town.drafter)
    assert reasons(document) == []


def test_a_reviewer_overrules_one_spot_with_a_reason_and_it_is_kept(
    town: Town, supervisor: Actor
) -> None:
    in_force(supervisor, "terms", Entry("terms", "旧称呼", "新称呼"), wrong="旧称呼")
    document = town.document(body=body("“旧称呼”一词停用", "旧称呼", "电话13800138000"))
    spot = fingerprint("banned_term", "旧称呼")
    with pytest.raises(OutOfScope):
        overrule(document, spot, reason="引用", actor=town.drafter)
    with pytest.raises(Refused, match="须写明理由"):
        overrule(document, spot, reason=" ", actor=town.reviewer)
    with pytest.raises(Refused, match="还拦着 1 处|还拦着 2 处"):
        sign(document, ["political"], actor=town.reviewer)
    row = overrule(document, spot, reason="引用原文", actor=town.reviewer)
    assert overrule(document, spot, reason="再来", actor=town.reviewer) == row
    assert (row.gate, row.versions["禁用词和慎用词"]) == ("political", "测试州第 1 版")
    assert reasons(document) == ["正文第 3 段疑有手机号码，请核实并遮盖。"]
    mobile = overrule(
        document, fingerprint("mobile", "13800138000"), reason="公布的热线", actor=town.reviewer
    )
    assert "13800138000" not in mobile.excerpt
    assert reasons(document) == []
    sign(document, ["political", "policy"], actor=town.reviewer)


@pytest.mark.parametrize(
    ("text", "kind"), [(MADE_UP, "identity_number"), ("机密★1年", "secret_mark")]
)
def test_no_one_overrules_a_classified_mark_or_an_identity_number(
    town: Town, text: str, kind: str
) -> None:
    document = town.document(body=body("正文"))
    OfficialDocument.objects.filter(pk=document.pk).update(body=body(f"写着{text}"))
    document.refresh_from_db()
    with pytest.raises(Refused, match="不能放行"):
        overrule(document, fingerprint(kind, text), reason="急", actor=town.reviewer)
    assert Overrule.objects.count() == 0


def test_the_one_who_drafted_it_neither_signs_nor_overrules(town: Town, supervisor: Actor) -> None:
    document = town.document(body=body("电话13800138000"))
    OfficialDocument.objects.filter(pk=document.pk).update(created_by=town.reviewer.user_id)
    document.refresh_from_db()
    with pytest.raises(Refused, match="您自己起草"):
        overrule(document, fingerprint("mobile", "13800138000"), reason="热线", actor=town.reviewer)
    with pytest.raises(Refused, match="您自己起草"):
        sign(document, ["text"], actor=town.reviewer)


def test_personal_numbers_are_masked_everywhere_at_one_press(town: Town) -> None:
    table = {"type": "table", "rows": [["姓名", "电话"], ["某", "13800138000"]]}
    document = town.document(body=[*body(f"某 {MADE_UP}，138 0013 8000"), table])
    assert mask_personal(document, actor=town.drafter).texts == 3
    document.refresh_from_db()
    assert reasons(document) == []
    assert document.body[0]["text"] == f"某 {MADE_UP[:3]}{'*' * 13}{MADE_UP[-2:]}，138 **** **00"
    assert document.body[1]["rows"][1][1] == "138******00"
    with pytest.raises(Refused, match="没有要遮盖的个人信息"):
        mask_personal(document, actor=town.drafter)


def test_a_word_file_is_replaced_by_a_masked_copy_and_a_pdf_is_left(town: Town) -> None:
    document = town.document()
    with_file(town, document, docx(f"甲 {MADE_UP}", header="电话 13800138000"), "名单.docx")
    with_file(town, document, pdf([[Set("13800138000", 80, 700)]]), "名单.pdf")
    done = mask_personal(document, actor=town.drafter)
    assert (done.texts, done.files, len(done.left)) == (0, 1, 1)
    assert reasons(document) == ["附件“名单.pdf”第 1 页疑有手机号码，请核实并遮盖。"]
    word = document.files()[0]
    texts = [p.text for p in read_passages(location(word.sha256).read_bytes()).passages]
    assert f"甲 {MADE_UP[:3]}{'*' * 13}{MADE_UP[-2:]}" in texts
    assert [file.name for file in document.files()] == ["名单.docx", "名单.pdf"]


def test_what_was_caught_is_counted_once_and_marked_when_mended(town: Town) -> None:
    document = town.document(body=body("截止目前，按排，电话13800138000"))
    assert Job.objects.filter(name="screening.observe").count() == 1
    assert observe(document) == 3
    assert observe(document) == 0
    edit(document, {"body": body("截至目前，按排")}, actor=town.drafter)
    observe_again(label=document._meta.label_lower, pk=document.pk)
    rows = {row.kind: row for row in CaughtError.objects.order_by("-mended_at")}
    assert rows["mobile"].mended_at is not None
    assert sorted(row.mended_at is None for row in CaughtError.objects.all()) == [
        False, False, True,
    ]  # fmt: skip
    assert "13800138000" not in str(list(CaughtError.objects.values()))


def test_without_a_gate_nothing_is_published(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    the_gate = publication_gate.gate()
    monkeypatch.setattr(publication_gate, "_registered", [])
    with pytest.raises(RuntimeError, match="什么也不能发布"):
        released(town)
    assert PublicationVersion.objects.count() == 0
    publication_gate.register_gate(the_gate)
    with pytest.raises(ValueError, match="登记过"):
        publication_gate.register_gate(the_gate)


def test_titles_are_judged_by_the_day_the_document_was_written(
    town: Town, supervisor: Actor
) -> None:
    held = Entry("leaders", "演示甲", "测试州州长", valid_until=date(2021, 1, 1))
    in_force(supervisor, "leaders", held, wrong="州长演示甲")
    document = town.document(body=body("州长演示甲出席"))
    assert reasons(document) == []
    edit(document, {"written_on": date(2021, 1, 2)}, actor=town.drafter)
    (reason,) = reasons(document)
    assert reason == "正文第 1 段“州长演示甲”职务不符：所列职务都已卸任，请核实。"
