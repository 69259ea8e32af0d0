"""文书写什么：结论、条款、日期、救济段由规则生成，必备的缺一样就不能办结。"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialogue.letters.cases import CODES, facts_of, faults_of, letter_of
from yangguang.dialogue.letters.checking import faults
from yangguang.dialogue.letters.composing import NotEditable, compose
from yangguang.dialogue.letters.facts import (
    BY_PAGES,
    BY_REQUESTS,
    Applicant,
    Clarification,
    Extension,
    Fee,
    Office,
)
from yangguang.dialogue.letters.kinds import BY_KIND, KINDS, PROCEDURAL, REPLIES
from yangguang.dialogue.letters.numbers import numbered, series
from yangguang.dialogue.letters.samples import CONTENT, OFFICE
from yangguang.dialogue.letters.wording import cleaned
from yangguang.dialogue.remedies.rules import LEVELS, Authority, remedy
from yangguang.dialogue.remedies.tables import packaged_tables
from yangguang.dialogue.requests.fees import by_pages, by_requests
from yangguang.dialogue.requests.outcomes import OUTCOMES

REPLY_CODES = [kind.code for kind in REPLIES]
REFUSALS = [each.code for each in OUTCOMES if each.letter.startswith("D")]
NEW_YEAR = date(2024, 1, 1)


def whole(code: str, **changes: object) -> str:
    return "\n".join(part.text for part in letter_of(code, **changes).parts)


def test_there_are_seventeen_procedural_letters_and_one_reply_for_each_outcome() -> None:
    assert len(PROCEDURAL) == 17
    assert [kind.code for kind in REPLIES] == [each.code for each in OUTCOMES]
    assert len({kind.code for kind in KINDS}) == 38
    assert BY_KIND["state_secret"].mark == "D1"


@pytest.mark.parametrize("code", CODES)
def test_a_full_case_has_no_fault_and_every_mandatory_part_has_text(code: str) -> None:
    assert faults_of(code) == []
    assert all(part.text for part in letter_of(code).mandatory)


@pytest.mark.parametrize("code", CODES)
def test_what_rules_write_cannot_be_typed_over(code: str) -> None:
    kind = BY_KIND[code]
    facts, written = facts_of(code)
    for slot in kind.slots:
        if not slot.written:
            with pytest.raises(NotEditable, match="不能改写"):
                compose(kind, facts, {**written, slot.name: "改写"})


@pytest.mark.parametrize("code", CODES)
def test_each_mandatory_part_an_officer_leaves_empty_is_one_fault(code: str) -> None:
    kind = BY_KIND[code]
    bare = {"reasons": "", "harm": "", "severability": "", "fee": None, "clarification": None}
    for name in kind.editable:
        if name in kind.mandatory:
            facts, written = facts_of(code, **bare)
            written.pop(name, None)
            assert faults(kind, facts, written)


# ---- 答复 ----


@pytest.mark.parametrize("code", REPLY_CODES)
def test_a_reply_has_exactly_one_conclusion_with_its_clause(code: str) -> None:
    text = whole(code)
    assert [each.code for each in OUTCOMES if each.conclusion in text] == [code]
    outcome = next(each for each in OUTCOMES if each.code == code)
    assert f"依据{outcome.basis}的规定，{outcome.conclusion}。" in text


@pytest.mark.parametrize("code", REPLY_CODES)
def test_a_reply_quotes_the_application_word_for_word(code: str) -> None:
    assert f"“{CONTENT}”" in letter_of(code).text("receipt")
    assert "YSQ-2024-0018" in letter_of(code).text("receipt")
    assert "2024年3月5日" in letter_of(code).text("receipt")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(REPLY_CODES),
    st.dates(date(2019, 5, 15), date(2030, 12, 31)),
    st.sampled_from(sorted(LEVELS)),
    st.booleans(),
)
def test_the_remedies_of_a_reply_are_those_of_the_rules_once(
    code: str, written_on: date, level: str, is_electronic: bool
) -> None:
    who = Authority(level, OFFICE.name)
    letter = letter_of(code, written_on=written_on, authority=who, is_electronic=is_electronic)
    outcome = letter.kind.outcome
    assert outcome
    wanted = remedy(
        packaged_tables().versions, outcome.row, written_on, who,
        online_url=OFFICE.review_online_url if is_electronic else "",
    ).text  # fmt: skip
    assert letter.text("remedies") == wanted
    assert "\n".join(part.text for part in letter.parts).count(wanted) == 1
    must_go_first = outcome.is_refusal and written_on >= NEW_YEAR
    assert ("应当自收到本答复书之日起60日内先向" in wanted) == must_go_first


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_goes_to_reconsideration_first_only_from_2024(code: str) -> None:
    old = letter_of(code, written_on=date(2023, 12, 31)).text("remedies")
    new = letter_of(code, written_on=NEW_YEAR).text("remedies")
    assert "或者自收到本答复书之日起6个月内" in old
    assert "先向" not in old
    assert "先向" in new
    assert "6个月" not in new


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_without_reasons_harm_or_severability_cannot_be_finished(code: str) -> None:
    for name in ("reasons", "harm", "severability"):
        assert len(faults_of(code, **{name: ""})) == 1


def test_a_partial_reply_names_the_ground_of_what_it_withholds() -> None:
    assert any("没有引用" in each for each in faults_of("partial", reasons="属于个人隐私。"))


def test_what_does_not_exist_needs_the_account_of_the_search() -> None:
    assert any("没有检索过程" in each for each in faults_of("not_existing", search=None))
    facts, _ = facts_of("not_existing")
    assert facts.search
    for name in ("scope", "words", "places", "way", "by"):
        assert faults_of("not_existing", search=replace(facts.search, **{name: ""}))


def test_what_is_given_needs_carrier_way_and_time() -> None:
    facts, _ = facts_of("granted")
    assert facts.access
    assert faults_of("granted", access=replace(facts.access, when="")) == [
        "“予以公开”的答复没有写获取时间，请补上（条例第三十六条第二项）。"
    ]
    assert faults_of("granted", access=None)


@pytest.mark.parametrize("code", ["already_public", "publication", "petition", "admin_query"])
def test_where_to_get_it_must_be_told(code: str) -> None:
    assert any("获取的方式、途径" in each for each in faults_of(code, access=None))


def test_the_responsible_organ_is_named_or_said_to_be_unknown() -> None:
    assert faults_of("not_responsible", responsible=None)
    assert faults_of("not_responsible", responsible=None, responsible_unknown=True) == []


def test_an_electronic_reply_tells_the_internet_address_of_reconsideration() -> None:
    assert OFFICE.review_online_url in letter_of("granted", is_electronic=True).text("remedies")
    office = replace(OFFICE, review_online_url="")
    assert any(
        "网上申请渠道" in each for each in faults_of("granted", office=office, is_electronic=True)
    )
    assert faults_of("granted", office=office) == []


def test_a_state_secret_is_refused_without_the_file() -> None:
    assert any("不带附件" in each for each in faults_of("state_secret", attachments=("一份",)))
    told = faults_of("state_secret", {"reasons": "该信息见某发〔2020〕3号文件。"})
    assert any("文号" in each for each in told)
    given = faults_of(
        "state_secret", {"reasons": "某发〔2020〕3号属于国家秘密。"}, content="某发〔2020〕3号"
    )
    assert given == []


def test_remedies_and_second_conclusions_cannot_be_slipped_into_what_an_officer_writes() -> None:
    told = faults_of("internal_affairs", {"reasons": "可以自收到之日起六个月内向人民法院起诉。"})
    assert any("救济途径由规则生成" in each for each in told)
    other = BY_KIND["not_existing"].outcome
    assert other
    told = faults_of("internal_affairs", {"reasons": other.conclusion})
    assert any("恰好一个结论" in each for each in told)


def test_the_outcome_of_the_case_and_the_letter_must_agree() -> None:
    assert any("与选定的办理结果不同" in each for each in faults_of("granted", outcome="partial"))


def test_unclear_needs_a_clarification_and_excessive_an_inquiry() -> None:
    assert any("没有补正的记录" in each for each in faults_of("unclear", clarification=None))
    assert any("没有说明理由的记录" in each for each in faults_of("excessive", inquiry=None))


def test_a_firm_is_not_addressed_as_a_person() -> None:
    firm = Applicant("甘肃示例建材有限公司", kind="商业企业")
    text = whole("granted", applicant=firm)
    assert "你单位申请公开的政府信息可以公开" in text
    assert "您" not in text


# ---- 程序性文书 ----


def test_only_replies_and_the_notice_to_a_third_party_have_remedies() -> None:
    assert {kind.code for kind in PROCEDURAL if kind.has_remedies} == {"third_party_notice"}
    assert all(kind.has_remedies for kind in REPLIES)
    assert "如不服本告知，可以自收到本告知书之日起60日内" in whole("third_party_notice")
    for kind in PROCEDURAL:
        if kind.code not in ("third_party_notice", "fee_notice"):
            assert "提起行政诉讼" not in whole(kind.code)


def test_a_fee_cannot_be_disputed_alone() -> None:
    assert "不能单独申请行政复议或者提起行政诉讼" in letter_of("fee_notice").text("fee_remedies")


@given(st.integers(1, 150), st.integers(0, 150))
def test_a_fee_by_requests_is_the_difference_of_the_cumulative_fees(first: int, more: int) -> None:
    fee = Fee(BY_REQUESTS, first + more, first)
    assert fee.yuan == by_requests(first + more).yuan - by_requests(first - 1).yuan
    assert sum(int(line.partition("＝")[2].rstrip("元") or 0) for line in fee.lines()) == fee.yuan


@given(st.integers(1, 500))
def test_a_fee_by_pages_is_that_of_the_tariff(pages: int) -> None:
    assert Fee(BY_PAGES, pages).yuan == by_pages(pages).yuan


def test_no_notice_is_sent_for_nothing_or_before_the_rule() -> None:
    assert any(
        "应收 0 元" in each
        for each in faults_of("fee_notice", fee=Fee(BY_PAGES, 30, due_on=NEW_YEAR))
    )
    assert any("起施行" in each for each in faults_of("fee_notice", written_on=date(2020, 12, 31)))


def test_a_clarification_lists_each_item_a_date_and_the_consequence() -> None:
    letter = letter_of("clarification")
    assert "\n1．" in letter.text("demand") and "\n2．" in letter.text("demand")
    assert "2024年3月22日" in letter.text("term")
    assert "视为放弃申请" in letter.text("consequence")
    assert faults_of("clarification", clarification=None)
    late = Clarification(date(2024, 3, 8), date(2024, 3, 8), ("名称",))
    assert any("合理的期限" in each for each in faults_of("clarification", clarification=late))


def test_an_extension_is_at_most_twenty_days_approved_and_told_in_time() -> None:
    held = Extension(date(2024, 4, 2), date(2024, 4, 30), 20, "李示例")
    assert "李示例" not in whole("extension", extension=held)
    assert any("最长" in each for each in faults_of("extension", extension=replace(held, days=21)))
    assert any(
        "负责人同意" in each
        for each in faults_of("extension", extension=replace(held, approved_by=""))
    )
    assert any("已经届满" in each for each in faults_of("extension", written_on=date(2024, 4, 3)))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.hides_applicant])
def test_what_goes_to_others_does_not_tell_who_applied(kind: object) -> None:
    code = getattr(kind, "code", "")
    told = "我叫马示例，电话138****0000，要" + CONTENT
    text = whole(code, content=told)
    assert "马示例" not in text and "138****0000" not in text
    assert "我叫申请人" in text or code == "third_party_notice"
    found = faults_of(code, {"demand": "马示例申请的报告"})
    assert any("隐去申请人" in each for each in found)


def test_silence_of_a_third_party_is_not_consent_and_of_a_joint_maker_is() -> None:
    assert "视为同意" not in whole("third_party_consultation")
    assert "逾期未提出意见的，视为同意公开" in whole("joint_maker_consultation")
    assert "15个工作日" in whole("third_party_consultation")


def test_a_case_is_deemed_abandoned_only_when_a_term_passed_without_the_answer() -> None:
    corrected = Clarification(date(2024, 3, 8), date(2024, 3, 22), ("名称",), date(2024, 3, 20))
    assert faults_of("abandonment_record", clarification=corrected)
    unpaid = Fee(BY_PAGES, 44, due_on=date(2024, 4, 18), notified_on=date(2024, 3, 20))
    text = whole("abandonment_record", clarification=None, fee=unpaid)
    assert "逾期未按收费通知要求缴纳费用" in text and "140元" in text


# ---- 文号、日期、字 ----


def test_a_number_has_its_series_and_year_and_no_zeros() -> None:
    assert numbered(BY_KIND["clarification"], "临州示", 2020, 3) == "临州示公开补〔2020〕3号"
    assert series(BY_KIND["granted"], "临州示") == "临州示公开复"
    with pytest.raises(ValueError, match="不编文号"):
        series(BY_KIND["receipt"], "临州示")
    for wrong in ("临州示公开补〔2024〕7号", "临州示公开复〔2023〕7号", "临州示公开复〔2024〕07号"):
        assert any("文号" in each for each in faults_of("granted", letter_number=wrong))


def test_series_are_not_shared_between_kinds_of_procedure() -> None:
    held = [kind.series for kind in PROCEDURAL if kind.series]
    assert len(held) == len(set(held))


def test_a_draft_needs_no_number_and_no_date_yet() -> None:
    facts, written = facts_of("granted", letter_number="", written_on=None)
    assert faults(BY_KIND["granted"], facts, written, final=False) == []
    assert len(faults(BY_KIND["granted"], facts, written)) == 3


def test_a_letter_is_not_dated_before_the_receipt() -> None:
    assert any("早于收到" in each for each in faults_of("granted", written_on=date(2024, 3, 4)))


def test_control_characters_and_empty_lines_are_left_out() -> None:
    assert cleaned("甲\a\r\n\r\n  乙\x00{{ title }}\f") == "甲\n乙{{ title }}"


def test_an_office_without_anything_to_reach_has_no_contact_paragraph() -> None:
    letter = letter_of("granted", office=Office("临夏州示例局", "临州示"))
    assert letter.text("contact") == ""
