"""政府公报：从候选到付印、上网；印的是标准文本，重排一字节不差。"""

import os
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api import publish
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.storing import location
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.lifecycle.services import Classified, Refused, perform
from yangguang.foundation.typesetting import Untypeset
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import publication_of
from yangguang.hub.publications.services import correct, withdraw
from yangguang.outlets.gazette.models import GazetteIssue
from yangguang.outlets.gazette.rules import (
    SECTIONS,
    moved,
    number_faults,
    placed,
    section_for,
    standing,
)
from yangguang.outlets.gazette.selectors import articles_of, candidates, content_of, next_numbers
from yangguang.outlets.gazette.services import (
    drop_entry,
    edit_issue,
    make_print,
    open_issue,
    place_entry,
    printed,
    renew_entry,
    take_entry,
)
from yangguang.outlets.gazette.typesetting import (
    Article,
    Issue,
    issue_digest,
    printed_text,
    typeset,
    unprinted,
)
from yangguang.sources.documents.models import OfficialDocument

WORDS = "各县市人民政府，州政府各部门：现将本方案印发给你们，请认真贯彻执行（2020年第3号）。"


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "style": "plain", "text": text}


def article(number: int, *blocks: dict[str, Any]) -> Article:
    return Article(
        "本级政府文件",
        f"关于第{number}号方案的通知",
        f"测州发〔2020〕{number}号",
        blocks,
        "ab" * 32,
    )


def issue_of(*articles: Article) -> Issue:
    return Issue(
        "测试州人民政府公报", "测试州人民政府", "2026年第1期", "总第1期", "甘N001", "2026年11月25日",
        articles,
    )  # fmt: skip


LONG = issue_of(
    *(
        article(
            number,
            *(paragraph(f"{WORDS * 6}之{line}") for line in range(12)),
            {"type": "heading", "level": 2, "text": "附表"},
            {"type": "table", "rows": [["序号", "名称"], ["1", WORDS]]},
            {"type": "list", "ordered": True, "items": [{"text": "甲项"}, {"text": "乙项"}]},
        )
        for number in (1, 2)
    )
)


# ---- 规则 ----


def test_each_document_goes_first_to_the_section_of_its_publisher() -> None:
    own = "0001"
    assert section_for("测试州人民政府关于甲的通知", own, own) == "own"
    assert section_for("测试州人民政府办公室关于甲的通知", own, own) == "office"
    assert section_for("关于张三等任职的通知", own, own) == "personnel"
    assert section_for("关于甲的通知", "00010002", own) == "department"
    assert section_for("关于甲的通知", own, "00010002") == "above"


@given(st.lists(st.integers(), unique=True, min_size=1), st.data())
def test_however_they_are_moved_none_is_lost(order: list[int], data: st.DataObject) -> None:
    which = data.draw(st.sampled_from(order))
    before = data.draw(st.sampled_from([*order, None]))
    assert sorted(moved(order, which, data.draw(st.sampled_from([-1, 1])))) == sorted(order)
    found = placed(order, which, before)
    assert sorted(found) == sorted(order)
    if before not in (None, which):
        assert found.index(which) + 1 == found.index(before)


def test_the_first_cannot_go_up_nor_the_last_down() -> None:
    assert moved([1, 2, 3], 1, -1) == [1, 2, 3]
    assert moved([1, 2, 3], 3, 1) == [1, 2, 3]
    assert moved([1, 2, 3], 1, 1) == [2, 1, 3]


def test_the_printed_text_is_told_from_a_corrected_a_withdrawn_and_an_altered_one() -> None:
    assert standing("a", "a", "a") == "same"
    assert standing("a", "a", "b") == "corrected"
    assert standing("a", "a", None) == "withdrawn"
    assert standing("a", "x", "a") == "broken"


def test_a_number_used_twice_is_told_by_name() -> None:
    used: dict[str, set[tuple[int, ...]]] = {"numbers": {(2026, 1)}, "running": {(7,)}}
    told = number_faults(2026, 1, 7, used)
    assert "2026 年第 1 期已经有了" in told[0] and "总第 7 期已经有了" in told[1]
    assert number_faults(2025, 1, 8, used) == []


# ---- 排版 ----


def test_every_paragraph_cell_and_check_code_is_printed_and_a_missing_one_is_told() -> None:
    made = typeset(LONG)
    assert made.pages > 3
    assert "测试州人民政府公报" in printed_text(made.content)
    assert unprinted(LONG.articles, made.content) == []
    (told,) = unprinted([article(1, paragraph("没有印的一段。"))], made.content)
    assert told == "《关于第1号方案的通知》缺“没有印的一段。”"


def test_the_contents_give_the_page_each_article_begins_on() -> None:
    text = "".join(printed_text(typeset(LONG).content).split())
    contents = text[text.index("目录") : text.index("本级政府文件关于第1号方案的通知", 60)]
    assert "关于第1号方案的通知（测州发〔2020〕1号）" in contents
    assert contents.rstrip(".")[-1].isdecimal() or ".3" in contents


def test_it_is_the_same_byte_for_byte_in_another_process_on_another_day() -> None:
    small = issue_of(article(1, paragraph(WORDS)))
    script = (
        "import sys; from tests.outlets.gazette.test_gazette import *;"
        "sys.stdout.buffer.write(typeset(issue_of(article(1, paragraph(WORDS)))).content)"
    )
    code = f"import django; django.setup(); {script}"
    elsewhere = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "UTC",
             "DJANGO_SETTINGS_MODULE": "yangguang.settings.test"},
    ).stdout  # fmt: skip
    assert typeset(small).content == elsewhere


def test_a_text_with_a_picture_is_refused_not_printed_without_it() -> None:
    picture = {"type": "picture", "file": 1, "alt": "图", "caption": ""}
    with pytest.raises(Untypeset, match="正文里有图片"):
        typeset(issue_of(article(1, picture)))


# ---- 从候选到上网 ----


def hub(record: OfficialDocument) -> Publication:
    return publication_of(record, "document")


def begun(town: Town, number: int = 1, running: int = 1, **values: Any) -> GazetteIssue:
    given = {
        "name": "测试州公报", "year": 2026, "number": number, "running": running,
        "licence": "甘N001", "dated_on": date(2026, 11, 25), **values,
    }  # fmt: skip
    return open_issue(
        given, organisation=town.organisation, actor=town.drafter, key=f"issue-{running}",
        columns=[town.column],
    )  # fmt: skip


def go(town: Town, issue: GazetteIssue, *events: str) -> GazetteIssue:
    for event in events:
        who = town.approver if event in ("approve", "return", "withdraw") else town.drafter
        stamp = f"{event}-{issue.pk}-{issue.updated_at.timestamp():.6f}".replace(".", "-")
        perform(issue, event, actor=who, key=stamp, message="理由")
        issue.refresh_from_db()
    return issue


def titles(issue: GazetteIssue) -> list[str]:
    return [each.title.replace("\n", "") for each in articles_of(issue)]


def test_from_candidates_to_print_and_the_web(town: Town) -> None:
    """编辑从候选里选两份，调次序，送签；作业排好，签发人签发，公布；候选里不再有它们。"""
    first, second = publish(town, 1), publish(town, 2)
    issue = begun(town)
    assert set(candidates(issue)) == {hub(first), hub(second)}
    for record in (first, second):
        take_entry(issue, hub(record), actor=town.drafter)
    place_entry(issue, issue.entries.last(), actor=town.drafter, step=-1)
    assert titles(issue) == [hub(second).title, hub(first).title]
    with pytest.raises(Refused, match="不在候选里"):
        take_entry(issue, hub(first), actor=town.drafter)

    go(town, issue, "submit")
    with pytest.raises(Refused, match="正在排版"):
        perform(issue, "approve", actor=town.approver, key="too-early")
    run_due()
    made = printed(issue)
    assert made is not None and made.pages >= 3
    text = "".join(printed_text(location(made.pdf).read_bytes()).split())
    for record in (first, second):
        version = hub(record).current_version
        assert version is not None and version.digest in text

    go(town, issue, "approve", "publish")
    shown = publication_of(issue, "gazette_issue").current_version
    assert shown is not None
    assert [file["sha256"] for file in shown.payload["attachments"]] == [made.pdf]
    told = [each for section in shown.payload["sections"] for each in section["articles"]]
    assert [each["digest"] for each in told] == [
        hub(second).current_version.digest,  # type: ignore[union-attr]
        hub(first).current_version.digest,  # type: ignore[union-attr]
    ]
    assert not candidates(begun(town, 2, 2)).exists()


def test_what_is_corrected_after_it_was_chosen_is_not_signed_until_renewed(town: Town) -> None:
    record = publish(town, 1)
    issue = begun(town)
    entry = take_entry(issue, hub(record), actor=town.drafter)
    record.subject = "综合政务"
    record.save()
    correct(hub(record), record, actor=town.approver, reason="改主题", key="corrected")
    with pytest.raises(Refused, match="资源库已更正"):
        go(town, issue, "submit")
    renew_entry(issue, entry, actor=town.drafter)
    go(town, issue, "submit")
    withdraw(hub(record), actor=town.approver, reason="有误")
    run_due()
    with pytest.raises(Refused, match="资源库已撤回"):
        go(town, issue, "approve")


def test_after_submission_nothing_is_rearranged(town: Town) -> None:
    record = publish(town, 1)
    issue = begun(town)
    entry = take_entry(issue, hub(record), actor=town.drafter)
    go(town, issue, "submit")
    with pytest.raises(Refused, match="“签发”的不能修改"):
        drop_entry(issue, entry, actor=town.drafter)
    with pytest.raises(Refused):
        edit_issue(issue, {"number": 9}, actor=town.drafter, columns=[town.column])


def test_another_section_takes_it_at_its_end_and_before_another_takes_its_section(
    town: Town,
) -> None:
    records = [publish(town, number) for number in (1, 2, 3)]
    issue = begun(town)
    one, two, three = (take_entry(issue, hub(each), actor=town.drafter) for each in records)
    place_entry(issue, one, actor=town.drafter, section="above")
    place_entry(issue, three, actor=town.drafter, before=one.__class__.objects.get(pk=one.pk))
    assert [each.pk for each in articles_of(issue)] == [two.pk, three.pk, one.pk]
    place_entry(issue, three, actor=town.drafter, is_last=True)
    assert [each.pk for each in articles_of(issue)] == [two.pk, one.pk, three.pk]
    with pytest.raises(Refused, match="没有这个栏目"):
        place_entry(issue, two, actor=town.drafter, section="news")
    assert set(SECTIONS) >= {each.section for each in articles_of(issue)}


def test_what_is_put_where_it_is_already_leaves_no_trace(town: Town) -> None:
    issue = begun(town)
    entry = take_entry(issue, hub(publish(town, 1)), actor=town.drafter)
    before = AuditEvent.objects.filter(action="gazette.place_entry").count()
    place_entry(issue, entry, actor=town.drafter, is_last=True)
    place_entry(issue, entry, actor=town.drafter, step=-1)
    place_entry(issue, entry, actor=town.drafter, before=entry)
    assert AuditEvent.objects.filter(action="gazette.place_entry").count() == before


def test_dropped_on_itself_it_stays_and_made_up_moves_are_no_error(town: Town) -> None:
    issue = begun(town)
    one, two = (take_entry(issue, hub(publish(town, n)), actor=town.drafter) for n in (1, 2))
    place_entry(issue, one, actor=town.drafter, before=one)
    assert [each.pk for each in articles_of(issue)] == [one.pk, two.pk]
    desk = sign_in(town.drafter)
    path = f"/workbench/gazette/{issue.pk}/entries/{one.pk}/place/"
    for made_up in ({"before": "9" * 5000}, {"before": "²"}, {"step": "up", "section": "above"}):
        assert desk.post(path, made_up).status_code in (200, 404)


def test_numbers_go_on_from_the_last_and_one_used_is_refused_until_it_is_dropped(
    town: Town,
) -> None:
    issue = begun(town, 3, 40)
    assert next_numbers(town.organisation, 2026) == {"number": 4, "running": 41}
    assert begun(town, 3, 40).pk == issue.pk
    with pytest.raises(Refused, match="2026 年第 3 期已经有了"):
        begun(town, 3, 41)
    go(town, issue, "drop")
    assert begun(town, 3, 41).number == 3


def test_a_classification_mark_is_kept_out(town: Town) -> None:
    with pytest.raises(Classified):
        begun(town, licence="机密★10年")


def test_a_proof_of_an_issue_changed_since_is_not_taken_for_it(town: Town) -> None:
    first, second = publish(town, 1), publish(town, 2)
    issue = begun(town)
    take_entry(issue, hub(first), actor=town.drafter)
    go(town, issue, "typeset")
    (proof,) = issue.prints.all()
    take_entry(issue, hub(second), actor=town.drafter)
    make_print(proof)
    proof.refresh_from_db()
    assert proof.step == "failed" and "篇目变了" in proof.message
    assert printed(issue) is None
    assert proof.digest != issue_digest(content_of(issue, articles_of(issue)))


def test_the_form_keeps_what_was_typed_and_says_which_number_is_taken(
    town: Town,
) -> None:
    begun(town, 3, 40)
    desk = sign_in(town.drafter)
    page = desk.client.post(
        "/workbench/gazette/new/",
        {"key": "again", "name": "另一种公报", "year": "2026", "number": "3", "running": "40",
         "dated_on": "2025-01-01"},
    )  # fmt: skip
    told = page.content.decode()
    assert "2026 年第 3 期已经有了" in told and "总第 40 期已经有了" in told
    assert "出版日期不在 2026 年" in told and "另一种公报" in told


def test_choosing_and_moving_are_buttons_that_work_without_script(town: Town, client: Any) -> None:
    record = publish(town, 1)
    issue = begun(town)
    desk = sign_in(town.drafter)
    path = f"/workbench/gazette/{issue.pk}/"
    assert "选入“" in desk.get(path).content.decode()
    desk.client.post(f"{path}take/{hub(record).pk}/")
    shown = desk.get(path).content.decode()
    assert "篇目（1 篇）" in shown and "与资源库现行版本一致" in shown and "上移" in shown


def test_after_choosing_one_comes_back_to_where_one_was_choosing(town: Town) -> None:
    first = publish(town, 1)
    desk, path = sign_in(town.drafter), f"/workbench/gazette/{begun(town).pk}/"
    given = {"q": "方案", "page": "2"}
    answer = desk.client.post(f"{path}take/{hub(first).pk}/", given)
    assert answer["Location"] == f"{path}?q=%E6%96%B9%E6%A1%88&page=2#candidates"


def test_the_page_asks_whether_it_is_typeset_and_is_fetched_anew_only_then(town: Town) -> None:
    record = publish(town, 1)
    issue = begun(town)
    take_entry(issue, hub(record), actor=town.drafter)
    go(town, issue, "typeset")
    desk, path = sign_in(town.drafter), f"/workbench/gazette/{issue.pk}/"
    assert f'data-hx-get="{path}typesetting/"' in desk.get(path).content.decode()
    assert "HX-Refresh" not in desk.get(f"{path}typesetting/")
    run_due()
    assert desk.get(f"{path}typesetting/")["HX-Refresh"] == "true"
    assert 'data-hx-get="' + path not in desk.get(path).content.decode()
