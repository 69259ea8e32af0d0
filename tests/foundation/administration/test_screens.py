"""管理员的界面：查审计、放回死信、看状况、改日历、改名录。"""

from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.actors import actor, organisation
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.calendar.models import CalendarDay
from yangguang.foundation.calendar.services import load_calendar
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def test_the_audit_is_searched_by_action_and_day_and_shows_only_digests(town: Town) -> None:
    perform(town.document(), "submit", actor=town.drafter, key="submit")
    desk = sign_in(actor("audit_admin", town.organisation))
    page = text(desk.get("/workbench/audit/?action=documents.create"))
    assert "符合条件的 1 条" in page
    event = AuditEvent.objects.get(action="documents.create")
    shown = text(desk.get(f"/workbench/audit/{event.pk}/"))
    assert "<h1>公文：新建</h1>" in shown
    assert event.target_label in shown and "还没有封印" in shown
    assert "符合条件的 0 条" in text(desk.get("/workbench/audit/?until=2019-01-01"))


def test_a_dead_letter_goes_back_to_the_queue_once_with_a_note(town: Town) -> None:
    now = timezone.now()
    job = Job.objects.create(
        name="search.forget", key="k", state=Job.State.DEAD, attempts=6, run_after=now,
        created_at=now, finished_at=now, last_error="Traceback\nOSError: 磁盘已满",
    )  # fmt: skip
    desk = sign_in(actor("system_admin", town.organisation))
    assert "OSError: 磁盘已满" in text(desk.get("/workbench/jobs/"))
    home = f"/workbench/jobs/{job.pk}/"
    form = desk.form(f"{home}requeue/")
    assert desk.post(f"{home}requeue/", form | {"note": ""}).status_code == 422
    desk.post(f"{home}requeue/", form | {"note": "已清出空间"})
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.WAITING, 0)
    again = desk.post(f"{home}requeue/", form | {"note": "再来"})
    assert again.status_code == 422 and "不在死信里" in text(again)


def test_the_state_of_the_system_and_of_each_outlet_is_told(town: Town) -> None:
    town.document()
    desk = sign_in(actor("system_admin", town.organisation))
    assert "系统状况" in text(desk.get("/workbench/health/"))
    assert "还没有出口跟进过变更日志" in text(desk.get("/workbench/projectors/"))


def test_the_calendar_is_entered_corrected_and_refused_line_by_line(town: Town) -> None:
    town.organisation.division_code = "622900"
    town.organisation.save()
    load_calendar()
    desk = sign_in(actor("supervisor", town.organisation))
    wrong = desk.fill(
        "/workbench/calendar/year/", year=2027, entries="2027-01-01 元旦\n", source="通知"
    )
    assert "第 1 行“2027-01-01 元旦”读不懂" in text(wrong)
    short = desk.fill(
        "/workbench/calendar/year/", year=2027, entries="2027-01-01 放假 元旦", source="通知"
    )
    assert short.status_code == 422 and "2027年的安排缺少" in text(short)
    desk.fill(
        "/workbench/calendar/new/", region="national", date="2020-11-04", works="false",
        name="临时放假", source="临时通知",
    )  # fmt: skip
    day = CalendarDay.objects.get(date=date(2020, 11, 4))
    desk.fill(f"/workbench/calendar/{day.pk}/remove/", reason="录错了")
    assert not CalendarDay.objects.filter(pk=day.pk).exists()


def test_the_directory_is_exported_imported_renamed_and_merged(town: Town) -> None:
    lower = organisation("lower", town.organisation)
    heir = organisation("heir", town.organisation)
    desk = sign_in(actor("system_admin", town.organisation, subtree=True))
    book = load_workbook(BytesIO(desk.get("/workbench/organisations/workbook/").content))
    assert "lower" in [cell.value for cell in book["机构"]["A"]]
    book["机构"]["E2"] = "省"
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "名录.xlsx"
    wrong = desk.fill("/workbench/organisations/import/", file=stream)
    assert wrong.status_code == 422 and "“机构”第 2 行“层级”" in text(wrong)
    home = f"/workbench/organisations/{heir.pk}/"
    desk.fill(f"{home}rename/", name="承接局", short_name="承接", on="2020-10-01", note="改革")
    desk.fill(f"{home}merge/", predecessors=[str(lower.pk)], on="2021-01-01", note="改革")
    page = text(desk.get(home))
    assert "承接局" in page and "2021-01-01 起承接 lower全称" in page
    assert Organisation.objects.get(pk=lower.pk).valid_until == date(2020, 12, 31)
