"""公报的赠阅：份数合得上，退回、反馈算出一年的调整，签发人确认。"""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook

from tests.access.gazette import at
from tests.outlets.gazette.test_gazette import begun
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.lifecycle.services import Classified, Refused
from yangguang.outlets.gazette.delivering import (
    adjust,
    count_copies,
    draw_list,
    edit_reader,
    enter_reader,
    note_feedback,
)
from yangguang.outlets.gazette.distribution import (
    FEEDBACKS,
    KINDS,
    Copies,
    Counted,
    Year,
    count_faults,
    offered,
    proposal,
    proposals,
    settled,
    totals,
)
from yangguang.outlets.gazette.models import GazetteCopies, GazetteIssue, GazetteReader
from yangguang.outlets.gazette.selectors import proposals_of

NUMBERS = st.integers(0, 10_000)


@st.composite
def rows(draw: st.DrawFn) -> Copies:
    sent = draw(NUMBERS)
    returned = draw(st.integers(0, sent))
    return Copies(
        "某处", draw(st.sampled_from(sorted(KINDS))), draw(NUMBERS), sent, returned, "无人领取"
    )


@st.composite
def years(draw: st.DrawFn) -> Year:
    sent = draw(NUMBERS)
    return Year(
        draw(st.integers(1, 99)), "某处", draw(st.sampled_from(sorted(KINDS))),
        draw(st.integers(1, 500)), sent, draw(st.integers(0, sent)), draw(st.integers(0, 12)),
        draw(st.none() | st.integers(0, 1000)),
    )  # fmt: skip


# ---- 规则 ----


@given(st.lists(rows()), NUMBERS)
def test_the_kinds_add_up_to_the_whole_and_every_printed_copy_is_somewhere(
    listed: list[Copies], spare: int
) -> None:
    print_run = sum(each.sent for each in listed) + spare
    found = totals(listed, print_run)
    for name in ("readers", "planned", "sent", "returned", "kept"):
        assert sum(getattr(each, name) for each in found.kinds) == getattr(found.whole, name)
    assert found.in_hand is not None
    assert found.whole.kept + found.in_hand == print_run
    assert found.in_hand == spare + found.whole.returned
    assert count_faults(listed, max(print_run, 1)) == []
    if spare == 0 and print_run:
        (told,) = count_faults(listed, print_run - 1)
        assert f"比印数 {print_run - 1} 份多 1 份" in told


def test_each_count_that_does_not_add_up_is_told_by_name() -> None:
    told = count_faults(
        [Copies("甲村", "village", 2, 2, 3), Copies("乙村", "village", 2, 9, 0)], 10
    )
    assert told == [
        "甲村：退回 3 份，比发出的 2 份多。", "甲村：有退回的，请写明缘由。",
        "共发出 11 份，比印数 10 份多 1 份。",
    ]  # fmt: skip
    assert count_faults([Copies("甲村", "village", 2, 2, 0)], None) == ["已经发出的，请填印数。"]
    assert totals([], None).in_hand is None


def test_returned_or_unread_ones_get_fewer_and_only_those_without_either_get_more() -> None:
    def after(**given: Any) -> int | None:
        values = {"copies": 4, "sent": 40, "returned": 0, "unread": 0, "wanted": None, **given}
        found = proposal(Year(1, "甲村", "village", **values))
        return found.after if found else None

    assert after() is None
    assert after(returned=7) is None
    assert after(returned=8) == 3
    assert after(returned=20) == 2
    assert after(returned=40) == 0
    assert after(unread=1) == 2
    assert after(copies=1, unread=1) == 0
    assert after(wanted=6) == 6
    assert after(wanted=6, returned=20) == 2
    assert after(wanted=1) == 1
    assert after(wanted=4) is None


@given(st.lists(years()))
def test_every_proposal_changes_something_has_a_reason_and_never_grows_what_came_back(
    given_years: list[Year],
) -> None:
    for year in given_years:
        found = proposal(year)
        if found is None:
            continue
        assert found.after >= 0 and found.after != found.before and found.reasons
        if found.after > found.before:
            assert not year.unread and year.returned * 5 < max(year.sent, 1)
    told = proposals(given_years)
    assert [each.after > each.before for each in told] == sorted(
        each.after > each.before for each in told
    )


# ---- 一期 ----


def readers(town: Town) -> list[GazetteReader]:
    return [
        enter_reader(
            {"kind": kind, "name": name, "copies": copies, "unit": "测试乡人民政府",
             "address": "测试乡"},
            organisation=town.organisation, actor=town.drafter, key=f"reader-{copies}",
        )
        for kind, name, copies in (("village", "测试村", 4), ("library", "测试图书馆", 10))
    ]  # fmt: skip


def drawn(town: Town) -> tuple[GazetteIssue, list[GazetteReader]]:
    found = readers(town)
    issue = at("approved")(town)
    assert draw_list(issue, actor=town.drafter) == 2
    return issue, found


def count(
    town: Town, issue: GazetteIssue, returned: dict[str, tuple[int, str]], print_run: int = 20
) -> None:
    counts = {}
    for row in issue.copies.select_related("reader"):
        back, reason = returned.get(row.reader.name, (0, ""))
        counts[row.pk] = {"sent": row.planned, "returned": back, "reason": reason}
    count_copies(issue, print_run, counts, actor=town.drafter)


def test_a_list_is_drawn_from_those_standing_once_and_only_when_it_is_printed(town: Town) -> None:
    issue, _ = drawn(town)
    with pytest.raises(Refused, match="签发付印以后"):
        draw_list(begun(town, 9, 9), actor=town.drafter)
    with pytest.raises(Refused, match="都在清单上了"):
        draw_list(issue, actor=town.drafter)
    assert sorted(issue.copies.values_list("planned", flat=True)) == [4, 10]


def test_counts_that_do_not_add_up_change_nothing(town: Town) -> None:
    issue, _ = drawn(town)
    with pytest.raises(Refused, match="比印数 13 份多 1 份"):
        count(town, issue, {}, print_run=13)
    with pytest.raises(Refused, match="请写明缘由"):
        count(town, issue, {"测试村": (1, "")})
    with pytest.raises(Classified):
        count(town, issue, {"测试村": (1, "机密★10年")})
    assert not GazetteCopies.objects.filter(sent__gt=0).exists()
    count(town, issue, {"测试村": (1, "无人领取")})
    issue.refresh_from_db()
    assert issue.print_run == 20
    assert issue.copies.get(reader__name="测试村").returned == 1


def test_a_name_is_registered_once_and_a_marked_one_is_kept_out(town: Town) -> None:
    village, library = readers(town)
    with pytest.raises(Refused, match="测试村已经登记过"):
        enter_reader(
            {"kind": "village", "name": "测试村", "copies": 1}, organisation=town.organisation,
            actor=town.drafter, key="twice",
        )  # fmt: skip
    with pytest.raises(Refused, match="测试村已经登记过"):
        edit_reader(library, {"name": "测试村"}, actor=town.drafter)
    with pytest.raises(Classified):
        edit_reader(village, {"address": "绝密★"}, actor=town.drafter)


def test_the_years_returns_and_feedback_become_proposals_that_the_approver_confirms(
    town: Town,
) -> None:
    issue, (village, library) = drawn(town)
    year = issue.year
    count(town, issue, {"测试村": (4, "村里无人领取")})
    told = {"kind": "more", "wanted": 15, "text": "读者多"}
    for _ in range(2):
        note_feedback(issue, library, told, actor=town.drafter, key="more")
    assert issue.feedbacks.count() == 1
    found = proposals_of(town.approver, year)
    assert [(each.name, each.before, each.after) for each in found] == [
        ("测试村", 4, 0), ("测试图书馆", 10, 15),
    ]  # fmt: skip
    assert "全年发出 4 份，退回 4 份，占 100%。" in found[0].reasons
    with pytest.raises(Refused, match="签发人确认"):
        adjust(found, year, actor=town.drafter)
    edit_reader(library, {"copies": 11}, actor=town.drafter)
    with pytest.raises(Refused, match="测试图书馆的情况刚刚变了"):
        adjust(found, year, actor=town.approver)
    assert adjust(proposals_of(town.approver, year), year, actor=town.approver) == 2
    village.refresh_from_db()
    library.refresh_from_db()
    assert (village.state, library.copies) == ("stopped", 15)
    assert proposals_of(town.approver, year) == []
    assert sorted(GazetteReader.objects.values_list("adjustments__before", "adjustments__after")) == [
        (4, 0), (11, 15),
    ]  # fmt: skip


def test_feedback_is_of_those_on_the_list(town: Town) -> None:
    issue, _ = drawn(town)
    other = enter_reader(
        {"kind": "organ", "name": "测试局", "copies": 1}, organisation=town.organisation,
        actor=town.drafter, key="late",
    )  # fmt: skip
    given = {"kind": "opinion", "wanted": None, "text": "好"}
    with pytest.raises(Refused, match="不在这一期的赠阅清单上"):
        note_feedback(issue, other, given, actor=town.drafter, key="other")
    assert draw_list(issue, actor=town.drafter) == 1


# ---- 界面 ----


def test_a_wrong_count_is_told_beside_what_was_typed_and_the_right_one_adds_up(town: Town) -> None:
    issue, _ = drawn(town)
    desk = sign_in(town.drafter)
    path = f"/workbench/gazette/{issue.pk}/distribution/"
    shown = desk.get(path).content.decode()
    assert "还没有填印数" in shown and 'value="10"' in shown
    village, library = issue.copies.order_by("planned").values_list("pk", flat=True)
    typed = {
        "print_run": "20", f"{village}-sent": "4", f"{village}-returned": "3",
        f"{village}-reason": "", f"{library}-sent": "十", f"{library}-returned": "0",
    }  # fmt: skip
    page = desk.client.post(path, typed)
    assert page.status_code == 422
    assert "测试图书馆的实发" in page.content.decode() and 'value="十"' in page.content.decode()
    page = desk.client.post(path, typed | {f"{library}-sent": "10"})
    assert page.status_code == 422 and "请写明缘由" in page.content.decode()
    desk.client.post(path, typed | {f"{library}-sent": "10", f"{village}-reason": "无人领取"})
    shown = "".join(desk.get(path).content.decode().split())
    assert "印数20份，留用11份，结存9份。" in shown
    book = load_workbook(BytesIO(desk.get(path.rstrip("/") + ".xlsx").content)).worksheets[0]
    lines = list(book.iter_rows(values_only=True))
    assert lines[1][:8] == ("测试村", "村", "测试乡人民政府", "测试乡", 4, 4, 3, 1)
    assert ("合计（2 个）", 14, 14, 3, 11) == (lines[-3][0], *lines[-3][4:8])
    assert lines[-1][0] == "结存" and lines[-1][4] == 9


def test_two_editors_of_one_list_keep_each_others_rows_and_meet_on_the_same_one(
    town: Town,
) -> None:
    issue, _ = drawn(town)
    path = f"/workbench/gazette/{issue.pk}/distribution/"
    one, other = sign_in(town.drafter), sign_in(town.drafter)
    village, library = issue.copies.order_by("planned").values_list("pk", flat=True)
    mine, theirs = one.form(path), other.form(path)
    one.post(path, mine | {"print_run": "20", f"{village}-returned": "1",
                           f"{village}-reason": "无人领取"})  # fmt: skip
    other.post(path, theirs | {f"{library}-sent": "9"})
    held = {row.pk: (row.sent, row.returned, row.reason) for row in issue.copies.all()}
    assert held == {village: (4, 1, "无人领取"), library: (9, 0, "")}
    issue.refresh_from_db()
    assert issue.print_run == 20, "没有动过的印数，留着别人登记的"

    page = other.client.post(path, theirs | {"print_run": "30", f"{village}-sent": "3"})
    told = page.content.decode()
    assert page.status_code == 422 and "印数：这期间别人登记了 20，与您填的不同" in told
    assert "测试村：这期间别人登记了实发 4 份、退回 1 份（无人领取），与您填的不同" in told
    assert "测试图书馆：" not in told
    (form,) = [f for f in html.fromstring(page.content).forms if f.get("class") == "stack"]
    again = {**dict(form.form_values())}
    assert (again["print_run"], again[f"{village}-sent"]) == ("30", "3"), "填的都还在"
    other.post(path, again)
    issue.refresh_from_db()
    assert (issue.print_run, issue.copies.get(pk=village).sent) == (30, 3)


@given(st.integers(0, 3), *[st.tuples(st.integers(0, 3), st.integers(0, 1), st.just(""))] * 3)
def test_neither_of_two_editors_loses_what_only_one_of_them_changed(
    planned: int, seen: Counted, held: Counted, given_: Counted
) -> None:
    kept = settled(seen, held, given_, planned)
    assert kept in (None, held, given_)
    if held in (seen, offered(seen, planned)):
        assert kept == given_
    elif given_ == offered(seen, planned):
        assert kept == held
    else:
        assert kept in (None, held)


def test_one_who_asks_for_more_says_how_many(town: Town) -> None:
    issue, (village, _) = drawn(town)
    desk = sign_in(town.drafter)
    path = f"/workbench/gazette/{issue.pk}/distribution/feedback/"
    given = {"key": "fed", "reader": str(village.pk), "kind": "more", "text": "不够看"}
    page = desk.client.post(path, given)
    assert "请写明以后每期想要几份" in page.content.decode() and "不够看" in page.content.decode()
    desk.client.post(path, given | {"wanted": "6"})
    shown = desk.get(f"/workbench/gazette/{issue.pk}/distribution/").content.decode()
    assert f"{FEEDBACKS['more']}（每期 6 份），不够看" in shown


def test_the_approver_ticks_what_is_confirmed_and_what_changed_meanwhile_is_not(
    town: Town,
) -> None:
    issue, (village, library) = drawn(town)
    count(town, issue, {"测试村": (4, "无人领取"), "测试图书馆": (5, "读者少")})
    desk = sign_in(town.approver)
    path = f"/workbench/gazette-readers/proposal/?year={issue.year}"
    shown = desk.get(path).content.decode()
    assert f'value="{village.pk}:4:0"' in shown and f'value="{library.pk}:10:5"' in shown
    desk.client.post(path, {"chosen": f"{library.pk}:10:9"})
    assert "勾选以后情况变了" in desk.get(path).content.decode()
    desk.client.post(path, {"chosen": f"{village.pk}:4:0"})
    shown = desk.get(path).content.decode()
    assert "确认了 1 个赠阅对象的调整" in shown and "已经确认的" in shown
    assert "没有要调整的" not in shown
    assert desk.get(f"/workbench/gazette-readers/{village.pk}/").status_code == 200
    book = load_workbook(
        BytesIO(desk.get(f"/workbench/gazette-readers/proposal.xlsx?year={issue.year}").content)
    ).worksheets[0]
    assert [row[0] for row in book.iter_rows(min_row=2, values_only=True)] == [
        "测试图书馆", "测试村",
    ]  # fmt: skip
    assert date.today().year == issue.year
