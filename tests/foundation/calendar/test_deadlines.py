"""政府信息公开的期限。"""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drilling import tell
from yangguang.foundation.calendar.deadlines import (
    Channel,
    Deadline,
    DeliveryMethod,
    Pause,
    clarification_due,
    fee_payment_due,
    joint_maker_due,
    publication_due,
    replied_on,
    reply_due,
    third_party_due,
)
from yangguang.foundation.calendar.rules import CalendarError
from yangguang.foundation.calendar.tables import packaged_calendar

from . import day_walk

NATIONAL = packaged_calendar()
LINXIA = packaged_calendar("linxia")


def day(text: str) -> date:
    return date.fromisoformat(text)


def pause(sent: str, received: str) -> Pause:
    return Pause(day(sent), day(received))


def rules_of(deadline: Deadline) -> list[str]:
    return [step.rule for step in deadline.steps]


def test_reply_is_due_on_the_twentieth_working_day_and_the_day_of_receipt_is_not_counted() -> None:
    deadline = reply_due(NATIONAL, day("2023-09-18"))
    assert (deadline.due, deadline.provisional) == (day("2023-10-20"), False)
    assert [(s.rule, s.date) for s in deadline.steps[:2]] == [
        ("条例第三十一条", day("2023-09-18")),
        ("条例第三十三条", day("2023-10-20")),
    ]
    text = "".join(step.text for step in deadline.steps)
    assert "国庆节放假，不计入：2023年9月30日（周六）至2023年10月6日（周五）" in text
    assert "国庆节调休上班，计为工作日：2023年10月7日（周六）" in text


@pytest.mark.parametrize("channel", [Channel.COUNTER, Channel.POST])
def test_counter_and_signed_post_count_from_the_day_itself(channel: Channel) -> None:
    assert reply_due(NATIONAL, day("2023-09-18"), channel=channel).due == day("2023-10-20")
    with pytest.raises(CalendarError, match="不适用确认日期") as caught:
        reply_due(NATIONAL, day("2023-09-18"), channel=channel, confirmed=day("2023-09-19"))
    assert caught.value.field == "confirmed"


@pytest.mark.parametrize("channel", [Channel.PLAIN_POST, Channel.INTERNET, Channel.FAX])
def test_plain_post_internet_and_fax_have_no_receipt_without_confirmation(
    channel: Channel,
) -> None:
    with pytest.raises(CalendarError, match="缺少确认日期"):
        reply_due(NATIONAL, day("2023-09-14"), channel=channel)
    deadline = reply_due(NATIONAL, day("2023-09-14"), channel=channel, confirmed=day("2023-09-18"))
    assert deadline.due == day("2023-10-20")
    assert deadline.steps[0].date == day("2023-09-18")


def test_clarification_restarts_the_twenty_days() -> None:
    deadline = reply_due(NATIONAL, day("2023-09-01"), clarified=day("2023-09-18"))
    assert deadline.due == day("2023-10-20")
    assert rules_of(deadline)[:3] == ["条例第三十一条", "条例第三十条", "条例第三十三条"]


def test_payment_restarts_the_twenty_days_from_the_next_day() -> None:
    deadline = reply_due(
        NATIONAL, day("2023-08-01"), clarified=day("2023-09-01"), paid=day("2023-09-18")
    )
    assert deadline.due == day("2023-10-20")
    assert rules_of(deadline)[2] == "国办函〔2020〕109号"


def test_used_days_include_the_day_of_sending_and_the_rest_follows_the_day_of_receipt() -> None:
    # 3月4日（周一）收到；8日（周五）发出，已用 4 天；20日收到意见，剩 16 天自 21 日起
    deadline = reply_due(NATIONAL, day("2024-03-04"), pauses=[pause("2024-03-08", "2024-03-20")])
    assert deadline.due == LINXIA.nth(day("2024-03-20"), 16) == day("2024-04-12")
    assert "已用4个工作日，剩余16个" in deadline.steps[2].text


def test_several_pauses_are_each_excluded_whatever_their_order() -> None:
    pauses = [pause("2024-03-20", "2024-03-25"), pause("2024-03-08", "2024-03-15")]
    deadline = reply_due(NATIONAL, day("2024-03-04"), pauses=pauses)
    assert deadline == reply_due(NATIONAL, day("2024-03-04"), pauses=pauses[::-1])
    assert deadline.due == day("2024-04-12")


def test_a_pause_answered_on_the_day_it_was_sent_costs_nothing() -> None:
    plain = reply_due(NATIONAL, day("2024-03-04"))
    same_day = [pause("2024-03-08", "2024-03-08"), pause("2024-03-04", "2024-03-04")]
    assert reply_due(NATIONAL, day("2024-03-04"), pauses=same_day).due == plain.due


def test_opinions_sought_after_the_last_day_no_longer_stop_the_clock() -> None:
    due = reply_due(NATIONAL, day("2024-03-04")).due
    for sent in (due, due + timedelta(days=1)):
        late = [Pause(sent, sent + timedelta(days=9))]
        deadline = reply_due(NATIONAL, day("2024-03-04"), pauses=late)
        assert deadline.due == due
        assert any("不再扣除" in step.text for step in deadline.steps)
        extended = reply_due(NATIONAL, day("2024-03-04"), pauses=late, extended_days=5)
        assert extended.due > NATIONAL.nth(due, 5)


def test_a_pause_before_a_restart_is_spent_and_one_across_it_counts_from_the_restart() -> None:
    before = reply_due(
        NATIONAL, day("2023-09-01"),
        clarified=day("2023-09-18"), pauses=[pause("2023-09-05", "2023-09-12")],
    )  # fmt: skip
    assert before.due == day("2023-10-20")
    across = reply_due(
        NATIONAL, day("2023-09-01"),
        clarified=day("2023-09-18"), pauses=[pause("2023-09-05", "2023-09-20")],
    )  # fmt: skip
    assert across.due == NATIONAL.nth(day("2023-09-20"), 20)


def test_one_extension_of_at_most_twenty_working_days_follows_the_original_term() -> None:
    deadline = reply_due(NATIONAL, day("2023-09-18"), extended_days=20)
    assert deadline.due == NATIONAL.nth(day("2023-10-20"), 20)
    for days, message in ((21, "延期最长 20 个工作日"), (-1, "不能是负数")):
        with pytest.raises(CalendarError, match=message) as caught:
            reply_due(NATIONAL, day("2023-09-18"), extended_days=days)
        assert caught.value.field == "extended_days"


REFUSED = [
    ({"pauses": [pause("2023-09-10", "2023-09-20")]}, "pauses", "早于收到申请之日"),
    ({"pauses": [pause("2023-09-20", "2023-09-19")]}, "pauses", "早于征求意见发出之日"),
    (
        {"pauses": [pause("2023-09-20", "2023-09-27"), pause("2023-09-25", "2023-09-28")]},
        "pauses",
        "重叠",
    ),
    ({"clarified": day("2023-09-17")}, "clarified", "早于收到申请之日"),
    ({"paid": day("2023-09-17")}, "paid", "早于期限的起点"),
    ({"clarified": day("2023-09-20"), "paid": day("2023-09-19")}, "paid", "早于期限的起点"),
    ({"channel": Channel.FAX, "confirmed": day("2023-09-17")}, "confirmed", "早于申请到达"),
    ({"confirmed": day("2023-09-19")}, "channel", "没有说明申请的提出方式"),
]


@pytest.mark.parametrize(("inputs", "field", "message"), REFUSED)
def test_contradictory_inputs_are_refused_and_name_the_field(
    inputs: dict[str, object], field: str, message: str
) -> None:
    with pytest.raises(CalendarError, match=message) as caught:
        reply_due(NATIONAL, day("2023-09-18"), **inputs)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_adjacent_pauses_do_not_overlap() -> None:
    two = [pause("2024-03-08", "2024-03-13"), pause("2024-03-13", "2024-03-20")]
    one = [pause("2024-03-08", "2024-03-20")]
    received = day("2024-03-04")
    assert (
        reply_due(NATIONAL, received, pauses=two).due
        == reply_due(NATIONAL, received, pauses=one).due
    )


PLAIN = [
    (clarification_due, "2021-02-01", "2021-02-09", "条例第三十条", "一次性告知"),
    (third_party_due, "2023-09-18", "2023-10-13", "条例第三十二条", "由行政机关依照条例决定"),
    (joint_maker_due, "2023-09-18", "2023-10-13", "条例第三十四条", "视为同意公开"),
    (publication_due, "2023-09-18", "2023-10-20", "条例第二十六条", "印发日期"),
    (fee_payment_due, "2024-02-02", "2024-03-06", "国办函〔2020〕109号", "视为放弃申请"),
]


@pytest.mark.parametrize(("rule", "start", "due", "article", "words"), PLAIN)
def test_plain_clocks_of_the_regulations(
    rule: object, start: str, due: str, article: str, words: str
) -> None:
    deadline = rule(NATIONAL, day(start))  # type: ignore[operator]
    assert deadline.due == day(due)
    assert rules_of(deadline)[:2] == [article, article]
    assert deadline.steps[0].date == day(start)
    assert deadline.steps[1].date == deadline.due
    assert words in "".join(step.text for step in deadline.steps)


def test_a_deadline_into_an_unknown_year_is_provisional_and_says_why() -> None:
    deadline = reply_due(NATIONAL, day("2026-12-10"))
    assert deadline.provisional
    assert "2027年的放假安排尚未录入" in deadline.steps[-1].text


def test_a_regional_deadline_without_eids_says_so_and_is_not_provisional() -> None:
    deadline = publication_due(LINXIA, day("2024-11-04"))
    assert (deadline.due, deadline.provisional) == (day("2024-12-03"), False)
    assert "开斋节、古尔邦节的放假日期尚未录入" in deadline.steps[-1].text
    assert "《临夏回族自治州自治条例》" in rules_of(deadline)


def test_a_posted_reply_is_dated_by_posting_and_must_go_by_the_post_office() -> None:
    assert replied_on(DeliveryMethod.POST, day("2023-10-20"))[0] == day("2023-10-20")
    assert "签收之日" in replied_on(DeliveryMethod.DIRECT, day("2023-10-20"))[1].text
    with pytest.raises(CalendarError, match="邮政企业"):
        replied_on(DeliveryMethod.POST, day("2023-10-20"), postal=False)


def random_case(chance: random.Random) -> tuple[str, date, dict[str, object], date]:
    """随机的一件申请，及逐日推算得到的截止日。"""
    region = chance.choice(("national", "linxia"))
    received = date(2004, 1, 1) + timedelta(days=chance.randrange(8000))
    inputs: dict[str, object] = {}
    base = received
    if chance.random() < 0.3:
        inputs["channel"] = chance.choice((Channel.INTERNET, Channel.FAX, Channel.PLAIN_POST))
        base += timedelta(days=chance.randrange(10))
        inputs["confirmed"] = base
    earliest = base
    for name in ("clarified", "paid"):
        if chance.random() < 0.25:
            base += timedelta(days=chance.randrange(25))
            inputs[name] = base
    pauses = []
    sent = earliest
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        sent += timedelta(days=chance.randrange(15))
        received_on = sent + timedelta(days=chance.randrange(25))
        pauses.append(Pause(sent, received_on))
        sent = received_on
    chance.shuffle(pauses)
    inputs["pauses"] = pauses
    inputs["extended_days"] = chance.choice((0, 0, 1, 10, 20))
    expected = day_walk.reply_due(
        base, 20, [(p.sent, p.received) for p in pauses], int(str(inputs["extended_days"])), region
    )
    return region, received, inputs, expected


OTHERS = (
    (clarification_due, 7), (third_party_due, 15), (joint_maker_due, 15), (publication_due, 20),
    (fee_payment_due, 20),
)  # fmt: skip


def check_random_deadlines(count: int, seed: int) -> None:
    """四分之三是带各种情形的答复期限，其余是只数工作日的几种。"""
    chance = random.Random(seed)
    calendars = {"national": NATIONAL, "linxia": LINXIA}
    for _ in range(count):
        region, received, inputs, expected = random_case(chance)
        if chance.random() < 0.25:
            rule, days = chance.choice(OTHERS)
            walked = day_walk.reply_due(received, days, [], 0, region)
            assert rule(calendars[region], received).due == walked, (rule, region, received)
            continue
        due = reply_due(calendars[region], received, **inputs).due  # type: ignore[arg-type]
        assert due == expected, (region, received, inputs)


def test_random_deadlines_equal_a_walk_day_by_day() -> None:
    check_random_deadlines(5_000, seed=711)


@pytest.mark.drill
def test_a_hundred_thousand_random_deadlines_equal_a_walk_day_by_day() -> None:
    check_random_deadlines(100_000, seed=2019)
    tell("deadlines", count=100_000)


@given(
    received=st.dates(date(2004, 1, 1), date(2026, 6, 1)),
    sent=st.integers(0, 20),
    length=st.integers(0, 40),
)
def test_a_pause_never_brings_the_deadline_forward(received: date, sent: int, length: int) -> None:
    first = received + timedelta(days=sent)
    paused = reply_due(LINXIA, received, pauses=[Pause(first, first + timedelta(days=length))])
    plain = reply_due(LINXIA, received)
    assert paused.due >= plain.due
    assert LINXIA.is_working_day(paused.due)


@given(received=st.dates(date(2004, 1, 1), date(2026, 6, 1)), days=st.integers(1, 20))
def test_every_step_names_its_basis_and_the_last_counted_step_gives_the_due_date(
    received: date, days: int
) -> None:
    deadline = reply_due(LINXIA, received, extended_days=days)
    assert all(step.rule and step.text for step in deadline.steps)
    assert [s.date for s in deadline.steps if s.rule == "条例第三十三条"][-1] == deadline.due
