"""文件汇编：照规则选、固定的次序、逐字节可重做，所收的文件变了随之更新。"""

import re
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from tests.api import publish
from tests.sources.norms import conftest as norms
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.files.storing import location
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Classified, Refused, perform
from yangguang.foundation.notify.models import Message
from yangguang.foundation.typesetting import Untypeset, text_within
from yangguang.hub.indicators.registry import find
from yangguang.hub.indicators.rules import Counted, Period
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import publication_of
from yangguang.hub.publications.services import withdraw
from yangguang.hub.screening.models import FileScreening
from yangguang.sources.compilations import services, typesetting
from yangguang.sources.compilations.models import Compilation
from yangguang.sources.compilations.publications import CompilationKind
from yangguang.sources.compilations.rules import (
    Criteria,
    Entry,
    by_number,
    by_title,
    chosen,
    first_of,
    grouped,
)
from yangguang.sources.compilations.selectors import contents_of
from yangguang.sources.compilations.services import (
    RENEWED,
    RESTYLED,
    STUCK,
    TAKEN_DOWN,
    UNATTACHED,
    begin,
    pick,
    renew_all,
)
from yangguang.sources.compilations.typesetting import EDITION, Book, Text, pdf, unlike, word
from yangguang.sources.norms.models import Norm
from yangguang.sources.norms.services import bring_up, edit

_keys = count(1)
ENTRIES = st.builds(
    Entry, st.integers(1, 40), st.sampled_from(["document", "norm"]), st.sampled_from("甲乙丙"),
    st.sampled_from(["", "州发〔2020〕2号", "州发〔2020〕10号", "州令"]),
    st.sampled_from(["", "综合政务", "综合政务\\政务公开"]),
    st.sampled_from(["", "effective", "amended", "pending", "expired", "repealed"]),
    st.integers(2018, 2022), st.just("测试州"), st.just("0001"),
)  # fmt: skip
MANY = st.lists(ENTRIES, unique_by=lambda each: each.pk)


def entry(pk: int, **values: Any) -> Entry:
    given = {
        "kind": "norm", "title": "办法", "number": "", "subject": "", "validity": "", "year": 2020,
        "unit": "测试州", "unit_path": "0001", **values,
    }  # fmt: skip
    return Entry(pk, **given)


@given(MANY, st.randoms(), st.sampled_from(["subject", "year", "unit"]))
def test_the_order_does_not_depend_on_how_they_came_and_none_is_lost(
    entries: list[Entry], random: Any, grouping: str
) -> None:
    found = chosen(entries, Criteria(validity="any"))
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert chosen(shuffled, Criteria(validity="any")) == found
    groups = grouped(found, grouping)
    assert sorted(each.pk for _, held in groups for each in held) == [
        each.pk for each in sorted(found, key=lambda each: each.pk)
    ]
    assert len({label for label, _ in groups}) == len(groups)


@given(MANY)
def test_one_left_out_by_hand_is_never_chosen_and_one_taken_is(entries: list[Entry]) -> None:
    every = frozenset(each.pk for each in entries)
    assert chosen(entries, Criteria(validity="any", left_out=every)) == []
    taken = chosen([e for e in entries if e.kind == "norm"], Criteria(since=3000, taken=every))
    assert {each.pk for each in taken} == {each.pk for each in entries if each.kind == "norm"}


def test_a_subject_brings_its_parts_and_not_another_that_begins_alike() -> None:
    found = [entry(1, subject="综合政务\\政务公开"), entry(2, subject="综合政务处")]
    assert [each.pk for each in chosen(found, Criteria(subject="综合政务"))] == [1]


def test_numbers_go_by_value_and_titles_without_their_marks() -> None:
    second, tenth = entry(1, number="州发〔2020〕2号"), entry(2, number="州发〔2020〕10号")
    assert by_number(second) < by_number(tenth)
    assert by_title(entry(1, title="《乙》"))[0] == "乙"


def test_norms_alone_are_collected_when_wanted_and_a_document_taken_by_hand_beside_them() -> None:
    both = [entry(1, kind="document"), entry(2), entry(3, kind="document")]
    alone = Criteria(collected="norms", taken=frozenset({3}))
    assert [each.pk for each in chosen(both, alone)] == [2, 3]
    assert len(chosen(both, Criteria())) == 3


def test_a_document_registered_as_a_norm_stands_once() -> None:
    both = [entry(1, kind="document", number="州发〔2020〕2号"), entry(2, number="州发〔2020〕2号")]
    assert [each.pk for each in chosen(both, Criteria())] == [2]


def book() -> Book:
    line = {"type": "paragraph", "style": "plain", "text": "第一条　为了规范管理，制定本办法。"}
    texts = tuple(
        Text(str(n), f"第{n}号办法", f"州发〔2020〕{n}号", "（2020年公布）", "有效", (line,) * 60)
        for n in (1, 2)
    )
    return Book("测试州制度汇编", "测试州", "", (("综合政务", texts),), (1, 2), (1, 2))


def test_two_makings_are_the_same_byte_for_byte() -> None:
    assert word(book()) == word(book())
    assert pdf(book()).content == pdf(book()).content


def test_the_contents_of_the_pdf_carry_the_page_each_text_begins_on() -> None:
    text = "".join(text_within(pdf(book()).content, below=60).split())
    contents = text[text.index("目录") : text.index("第一条")]
    assert "州发〔2020〕1号）" in contents and contents.index(".3") < contents.rindex(".")


TABLE = {
    "type": "table",
    "rows": [
        [{"text": "事项", "rowspan": 2}, {"text": "时限", "colspan": 2}],
        ["受理", "办结"],
        ["补贴申领", "3日", "20日"],
    ],
}
LISTED = {
    "type": "list", "ordered": True,
    "items": [{"text": "身份证明", "list": {"ordered": True, "items": [{"text": "复印件"}]}},
              {"text": "申请书"}],
}  # fmt: skip


def with_blocks(*blocks: dict[str, Any]) -> Book:
    text = Text("1", "补贴办法", "", "", "有效", blocks)
    return Book("汇编", "测试州", "", (("综合政务", (text,)),), (1,), (1,))


def test_tables_and_lists_are_tables_and_lists_in_word_and_every_list_counts_from_one() -> None:
    made = Document(BytesIO(word(with_blocks(TABLE, LISTED, LISTED))))
    (table,) = made.tables
    assert [cell.text for cell in table.rows[1].cells] == ["事项", "受理", "办结"]
    assert [cell.text for cell in table.rows[0].cells] == ["事项", "时限", "时限"]
    items = [each for each in made.paragraphs if each.style.name.startswith("List Number")]
    assert [each.text for each in items] == ["身份证明", "复印件", "申请书"] * 2
    numbers = [each._p.pPr.numPr.numId.val for each in items]
    assert numbers[0] == numbers[2] and len(set(numbers)) == 4


def test_the_pdf_is_read_back_and_a_word_lost_or_added_is_told() -> None:
    whole = with_blocks(TABLE, LISTED)
    content = pdf(whole).content
    assert unlike(whole, content) == []
    plain = {"type": "paragraph", "style": "plain", "text": "第二条　另有规定的除外。"}
    assert unlike(with_blocks(TABLE, LISTED, plain), content) == ["缺“第二条　另有规定的除外。”"]
    assert unlike(with_blocks(LISTED), content)[0].startswith("多")
    other = {**TABLE, "rows": [*TABLE["rows"], ["缓办", "", ""]]}
    assert unlike(with_blocks(other, LISTED), content)[0].startswith("缺")


PICTURE = {"type": "picture", "file": 1, "alt": "流程图", "caption": ""}


def test_a_picture_is_refused_and_never_left_out_in_silence() -> None:
    for make in (pdf, word):
        with pytest.raises(Untypeset, match="正文里有图片"):
            make(with_blocks(PICTURE))


def test_the_first_of_the_contents_are_shown_with_the_whole_number_of_each_group() -> None:
    groups = [("甲", "ab"), ("乙", "cde"), ("丙", "f")]
    assert first_of(groups, 3) == [("甲", 2, "ab"), ("乙", 3, "c")]
    assert first_of(groups, 9) == [("甲", 2, "ab"), ("乙", 3, "cde"), ("丙", 1, "f")]
    assert first_of(groups, 2) == [("甲", 2, "ab")]


def begun(town: Town, **values: Any) -> Compilation:
    given = {
        "title": "测试州制度文件汇编", "unit": town.organisation, "validity": "in_force",
        "grouping": "year", **values,
    }  # fmt: skip
    return begin(
        given, organisation=town.organisation, actor=town.drafter, key=f"begin-{next(_keys)}",
        columns=[town.column],
    )  # fmt: skip


def go(town: Town, record: Compilation, *events: str) -> Compilation:
    who = {"pass": town.reviewer, "approve": town.approver, "withdraw": town.approver}
    for event in events:
        actor = who.get(event, town.drafter)
        perform(record, event, actor=actor, key=f"step-{next(_keys)}", message="理由")
        run_due()
        record.refresh_from_db()
    return record


def hub(record: Any) -> Publication:
    return publication_of(record, "document")


def shown(record: Compilation) -> dict[str, Any]:
    version = publication_of(record, "compilation").current_version
    assert version is not None
    return version.payload


STEPS = ("submit", "pass", "approve", "publish")


def follow() -> int:
    """封存以后，跟随者走一遍。"""
    seal_all()
    return renew_all()


def printed(record: Compilation) -> str:
    """公开着的 PDF 和文字版的全部文字，不算空白。"""
    told = ""
    for file in shown(record)["attachments"]:
        content = location(file["sha256"]).read_bytes()
        told += (
            text_within(content, below=0)
            if file["name"].endswith(".pdf")
            else "".join(each.text for each in Document(BytesIO(content)).paragraphs)
        )
    return "".join(told.split())


def statuses(record: Compilation) -> list[str]:
    return [each["status"] for each in shown(record)["by_title"]]


def alarms(town: Town, who: str = "drafter") -> list[str]:
    told = Message.objects.filter(kind="alarm", user=getattr(town, who).user_id).order_by("pk")
    return [each.why for each in told]


def lasting(town: Town, title: str) -> Norm:
    """现行有效、没有失效日期的一份。"""
    return norms.published(town, title, ceases_on=None, term_reason="长期适用")


def test_what_is_withdrawn_goes_first_and_then_the_rest_is_made_again(town: Town) -> None:
    first, second = publish(town, 1), publish(town, 2)
    record = go(town, begun(town), *STEPS)
    before = shown(record)
    assert len(before["by_number"]) == 2 and len(before["attachments"]) == 2
    assert follow() == 0
    assert shown(record) == before
    withdraw(hub(first), actor=town.approver, reason="有误")
    assert follow() == 1
    assert [each["index_number"] for each in shown(record)["by_title"]] == [
        hub(second).index_number
    ]
    assert shown(record)["attachments"] == []
    run_due()
    after = shown(record)["attachments"]
    assert len(after) == 2 and after != before["attachments"]


def test_a_second_withdrawal_does_not_wait_for_the_first_to_be_set_again(town: Town) -> None:
    held = [publish(town, number) for number in (1, 2, 3)]
    record = go(town, begun(town), *STEPS)
    for left, each in ((2, held[0]), (1, held[1])):
        withdraw(hub(each), actor=town.approver, reason="有误")
        follow()
        assert len(shown(record)["by_number"]) == left
    run_due()
    assert not record.made.exclude(step="made").exists()
    assert len(shown(record)["attachments"]) == 2


def test_a_corrected_text_takes_the_old_files_off_until_they_are_made_again(town: Town) -> None:
    norm = lasting(town, "测试州旧办法")
    record = go(town, begun(town), *STEPS)
    assert "有效期为五年" in printed(record)
    norms.walk(town, norm, "revise")
    edit(norm, {"body": norms.body("第一条　照旧。", "第二条　有效期为三年。")},
                actor=town.drafter)  # fmt: skip
    norms.walk(town, norm, "correct")
    assert follow() == 1
    assert shown(record)["attachments"] == []
    assert CompilationKind().is_being_revised(record)
    run_due()
    text = printed(record)
    assert text.count("有效期为三年") == 2 and "有效期为五年" not in text
    record.refresh_from_db()
    assert record.state == "published" and follow() == 0


def test_a_norm_repealed_is_told_so_or_leaves_with_the_files_that_held_it(town: Town) -> None:
    norm, other = lasting(town, "测试州旧办法"), lasting(town, "测试州公文处理办法")
    every = go(town, begun(town, validity="any"), *STEPS)
    in_force = go(town, begun(town), *STEPS)
    ended = begun(town, validity="ended", collected="norms")
    assert contents_of(ended).total == 0
    assert set(statuses(every)) == {"有效"}
    repealing = "关于废止测试州旧办法的决定"
    norms.changing(town, "repeals", norm, date(2024, 5, 1), repealing)
    assert follow() == 2
    for each in (every, in_force):
        assert shown(each)["attachments"] == []
    told = {each["title"]: each["status"] for each in shown(every)["by_title"]}
    assert told == {norm.title: "废止", other.title: "有效", repealing: "有效"}
    assert {each["title"] for each in shown(in_force)["by_title"]} == {other.title, repealing}
    run_due()
    assert printed(every).count("（废止）") == 6
    assert f"{other.title}（" in printed(in_force) and f"{norm.title}（" not in printed(in_force)
    assert [each.title for each in contents_of(ended).texts] == [norm.title]


def test_a_norm_past_its_term_is_told_expired_in_page_word_and_pdf(town: Town) -> None:
    norm = lasting(town, "测试州旧办法")
    record = go(town, begun(town, validity="any"), *STEPS)
    assert statuses(record) == ["有效"]
    Norm.objects.filter(pk=norm.pk).update(ceases_on=date.today())
    norm.refresh_from_db()
    bring_up(norm)
    assert follow() == 1
    assert statuses(record) == ["失效"] and shown(record)["attachments"] == []
    run_due()
    assert printed(record).count("（失效）") == 6


def test_a_page_that_cannot_be_corrected_is_taken_down_with_an_alarm(town: Town) -> None:
    first, _ = publish(town, 1), publish(town, 2)
    record = go(town, begun(town), *STEPS)
    Compilation.objects.filter(pk=record.pk).update(about="机密★10年")
    withdraw(hub(first), actor=town.approver, reason="有误")
    follow()
    record.refresh_from_db()
    assert record.state == "withdrawn"
    assert publication_of(record, "compilation").state == Publication.State.WITHDRAWN
    assert alarms(town) == alarms(town, "approver") == [TAKEN_DOWN]
    follow()
    assert alarms(town) == [TAKEN_DOWN]


def test_one_that_fails_does_not_keep_the_others_waiting_and_is_told_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = publish(town, 1), publish(town, 2)
    broken, sound = go(town, begun(town), *STEPS), go(town, begun(town), *STEPS)
    follow()
    withdraw(hub(first), actor=town.approver, reason="有误")
    right = services.renew

    def renew(compilation: Compilation, *given: str) -> bool:
        if compilation.pk == broken.pk:
            raise KeyError("没有料到")
        return right(compilation, *given)

    monkeypatch.setattr(services, "renew", renew)
    assert follow() == 1
    assert len(shown(sound)["by_number"]) == 1 and len(shown(broken)["by_number"]) == 2
    assert alarms(town) == alarms(town, "approver") == [STUCK]
    follow()
    assert alarms(town) == [STUCK]
    monkeypatch.undo()
    assert follow() == 1
    assert len(shown(broken)["by_number"]) == 1


def test_a_text_published_later_is_taken_in_when_it_follows_the_rule(town: Town) -> None:
    publish(town, 1)
    record = go(town, begun(town), *STEPS)
    publish(town, 2)
    follow()
    run_due()
    assert len(shown(record)["by_number"]) == 2 and len(shown(record)["attachments"]) == 2


def test_one_that_cannot_be_set_again_stays_without_files_and_those_who_can_act_are_told(
    town: Town,
) -> None:
    publish(town, 1)
    record = go(town, begun(town), *STEPS)
    publish(town, 2, body=[{"type": "paragraph", "style": "plain", "text": "甲"}, PICTURE])
    follow()
    run_due()
    assert len(shown(record)["by_number"]) == 2 and shown(record)["attachments"] == []
    (told,) = alarms(town)
    assert told.startswith("公布着的汇编没有重新排成") and "图片" in told


def test_files_that_may_not_be_attached_leave_the_page_as_it_is_and_are_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(town, 1)
    record = go(town, begun(town), *STEPS)
    publish(town, 2)
    follow()

    def refuse(*given: Any, **named: Any) -> None:
        raise Refused(["附件里有禁用词。"])

    monkeypatch.setattr(services, "correct", refuse)
    run_due()
    record.refresh_from_db()
    assert record.state == "published" and shown(record)["attachments"] == []
    assert len(shown(record)["by_number"]) == 2
    assert alarms(town) == [UNATTACHED]
    assert "附件里有禁用词。" in [each.message for each in history(record)]


def test_what_is_published_elsewhere_does_not_make_it_look_again(
    town: Town, django_assert_num_queries: Any
) -> None:
    publish(town, 1)
    record = go(town, begun(town), *STEPS)
    follow()
    with django_assert_num_queries(2):
        assert renew_all() == 0
    record.refresh_from_db()
    assert record.checked_up_to > 0


def test_a_new_way_of_setting_sets_those_in_public_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(town, 1)
    record = go(town, begun(town), *STEPS)
    follow()
    before = record.made.get()
    for module in (services, typesetting):
        monkeypatch.setattr(module, "EDITION", EDITION + 1)
    assert follow() == 1
    run_due()
    assert record.made.exclude(pk=before.pk).get().step == "made" and follow() == 0
    assert len(shown(record)["attachments"]) == 2
    told = publication_of(record, "compilation").versions.order_by("number")
    assert [each.reason for each in told] == ["", RESTYLED, RENEWED]


def test_the_page_of_a_record_reads_no_text_whatever_is_chosen(town: Town) -> None:
    publish(town, 1)
    record = begun(town)
    desk = sign_in(town.drafter)
    with CaptureQueriesContext(connection) as few:
        desk.get(f"/workbench/compilations/{record.pk}/")
    for number in range(2, 6):
        publish(town, number)
    with CaptureQueriesContext(connection) as many:
        page = desk.get(f"/workbench/compilations/{record.pk}/").content.decode()
    assert "选到的（5 份）" in page
    assert len(many) == len(few)
    whole = re.compile(r'(?<!\()"publications_publicationversion"\."payload"')
    assert not [each for each in many.captured_queries if whole.search(each["sql"])]


def test_the_files_are_screened_where_they_are_set_and_not_when_a_button_is_pressed(
    town: Town,
) -> None:
    publish(town, 1)
    record = go(town, begun(town), "submit")
    made = record.made.get()
    assert FileScreening.objects.filter(sha256__in=[made.word, made.pdf]).count() == 2


def test_a_text_with_a_picture_is_named_before_it_is_submitted(town: Town) -> None:
    plain, held = publish(town, 1), publish(
        town, 2, body=[{"type": "paragraph", "style": "plain", "text": "见图"}, PICTURE]
    )  # fmt: skip
    assert plain.title != held.title
    with pytest.raises(Refused) as refused:
        go(town, begun(town), "submit")
    told = "".join(refused.value.reasons)
    assert "".join(held.title.split()) in told and "".join(plain.title.split()) not in told


def test_an_empty_selection_and_contrary_years_and_a_secret_mark_are_told(town: Town) -> None:
    with pytest.raises(Refused, match="一份也选不到"):
        go(town, begun(town), "submit")
    with pytest.raises(Refused, match="起始年份 2021 晚于截止年份 2020"):
        begun(town, since=2021, until=2020)
    with pytest.raises(Classified):
        begun(town, about="机密★10年")


def test_a_pick_needs_a_reason_and_a_text_still_public(town: Town) -> None:
    found = hub(publish(town, 1))
    record = begun(town)
    with pytest.raises(Refused, match="理由"):
        pick(record, found, is_in=False, reason=" ", actor=town.drafter)
    pick(record, found, is_in=False, reason="已有专册", actor=town.drafter)
    assert contents_of(record).total == 0
    withdraw(found, actor=town.approver, reason="有误")
    found.refresh_from_db()
    with pytest.raises(Refused, match="已经撤回"):
        pick(record, found, is_in=True, reason="要收", actor=town.drafter)


def test_a_number_that_is_not_found_is_told_and_what_was_typed_stays(town: Town) -> None:
    found = hub(publish(town, 1))
    record = begun(town)
    desk = sign_in(town.drafter)
    path = f"/workbench/compilations/{record.pk}/pick/"
    typed = {"number": "没有〔2020〕99号", "way": "out", "reason": "已有专册"}
    page = desk.client.post(path, desk.form(path) | typed)
    told = page.content.decode()
    assert page.status_code == 422 and "没有找到“没有〔2020〕99号”" in told
    assert 'value="已有专册"' in told and not record.picks.exists()
    shown_at = f"/workbench/compilations/{record.pk}/"
    away = f"{path}?number={quote(found.index_number, safe='')}&way=out"
    assert away.replace("&", "&amp;") in desk.get(shown_at).content.decode()
    assert (desk.form(away)["number"], desk.form(away)["way"]) == ([found.index_number], ["out"])
    desk.fill(away, reason="已有专册")
    assert record.picks.get().publication == found
    assert "已有专册" in desk.get(f"/workbench/compilations/{record.pk}/").content.decode()


def test_the_indicator_counts_the_organs_whose_compilation_is_public(town: Town) -> None:
    publish(town, 1)
    record = begun(town)
    period = Period(None, timezone.localdate())

    def counted() -> Counted:
        return find("compilations.compiled").count(period, period.until)[town.organisation.pk]

    assert counted() == Counted(0, 1)
    go(town, record, "submit", "pass", "approve", "publish")
    assert counted() == Counted(1, 1)
    go(town, record, "withdraw")
    assert counted() == Counted(0, 1)


def test_years_narrow_the_choice_and_a_pick_stands_beside_them(town: Town) -> None:
    found = hub(publish(town, 1))
    assert found.written_on is not None
    year = found.written_on.year
    assert contents_of(begun(town, since=year, until=year)).total == 1
    assert contents_of(begun(town, until=year - 1)).total == 0
    later = begun(town, since=year + 1)
    assert contents_of(later).total == 0
    pick(later, found, is_in=True, reason="沿用至今", actor=town.drafter)
    assert contents_of(later).total == 1
