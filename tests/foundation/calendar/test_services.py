"""数据库里的日历表：装入、录入、更正、删除；与随产品发布的表给出同一个值。"""

from datetime import date

import pytest

from tests.actors import actor, organisation
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.calendar import selectors
from yangguang.foundation.calendar.models import CalendarChange, CalendarDay, CalendarTable
from yangguang.foundation.calendar.policy import CalendarPolicy
from yangguang.foundation.calendar.rules import Anniversary, UnknownRegion
from yangguang.foundation.calendar.selectors import (
    NotLoaded,
    calendar_in_force,
    database_calendar,
    in_force,
)
from yangguang.foundation.calendar.services import (
    change_day,
    enter_day,
    enter_festival,
    enter_year,
    keep_anniversary,
    load_calendar,
    remove_day,
)
from yangguang.foundation.calendar.tables import packaged_calendar, packaged_tables
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation

from .arrangements import SOURCE, YEAR_2027, off, on

pytestmark = pytest.mark.django_db


def day(text: str) -> date:
    return date.fromisoformat(text)


def entered(text: str, region: str = "national") -> CalendarDay:
    return CalendarDay.objects.get(region__code=region, date=day(text))


def last_event() -> AuditEvent:
    event = AuditEvent.objects.order_by("-pk").first()
    assert event is not None
    return event


def test_an_empty_database_answers_from_the_packaged_tables() -> None:
    assert in_force().tables == packaged_tables()
    assert calendar_in_force() == packaged_calendar("linxia")
    with pytest.raises(NotLoaded, match="load_calendar"):
        database_calendar()


def test_loaded_tables_are_the_same_value_as_the_packaged_ones() -> None:
    loaded = load_calendar()
    assert (loaded.tables, loaded.kept) == (23, 0)
    assert loaded.days == CalendarDay.objects.count() == 771
    assert in_force().tables == packaged_tables()
    for region in ("national", "linxia"):
        assert database_calendar(region) == packaged_calendar(region)
    with pytest.raises(UnknownRegion):
        database_calendar("mars")


def test_loading_again_changes_nothing_and_keeps_what_was_edited(supervisor: Actor) -> None:
    load_calendar()
    remove_day(entered("2024-02-18"), reason="演练", actor=supervisor, key="r")
    changes = CalendarChange.objects.count()
    again = load_calendar()
    assert (again.tables, again.days, again.kept) == (0, 0, 23)
    assert CalendarChange.objects.count() == changes
    assert not calendar_in_force().is_working_day(day("2024-02-18"))


def test_the_calendar_costs_one_query_while_nothing_changes(
    supervisor: Actor, django_assert_num_queries: object
) -> None:
    load_calendar()
    calendar_in_force()
    with django_assert_num_queries(1):  # type: ignore[operator]
        calendar_in_force()
    enter_year(2027, YEAR_2027, source=SOURCE, actor=supervisor, key="y")
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert calendar_in_force().known_years >= {2026, 2027}


def test_a_day_entered_changes_the_calendar_and_is_recorded_with_its_job(
    supervisor: Actor,
) -> None:
    change = enter_day(
        "linxia", off("2026-11-25", "抗旱救灾"), source="州政府通知", actor=supervisor, key="k"
    )
    assert not calendar_in_force().is_working_day(day("2026-11-25"))
    assert calendar_in_force("national").is_working_day(day("2026-11-25"))
    row = entered("2026-11-25", "linxia")
    assert (row.entered_by_id, row.source) == (supervisor.user_id, "州政府通知")
    event = last_event()
    assert (event.action, event.user_id) == ("calendar.enter_day", supervisor.user_id)
    assert event.public["new"] == {
        "date": "2026-11-25", "works": False, "name": "抗旱救灾", "source": "州政府通知",
    }  # fmt: skip
    job = Job.objects.get(key=f"calendar-change:{change.pk}")
    assert (job.name, job.state) == ("calendar.redate", Job.State.WAITING)


def test_the_same_key_does_it_once_and_a_used_key_is_refused(supervisor: Actor) -> None:
    arguments = {"source": SOURCE, "actor": supervisor, "key": "once"}
    first = enter_day("linxia", off("2026-11-25", "抗旱"), **arguments)
    assert enter_day("linxia", off("2026-11-25", "抗旱"), **arguments) == first
    assert CalendarDay.objects.filter(region__code="linxia").count() == 1
    with pytest.raises(Refused, match="已用于另一项操作"):
        remove_day(entered("2026-11-25", "linxia"), reason="x", actor=supervisor, key="once")


def test_a_day_is_changed_and_removed_and_the_old_values_stay_in_the_audit(
    supervisor: Actor,
) -> None:
    enter_day("linxia", off("2026-11-28", "抗旱"), source=SOURCE, actor=supervisor, key="a")
    row = entered("2026-11-28", "linxia")
    change_day(row, works=True, name="抗旱", source="更正通知", actor=supervisor, key="b")
    assert calendar_in_force().status(day("2026-11-28")).reason == "抗旱调休上班"
    assert last_event().public["old"]["works"] is False
    assert last_event().public["new"]["works"] is True
    with pytest.raises(Refused, match="没有变化"):
        change_day(row, works=True, name="抗旱", source="更正通知", actor=supervisor, key="c")
    with pytest.raises(Refused, match="须写明理由"):
        remove_day(row, reason=" ", actor=supervisor, key="d")
    remove_day(row, reason="通知作废", actor=supervisor, key="e")
    assert not calendar_in_force().is_working_day(day("2026-11-28"))
    assert last_event().public["old"]["name"] == "抗旱"
    assert last_event().note == "通知作废"
    with pytest.raises(Refused, match="已经被删去"):
        remove_day(row, reason="再删", actor=supervisor, key="f")


REFUSED_DAYS = [
    ("linxia", on("2026-11-25", "抗旱"), SOURCE, ["本来就是工作日"]),
    ("linxia", off("2026-11-25", ""), "", ["须写明缘由", "须写明依据"]),
    ("national", off("2026-10-01", "国庆节"), SOURCE, ["已经录入过"]),
    ("national", off("2031-10-01", "国庆节"), SOURCE, ["2031年的放假安排还没有录入"]),
    ("mars", off("2026-11-25", "抗旱"), SOURCE, ["没有“mars”这个地区"]),
]


@pytest.mark.parametrize(("region", "entry", "source", "words"), REFUSED_DAYS)
def test_a_faulty_day_is_refused_with_every_reason_and_nothing_is_kept(
    supervisor: Actor, region: str, entry: object, source: str, words: list[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        enter_day(region, entry, source=source, actor=supervisor, key="k")  # type: ignore[arg-type]
    assert len(refusal.value.reasons) == len(words)
    for reason, word in zip(refusal.value.reasons, words, strict=True):
        assert word in reason
    assert not CalendarChange.objects.filter(idempotency_key="k").exists()
    assert not Job.objects.exists()


def test_a_year_entered_is_known_and_its_answers_are_no_longer_provisional(
    supervisor: Actor,
) -> None:
    before = calendar_in_force("national").add(day("2026-12-25"), 20)
    assert (before.date, before.provisional) == (day("2027-01-22"), True)
    enter_year(2027, YEAR_2027, source=SOURCE, actor=supervisor, key="y")
    after = calendar_in_force("national").add(day("2026-12-25"), 20)
    assert (after.date, after.provisional, after.notes) == (day("2027-01-25"), False, ())


def test_a_year_entered_again_replaces_the_first_and_may_move_the_december_before(
    supervisor: Actor,
) -> None:
    enter_year(2027, YEAR_2027, source=SOURCE, actor=supervisor, key="first")
    corrected = [e for e in YEAR_2027 if e.date != day("2027-02-13")]
    enter_year(
        2027,
        [*corrected, on("2026-12-27", "元旦"), on("2027-02-14", "春节")],
        source="更正后的通知（假设）",
        actor=supervisor,
        key="second",
    )
    calendar = calendar_in_force("national")
    assert not calendar.is_working_day(day("2027-02-13"))
    assert calendar.is_working_day(day("2027-02-14"))
    assert calendar.is_working_day(day("2026-12-27"))
    assert CalendarTable.objects.get(year=2027).source == "更正后的通知（假设）"
    assert len(last_event().public["old"]) == len(YEAR_2027)
    assert calendar.between(day("2025-12-31"), day("2026-12-31")) == 249


def test_a_year_with_holes_is_refused(supervisor: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        enter_year(2027, [], source=SOURCE, actor=supervisor, key="y")
    assert "没有写任何一天。" in refusal.value.reasons
    with pytest.raises(Refused, match="2027年的放假安排还没有录入，不能改它的12月末"):
        enter_year(
            2028,
            [*(_moved(e) for e in YEAR_2027 if not e.works), on("2027-12-26", "元旦")],
            source=SOURCE,
            actor=supervisor,
            key="z",
        )


def _moved(entry: object) -> object:
    return off(str(entry.date).replace("2027", "2028"), entry.name)  # type: ignore[attr-defined]


def test_the_eids_are_entered_each_year_and_the_reminder_goes(supervisor: Actor) -> None:
    for festival, entries in (
        ("开斋节", [off("2026-03-20", ""), off("2026-03-23", ""), on("2026-03-28", "")]),
        ("古尔邦节", [off("2026-05-27", "")]),
    ):
        enter_festival(
            "linxia", 2026, festival, entries, source="州政府通知（假设）", actor=supervisor,
            key=festival,
        )  # fmt: skip
    counted = calendar_in_force().add(day("2026-03-19"), 5)
    assert [(str(d.date), d.reason) for d in counted.skipped if d.legal_basis] == [
        ("2026-03-20", "开斋节"), ("2026-03-23", "开斋节"),
    ]  # fmt: skip
    assert [d.reason for d in counted.worked_weekends] == ["开斋节调休上班"]
    assert counted.notes == ()
    assert calendar_in_force("national").is_working_day(day("2026-03-20"))


def test_a_festival_entered_again_replaces_the_first_and_emptied_is_missing_again(
    supervisor: Actor,
) -> None:
    for key, text in (("a", "2026-03-20"), ("b", "2026-03-23")):
        enter_festival(
            "linxia", 2026, "开斋节", [off(text, "")], source=SOURCE, actor=supervisor, key=key
        )
    assert calendar_in_force().is_working_day(day("2026-03-20"))
    assert not calendar_in_force().is_working_day(day("2026-03-23"))
    remove_day(entered("2026-03-23", "linxia"), reason="日期错", actor=supervisor, key="c")
    (note,) = calendar_in_force().add(day("2026-03-19"), 5).notes
    assert "开斋节、古尔邦节的放假日期尚未录入" in note


def test_a_festival_does_not_take_a_day_already_entered_or_an_unknown_name(
    supervisor: Actor,
) -> None:
    enter_festival(
        "linxia", 2026, "开斋节", [off("2026-03-20", "")], source=SOURCE, actor=supervisor, key="a"
    )
    with pytest.raises(Refused) as refusal:
        enter_festival(
            "linxia", 2026, "泼水节", [off("2026-03-20", "")],
            source=SOURCE, actor=supervisor, key="b",
        )  # fmt: skip
    assert refusal.value.reasons == [
        "临夏州没有“泼水节”这个逐年录入的节日。",
        "2026年3月20日（周五）已经录入为开斋节，请先删去或更正。",
    ]


def test_an_anniversary_can_be_registered_and_ended(supervisor: Actor) -> None:
    keep_anniversary(
        "linxia",
        Anniversary("临夏州州庆", 11, 19, moved_from_sunday=True, until=2025),
        source="修改后的自治条例（假设）",
        actor=supervisor,
        key="k",
    )
    calendar = calendar_in_force()
    assert not calendar.is_working_day(day("2025-11-19"))
    assert calendar.is_working_day(day("2026-11-19"))
    assert last_event().public["old"]["until"] is None
    with pytest.raises(Refused, match="全国的节日按年录入"):
        keep_anniversary(
            "national", Anniversary("某日", 3, 3), source=SOURCE, actor=supervisor, key="n"
        )


@pytest.mark.parametrize(
    ("role", "subtree", "national", "linxia"),
    [
        ("supervisor", True, True, True),
        ("supervisor", False, True, True),
        ("system_admin", True, True, True),
        ("drafter", True, False, False),
        ("approver", True, False, False),
        ("security_admin", True, False, False),
        ("audit_admin", True, False, False),
    ],
)
def test_the_prefectures_supervisor_and_the_system_administrator_maintain_the_calendar(
    prefecture: Organisation, role: str, subtree: bool, national: bool, linxia: bool
) -> None:
    load_calendar()
    someone = actor(role, prefecture, subtree=subtree)
    for region, allowed in (("national", national), ("linxia", linxia)):
        row = CalendarDay.objects.filter(region__code="national").first()
        assert row is not None
        if allowed:
            enter_day(region, off("2026-11-25", "抗旱"), source=SOURCE, actor=someone, key=region)
        else:
            with pytest.raises(Refused, match="您现在的身份不能修改"):
                enter_day(
                    region, off("2026-11-25", "抗旱"), source=SOURCE, actor=someone, key=region
                )
        assert CalendarPolicy().may_edit(someone, row) is national


def test_a_countys_supervisor_sees_the_calendar_and_does_not_touch_the_prefectures(
    prefecture: Organisation,
) -> None:
    load_calendar()
    county = organisation("county", prefecture, level="county", division_code="622923")
    someone = actor("supervisor", county, subtree=True)
    assert CalendarPolicy().visible(someone).count() == CalendarDay.objects.count()
    assert CalendarPolicy().visible(None).count() == 0
    with pytest.raises(Refused, match="您现在的身份不能修改"):
        enter_day("linxia", off("2026-11-25", "抗旱"), source=SOURCE, actor=someone, key="k")


def test_departments_follow_the_calendar_of_the_government_above_them(
    prefecture: Organisation,
) -> None:
    department = organisation("department", prefecture)
    elsewhere = organisation("elsewhere", division_code="110000")
    calendars = selectors.Calendars()
    assert [calendars.region_of(o) for o in (prefecture, department)] == ["linxia", "linxia"]
    # 区划代码不属于任何登记过的地区：用本平台所在地区的
    assert calendars.region_of(elsewhere) == "linxia"
    assert calendars.of(department).status(day("2024-11-19")).reason == "临夏州州庆"
