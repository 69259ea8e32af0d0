"""一批补定：审查以前不写进台账；退回的不写；写进去的有依据、有期限，别处改不得。"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.actors import actor, organisation
from tests.api import publish
from tests.sources.norms.conftest import written
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.foundation.organisations.models import Organisation, OrganisationName
from yangguang.sources.disclosures.models import DisclosureBatch, DisclosureLine
from yangguang.sources.disclosures.rules import HEADINGS, read_batch
from yangguang.sources.disclosures.services import begin, drop_line, reinstate, strike, supplement
from yangguang.sources.documents.codes import reasons
from yangguang.sources.ledger.lists import read_entries
from yangguang.sources.ledger.models import LedgerEntry
from yangguang.sources.ledger.services import edit, enter, take_list

pytestmark = pytest.mark.django_db
READ_ON = date(2020, 11, 20)
HEAD = ["发文字号", "标题", "制发机构", "印发日期", "公开属性", "理由类别", "理由"]
WITHHELD = ("不予公开", "内部事务信息", "机关内部的值班安排")
PROACTIVE = ("主动公开", "", "")


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.READING_DAY = READ_ON


def row(number: int, *tail: str, unit: str = "", issued: str = "2020-09-25") -> list[str]:
    return [f"甲发〔2020〕{number}号", f"第{number}件", unit, issued, *tail]


def begun(town: Town, *rows: list[str], key: str = "batch") -> DisclosureBatch:
    return begin(
        read_batch([HEAD, *rows], READ_ON, reasons()), name="旧文.xlsx", actor=town.drafter,
        organisation=Organisation.objects.get(pk=town.organisation.pk), key=key,
    )  # fmt: skip


def listed(town: Town, number: int, disclosure: str = "withheld", **given: Any) -> LedgerEntry:
    """台账里已有的一件。"""
    values = {
        "document_number": f"甲发〔2020〕{number}号", "title": f"第{number}件",
        "issued_on": date(2020, 9, 25), "disclosure": disclosure, **given,
    }  # fmt: skip
    return enter(
        values, organisation=Organisation.objects.get(pk=town.organisation.pk),
        actor=town.drafter, key=f"listed-{number}",
    )  # fmt: skip


def settled(town: Town, batch: DisclosureBatch) -> DisclosureBatch:
    perform(batch, "submit", actor=town.drafter, key=f"submit-{batch.pk}")
    perform(batch, "settle", actor=town.reviewer, key=f"settle-{batch.pk}")
    return batch


def faults(batch: DisclosureBatch) -> dict[int, str]:
    batch.refresh_from_db()
    return {each["row"]: "".join(each["reasons"]) for each in batch.faults}


def test_nothing_is_written_before_the_review_and_all_of_it_after(town: Town) -> None:
    held = listed(town, 1)
    batch = begun(town, row(1, *PROACTIVE), row(2, *WITHHELD), row(3, "", "", ""))
    assert [each.before for each in batch.lines.all()] == ["withheld", ""]
    assert "没有填" in faults(batch)[4]
    perform(batch, "submit", actor=town.drafter, key="s")
    held.refresh_from_db()
    assert (held.disclosure, LedgerEntry.objects.count()) == ("withheld", 1)
    perform(batch, "settle", actor=town.reviewer, key="r")
    held.refresh_from_db()
    # 自印发日期起 20 个工作日（国庆、中秋放假），与逐件登记的同一天
    assert (held.disclosure, held.publish_due, held.is_reviewed) == (
        "proactive", date(2020, 10, 29), True,
    )  # fmt: skip
    fresh = LedgerEntry.objects.get(document_number="甲发〔2020〕2号")
    assert (fresh.disclosure, fresh.disclosure_ground, fresh.disclosure_reason) == (
        "withheld", "16-1", "机关内部的值班安排",
    )  # fmt: skip
    assert (fresh.publish_due, fresh.source, fresh.is_reviewed) == (None, "backfill", True)
    assert {line.entry for line in batch.lines.all()} == {held, fresh}
    assert batch.settled == 2
    assert AuditEvent.objects.filter(action="disclosures.settle").count() == 1


def test_the_one_who_proposed_does_not_review_it(town: Town) -> None:
    batch = begun(town, row(1, *WITHHELD))
    perform(batch, "submit", actor=town.drafter, key="s")
    both = actor("reviewer", town.organisation, username="drafter-test-prefecture")
    with pytest.raises(Refused, match="须由他人办理"):
        perform(batch, "settle", actor=both, key="r")
    assert not LedgerEntry.objects.exists()


def test_a_double_click_begins_one_batch(town: Town) -> None:
    assert begun(town, row(1, *WITHHELD)) == begun(town, row(1, *WITHHELD))
    assert DisclosureLine.objects.count() == 1


def test_the_struck_ones_stay_out_and_must_be_mended_before_it_goes_on(town: Town) -> None:
    batch = begun(town, row(1, *WITHHELD), row(2, *WITHHELD), row(3, *WITHHELD))
    one, two, three = batch.lines.all()
    with pytest.raises(Refused, match="须在“审查”时办"):
        strike(batch, [one], "应当主动公开", actor=town.reviewer)
    perform(batch, "submit", actor=town.drafter, key="s")
    strike(batch, [one, two], "应当主动公开", actor=town.reviewer)
    reinstate(batch, two, actor=town.reviewer)
    perform(batch, "return", actor=town.reviewer, key="b", message="有一件不对")
    with pytest.raises(Refused, match="还有 1 件退回了没有改"):
        perform(batch, "submit", actor=town.drafter, key="s2")
    mended = read_batch([HEAD, row(1, *PROACTIVE)], READ_ON, reasons())
    supplement(batch, mended, actor=town.drafter)
    assert [each.disclosure for each in batch.lines.order_by("pk")] == [
        "proactive", "withheld", "withheld",
    ]  # fmt: skip
    drop_line(batch, three, actor=town.drafter)
    perform(batch, "submit", actor=town.drafter, key="s3")
    strike(batch, [two], "再想想", actor=town.reviewer)
    perform(batch, "settle", actor=town.reviewer, key="r")
    assert [each.document_number for each in LedgerEntry.objects.all()] == ["甲发〔2020〕1号"]
    assert (batch.settled, batch.lines.exclude(struck="").get()) == (1, two)


def test_what_is_not_this_units_to_settle_comes_back_with_the_reason(town: Town) -> None:
    bureau = organisation("bureau", town.organisation, short_name="某局", name="测试州某局")
    for unit in (bureau, town.organisation):
        OrganisationName.objects.create(organisation=unit, name=unit.name, kind="official")
    own = LedgerEntry.objects.get(document=publish(town, 9))
    listed(town, 4, issued_on=date(2020, 9, 24))
    written(town, document_number="甲发〔2020〕7号")
    settled(town, begun(town, row(5, *WITHHELD), key="earlier"))
    begun(town, row(6, *WITHHELD), key="open")
    batch = begun(
        town,
        row(1, *WITHHELD, unit="测试州某局"),
        [own.document_number, own.title, "", "2020-09-25", *WITHHELD],
        row(4, *WITHHELD),
        row(5, *WITHHELD),
        row(6, *WITHHELD),
        row(7, *WITHHELD),
        key="this",
    )
    found = faults(batch)
    assert not batch.lines.exists()
    assert "不在您的范围内" in found[2] or "由制发机构自己定" in found[2]
    assert "公开属性在公文上定" in found[3]
    assert "2020-09-24" in found[4]
    assert "已经补定过" in found[5]
    assert "已在“旧文.xlsx”这一批里" in found[6]
    assert "行政规范性文件须主动公开" in found[7]
    with pytest.raises(Refused, match="没有可以补定的"):
        perform(batch, "submit", actor=town.drafter, key="s")


def test_the_same_text_told_twice_with_and_without_its_unit_is_taken_once(town: Town) -> None:
    OrganisationName.objects.create(
        organisation=town.organisation, name=town.organisation.name, kind="official"
    )
    unnumbered = ["", "同一件", "", "2020-09-25", *PROACTIVE]
    again = ["", "同一件", town.organisation.name, "2020-09-25", *WITHHELD]
    batch = begun(town, unnumbered, again)
    assert [each.disclosure for each in batch.lines.all()] == ["proactive"]
    assert "与第 2 行是同一件" in faults(batch)[3]


def test_a_ledger_that_changed_meanwhile_is_told_and_nothing_is_written(town: Town) -> None:
    batch = begun(town, row(1, *WITHHELD), row(2, *WITHHELD))
    perform(batch, "submit", actor=town.drafter, key="s")
    listed(town, 1, issued_on=date(2020, 9, 24))
    with pytest.raises(Refused, match="“甲发〔2020〕1号”.*2020-09-24"):
        perform(batch, "settle", actor=town.reviewer, key="r")
    batch.refresh_from_db()
    assert (batch.state, LedgerEntry.objects.count()) == ("in_review", 1)
    strike(batch, [batch.lines.all()[0]], "印发日期对不上", actor=town.reviewer)
    perform(batch, "settle", actor=town.reviewer, key="r2")
    assert LedgerEntry.objects.count() == 2


def test_an_attribute_changed_or_dropped_meanwhile_is_not_written_over_unseen(town: Town) -> None:
    one, two = listed(town, 1), listed(town, 2)
    batch = begun(town, row(1, *WITHHELD), row(2, *WITHHELD), row(3, *WITHHELD))
    perform(batch, "submit", actor=town.drafter, key="s")
    edit(one, {"disclosure": "proactive"}, actor=town.drafter)
    perform(two, "drop", actor=town.drafter, key="d", message="误登")
    listed(town, 3, "proactive")
    with pytest.raises(Refused) as told:
        perform(batch, "settle", actor=town.reviewer, key="r")
    said = "".join(told.value.reasons)
    assert "“甲发〔2020〕1号”：拟定时台账里是不予公开，现在是主动公开" in said
    assert "“甲发〔2020〕2号”：拟定时台账里是不予公开，现在不在台账里" in said
    assert "“甲发〔2020〕3号”：拟定时不在台账里，现在是主动公开" in said
    assert not LedgerEntry.objects.filter(is_reviewed=True).exists()


def test_a_reviewed_attribute_is_changed_by_another_batch_only(town: Town) -> None:
    settled(town, begun(town, row(1, *WITHHELD)))
    entry = LedgerEntry.objects.get()
    with pytest.raises(Refused, match="再补定一次"):
        edit(entry, {"disclosure": "proactive"}, actor=town.drafter)
    for passed_on in ({"document_number": "甲发〔2020〕2号"}, {"document_number": ""}):
        with pytest.raises(Refused, match="再补定一次"):
            edit(entry, passed_on, actor=town.drafter)
    edit(entry, {"title": "改了标题"}, actor=town.drafter)
    given = {
        "document_number": entry.document_number, "title": "又改", "issued_on": "2020-09-25",
        "disclosure": "主动公开",
    }  # fmt: skip
    made = take_list(
        read_entries([given], READ_ON), name="清单", source="import", actor=town.drafter, key="l"
    )
    entry.refresh_from_db()
    assert (entry.title, entry.disclosure) == ("又改", "withheld")
    assert "补定时审查定的是“不予公开”" in made.faults[0]["reason"]
    settled(town, begun(town, row(1, *PROACTIVE), key="again"))
    entry.refresh_from_db()
    assert (entry.disclosure, entry.disclosure_ground) == ("proactive", "")
    assert [each.batch.state for each in entry.settlings.all()] == ["settled", "settled"]


def test_the_database_itself_keeps_out_a_reviewed_one_without_a_reason(town: Town) -> None:
    entry = listed(town, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).update(is_reviewed=True)


def test_another_unit_sees_nothing_and_the_supervisor_changes_nothing(town: Town) -> None:
    batch = begun(town, row(1, *WITHHELD))
    perform(batch, "submit", actor=town.drafter, key="s")
    line = batch.lines.get()
    stranger = actor("reviewer", organisation("other"))
    for who in (stranger, actor("supervisor", town.organisation, subtree=True), town.drafter):
        with pytest.raises(OutOfScope):
            strike(batch, [line], "不对", actor=who)


def queries(town: Town, size: int) -> Iterator[int]:
    with CaptureQueriesContext(connection) as taken:
        batch = begun(
            town, *(row(size * 10 + n, *WITHHELD) for n in range(size)), key=f"many-{size}"
        )
    yield len(taken)
    perform(batch, "submit", actor=town.drafter, key=f"submit-{size}")
    with CaptureQueriesContext(connection) as taken:
        perform(batch, "settle", actor=town.reviewer, key=f"settle-{size}")
    yield len(taken)


def test_ten_times_as_many_cost_a_dozen_queries_more(town: Town) -> None:
    few, many = list(queries(town, 40)), list(queries(town, 400))
    assert all(more <= less + 12 for less, more in zip(few, many, strict=True)), (few, many)


def test_the_sheet_to_fill_lists_what_has_no_reason_and_comes_back_as_a_batch(town: Town) -> None:
    listed(town, 1)
    listed(town, 2, "proactive")
    desk = sign_in(town.drafter)
    book = load_workbook(BytesIO(desk.get("/workbench/disclosures/blank.xlsx").content))
    lines = [list(each) for each in book.worksheets[0].iter_rows(values_only=True)]
    assert [each[0] for each in lines] == ["发文字号", "甲发〔2020〕1号"]
    assert lines[0] == [name for name, _ in HEADINGS]
    lines[1][5], lines[1][6] = "商业秘密", "某企业的配方"
    found = read_batch(lines, READ_ON, reasons())
    assert [(each.ground, each.reason) for each in found.proposals] == [
        ("15-trade", "某企业的配方")
    ]


def test_the_rows_not_taken_and_the_struck_ones_come_as_sheets(town: Town) -> None:
    batch = begun(town, row(1, *WITHHELD), row(2, "也许", "", ""))
    desk = sign_in(town.drafter)

    def sheet(name: str) -> list[tuple[Any, ...]]:
        content = desk.get(f"/workbench/disclosures/{batch.pk}/{name}.xlsx").content
        return list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))

    head, bad = sheet("faults")
    assert (list(head), bad[0]) == ([*HEAD, "怎样不对"], "甲发〔2020〕2号")
    assert "也许" in bad[-1]
    perform(batch, "submit", actor=town.drafter, key="s")
    strike(batch, list(batch.lines.all()), "应当主动公开", actor=town.reviewer)
    assert sheet("struck")[1][-1] == "应当主动公开"


def test_the_page_says_what_will_be_overdue_and_lists_fifty_at_a_time(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    batch = begun(town, *(row(n, *PROACTIVE) for n in range(1, 61)))
    desk = sign_in(town.drafter)
    page = f"/workbench/disclosures/{batch.pk}/"
    with django_assert_max_num_queries(40):
        text = desk.get(page).content.decode()
    assert "其中 60 件没有上网日期、期限已过" in text
    assert text.count("甲发〔2020〕") - 2 * text.count("去掉<span") < 60
    assert "第 1 页，共 2 页" in text
    only = desk.get(f"{page}?only=proactive").content.decode()
    assert 'href="?only=proactive&amp;page=2#lines"' in only


def test_a_made_up_selection_is_no_error(town: Town) -> None:
    batch = begun(town, row(1, *WITHHELD))
    perform(batch, "submit", actor=town.drafter, key="s")
    desk = sign_in(town.reviewer)
    for made_up in ("9" * 30, "x", "-1", "²", ""):
        answer: Any = desk.get(f"/workbench/disclosures/{batch.pk}/strike/?line={made_up}")
        assert answer.status_code == 302


def test_the_sheet_to_fill_says_no_more_than_it_lists(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        listed(town, number)
    monkeypatch.setattr("yangguang.sources.disclosures.workbench.MOST_LINES", 2)
    desk = sign_in(town.drafter)
    assert "还有 3 件" in desk.get("/workbench/disclosures/").content.decode()
    assert "已列好 2 件" in desk.get("/workbench/disclosures/new/").content.decode()
    book = load_workbook(BytesIO(desk.get("/workbench/disclosures/blank.xlsx").content))
    assert book.worksheets[0].max_row == 3
