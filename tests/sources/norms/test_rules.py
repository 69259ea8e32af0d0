"""规范性文件的规则：有效性、文本、题注、日期、关系、圈。"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.sources.norms.rules import (
    IN_FORCE,
    Life,
    Target,
    Terms,
    Text,
    annotation,
    change_faults,
    circle,
    date_faults,
    earlier,
    later,
    latest_text,
    longest_end,
    numeral,
    periods,
    tallied,
    term_faults,
    text_on,
    validity_on,
)

DAY = timedelta(days=1)
TERMS = Terms(date(2000, 1, 1), "测试", 5, 2, {"regulation": 30, "document": 15}, 6, "{number}")
EFFECT = date(2020, 6, 3)


def life(**days: object) -> Life:
    return Life(**({"effective_on": EFFECT, "ceases_on": date(2025, 6, 3)} | days))  # type: ignore[arg-type]


# ---- 有效性 ----


@pytest.mark.parametrize(
    ("day", "validity"),
    [
        (date(2020, 6, 2), "pending"),
        (date(2020, 6, 3), "effective"),
        (date(2025, 6, 2), "effective"),
        (date(2025, 6, 3), "expired"),
    ],
)
def test_it_takes_effect_on_the_day_and_ceases_on_the_day(day: date, validity: str) -> None:
    assert validity_on(life(), day).validity == validity


def test_amended_is_still_in_force_and_repealed_is_not() -> None:
    changed = life(amended_on=date(2022, 1, 1), repealed_on=date(2024, 1, 1))
    assert validity_on(changed, date(2021, 12, 31)).validity == "effective"
    assert validity_on(changed, date(2022, 1, 1)).validity == "amended"
    assert validity_on(changed, date(2024, 1, 1)).validity == "repealed"
    assert validity_on(changed, date(2030, 1, 1)).since == date(2024, 1, 1)


def test_whichever_end_comes_first_counts_and_a_repeal_outranks_an_expiry_on_the_same_day() -> None:
    same = date(2025, 6, 3)
    assert validity_on(life(repealed_on=same), same).validity == "repealed"
    assert validity_on(life(repealed_on=same + DAY), same + DAY).validity == "expired"
    declared = life(ended_on=date(2023, 1, 1), ended_how="expired", repealed_on=date(2024, 1, 1))
    assert validity_on(declared, date(2024, 6, 1)).validity == "expired"


def test_without_a_date_of_effect_it_is_pending_for_ever() -> None:
    assert validity_on(Life(None), date(2099, 1, 1)).validity == "pending"


days = st.dates(date(2000, 1, 1), date(2040, 1, 1))
maybe = st.none() | days


@st.composite
def lives(draw: st.DrawFn) -> Life:
    ended = draw(maybe)
    how = draw(st.sampled_from(["expired", "repealed"])) if ended else ""
    return Life(draw(maybe), draw(maybe), draw(maybe), draw(maybe), ended, how)


@st.composite
def texts_of(draw: st.DrawFn, start: date | None) -> list[Text]:
    if start is None:
        return []
    later_days = draw(st.lists(st.integers(0, 5000), max_size=5))
    found = [Text(start, ("第0版",))]  # type: ignore[arg-type]
    for number, n in enumerate(later_days, 1):
        found.append(Text(start + timedelta(days=n), (f"第{number}版",), f"决定{number}"))  # type: ignore[arg-type]
    return found


@given(lives(), days)
def test_validity_changes_only_on_the_turning_days(each: Life, day: date) -> None:
    if validity_on(each, day).validity != validity_on(each, day - DAY).validity:
        assert day in each.turning_days


@given(lives(), days, days)
def test_what_has_ended_never_comes_back_and_what_has_begun_is_never_pending_again(
    each: Life, one: date, other: date
) -> None:
    first, last = sorted((one, other))
    before, after = validity_on(each, first).validity, validity_on(each, last).validity
    if before in ("expired", "repealed"):
        assert after == before
    if before != "pending":
        assert after != "pending"
    if before == "amended":
        assert after != "effective"


@given(lives(), days)
def test_it_has_held_since_the_day_it_names(each: Life, day: date) -> None:
    verdict = validity_on(each, day)
    if verdict.since is not None:
        assert verdict.since <= day
        assert validity_on(each, verdict.since).validity == verdict.validity


# ---- 文本 ----


@given(st.data(), days)
def test_there_is_one_text_on_each_day_in_force_and_none_on_any_other(
    data: st.DataObject, day: date
) -> None:
    each = data.draw(lives())
    texts = data.draw(texts_of(each.effective_on))
    covering = [period for period in periods(each, texts) if period.covers(day)]
    assert len(covering) == (1 if validity_on(each, day).validity in IN_FORCE else 0)
    assert text_on(each, texts, day) == (covering[0].text if covering else None)


@given(st.data())
def test_the_periods_follow_one_another_without_a_gap(data: st.DataObject) -> None:
    each = data.draw(lives())
    found = periods(each, data.draw(texts_of(each.effective_on)))
    for one, following in zip(found, found[1:], strict=False):
        assert one.end == following.start
    if found:
        assert found[0].start == each.effective_on
        assert found[-1].end == (each.end[0] if each.end else None)


@given(st.data(), days)
def test_the_order_in_which_amendments_are_told_does_not_matter(
    data: st.DataObject, day: date
) -> None:
    each = data.draw(lives())
    texts = data.draw(texts_of(each.effective_on))
    distinct = list({text.since: text for text in texts}.values())
    shuffled = data.draw(st.permutations(distinct))
    assert text_on(each, shuffled, day) == text_on(each, distinct, day)


@given(st.data(), days)
def test_the_last_text_is_the_one_in_force_whenever_there_is_one(
    data: st.DataObject, day: date
) -> None:
    each = data.draw(lives())
    texts = data.draw(texts_of(each.effective_on))
    found = text_on(each, texts, day)
    if found is not None:
        assert latest_text(texts, day) == found


def test_the_annotation_names_each_amendment() -> None:
    changes = [
        (date(2022, 1, 1), "关于修改《甲》的决定", "测州规〔2021〕9号"),
        (date(2023, 2, 1), "关于修改《甲》的第二次决定", ""),
    ]
    assert annotation("测试州人民政府", date(2020, 5, 20), changes) == (
        "（2020年5月20日测试州人民政府公布　根据2022年1月1日起施行的《关于修改〈甲〉的决定》"
        "（测州规〔2021〕9号）第一次修改　根据2023年2月1日起施行的《关于修改〈甲〉的第二次决定》第二次修改）"
    )
    assert annotation("测试州人民政府", None, changes) == ""


def test_numerals() -> None:
    assert [numeral(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]


# ---- 日期 ----


def test_a_day_that_the_month_lacks_runs_to_its_end() -> None:
    assert later(date(2020, 2, 29), years=5) == date(2025, 3, 1)
    assert later(date(2020, 12, 31), months=2) == date(2021, 3, 1)
    assert later(date(2020, 6, 3), years=5) == date(2025, 6, 3)
    assert earlier(date(2021, 8, 31), 6) == date(2021, 2, 28)


@given(days, st.integers(1, 30))
def test_the_warning_comes_before_the_end_by_that_many_months(day: date, months: int) -> None:
    warned = earlier(day, months)
    assert warned < day
    assert (day.year * 12 + day.month) - (warned.year * 12 + warned.month) == months


def test_a_provisional_document_lasts_two_years_and_a_regulation_has_no_limit() -> None:
    assert longest_end("document", "甲办法", EFFECT, TERMS) == date(2025, 6, 3)
    assert longest_end("document", "甲办法（试行）", EFFECT, TERMS) == date(2022, 6, 3)
    assert longest_end("regulation", "甲规定", EFFECT, TERMS) is None


def test_a_term_that_is_missing_or_too_long_needs_a_reason() -> None:
    assert "没有定失效日期" in term_faults("document", "甲", EFFECT, None, "", TERMS)[0]
    assert "上限" in term_faults("document", "甲", EFFECT, date(2026, 1, 1), "", TERMS)[0]
    assert term_faults("document", "甲", EFFECT, date(2026, 1, 1), "经批准", TERMS) == []
    assert term_faults("document", "甲", EFFECT, date(2025, 6, 3), "", TERMS) == []


def test_it_cannot_cease_before_it_takes_effect() -> None:
    assert "一天也没有施行过" in date_faults(None, EFFECT, EFFECT)[0]
    assert date_faults(None, EFFECT, EFFECT + DAY) == []
    assert "早于公布日期" in date_faults(date(2020, 5, 1), EFFECT, None, date(2020, 4, 1))[0]


# ---- 关系 ----


def test_what_is_not_in_force_on_that_day_cannot_be_amended() -> None:
    ended = Target("甲", life())
    faults = change_faults("amends", ended, date(2025, 6, 3), has_text=True)
    assert faults == ["《甲》在 2025-06-03 不是有效的文件（2025-06-03 起失效），不能修改。"]
    assert change_faults("amends", ended, date(2025, 6, 2), has_text=True) == []
    assert change_faults("repeals", ended, date(2020, 1, 1), has_text=False)
    assert change_faults("amends", ended, date(2022, 1, 1), has_text=False) == [
        "修改《甲》，须附上修改后的全文。"
    ]


def test_a_circle_is_named_from_end_to_end() -> None:
    assert circle({1: {2}, 2: {3}}, 3, 1) == [3, 1, 2, 3]
    assert circle({1: {2}}, 1, 3) == []
    assert circle({}, 1, 1) == [1, 1]


@given(st.dictionaries(st.integers(0, 8), st.sets(st.integers(0, 8), max_size=4), max_size=9),
       st.integers(0, 8), st.integers(0, 8))  # fmt: skip
def test_a_circle_found_is_a_walk_along_the_edges(
    edges: dict[int, set[int]], source: int, target: int
) -> None:
    ring = circle(edges, source, target)
    if ring:
        assert ring[0] == ring[-1] == source
        assert ring[1] == target
        for one, following in zip(ring[1:], ring[2:], strict=False):
            assert following in edges[one]
    else:
        reached, waiting = {target}, [target]
        while waiting:
            for following in edges.get(waiting.pop(), ()):
                if following not in reached:
                    reached.add(following)
                    waiting.append(following)
        assert source not in reached


def test_the_four_lists_and_what_is_open_add_up() -> None:
    found = tallied(["keep", "amend", "", "repeal", "keep"])
    assert (found.total, found.open, found.counts["keep"], found.counts["expire"]) == (5, 1, 2, 0)
