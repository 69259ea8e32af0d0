"""各人的选择：登记地址要核实，免打扰，每日提醒，改成不要，离岗即删。"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.actors import actor
from tests.foundation.notify.conftest import Server, messages, reachable, run_now
from tests.foundation.notify.test_mail import parsed
from tests.staff import enrolled
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.foundation.notify.delivering import deliver, queue_digests
from yangguang.foundation.notify.models import Choice, Contact, Delivery, Message, QuietHours
from yangguang.foundation.notify.outlets import Outlets
from yangguang.foundation.notify.producers import alarm_dead_letters
from yangguang.foundation.notify.services import (
    confirm_contact,
    discard_old,
    drop_contact,
    set_contact,
)
from yangguang.foundation.notify.verifying import code_of

pytestmark = pytest.mark.django_db
SETTINGS = "/workbench/messages/settings/"
ADDRESS = "xin.xi@example.gov.cn"


def submit(town: Town, number: int = 1) -> None:
    perform(town.document(number), "submit", actor=town.drafter, key=f"submit-{number}")


def choose(who: Actor, kind: str, pace: str, channel: str = "email") -> None:
    Choice.objects.update_or_create(
        user_id=who.user_id, kind=kind, channel=channel, defaults={"pace": pace}
    )


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """把时钟拨到某一刻（只拨发提醒的）。"""

    def put(text: str) -> datetime:
        now = at(text)
        monkeypatch.setattr(timezone, "now", lambda: now)
        return now

    return put


# ---- 地址 ----


def test_an_address_counts_once_its_owner_types_the_code_sent_there(
    town: Town, smtp: Server
) -> None:
    reachable(town.reviewer, "sms")  # 连同全天都可以打扰
    desk = sign_in(town.reviewer)
    answer = desk.post(f"{SETTINGS}email/", {"address": ADDRESS}).content.decode()
    assert "还没有核实" in answer and ADDRESS not in answer and "x***@example.gov.cn" in answer
    submit(town)
    run_now()
    (raw,) = smtp.mails()  # 只有验证码：核实之前不发提醒
    mail = parsed(raw)
    assert mail["To"] == ADDRESS and mail["Subject"] == "阳光工作台：验证码"
    code = code_of(Contact.objects.get(channel="email"))
    assert code in mail.get_content()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    refused = desk.client.post(f"{SETTINGS}email/confirm/", {"code": wrong})
    assert refused.status_code == 422 and "验证码不对" in refused.content.decode()
    assert "核实好了" in desk.post(f"{SETTINGS}email/confirm/", {"code": code}).content.decode()
    submit(town, 2)
    run_now()
    assert parsed(smtp.mails()[1])["Subject"] == "阳光工作台：等您办理的公文 1 件"


def test_the_code_is_in_no_table_and_the_address_in_the_audit_only_as_a_digest(town: Town) -> None:
    contact = set_contact("email", ADDRESS, actor=town.drafter)
    code = code_of(contact)
    held = [
        *Contact.objects.values_list(),
        *Delivery.objects.values_list(),
        *Job.objects.values_list(),
    ]
    assert code not in str(held)
    event = AuditEvent.objects.get(action="notify.set_contact")
    assert ADDRESS not in str(AuditEvent.objects.values_list())
    assert set(event.personal) == {"address"} and event.public == {"channel": "email"}


def test_a_code_is_good_for_five_tries_half_an_hour_and_one_address(town: Town) -> None:
    contact = set_contact("email", ADDRESS, actor=town.drafter)
    code = code_of(contact)
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        with pytest.raises(Refused, match="不对"):
            confirm_contact("email", wrong, actor=town.drafter)
    with pytest.raises(Refused, match="太多"):
        confirm_contact("email", code, actor=town.drafter)
    with pytest.raises(Refused, match="过一分钟"):
        set_contact("email", ADDRESS, actor=town.drafter)
    Contact.objects.update(code_sent_at=timezone.now() - timedelta(minutes=31), code_tries=0)
    with pytest.raises(Refused, match="过期"):
        confirm_contact("email", code, actor=town.drafter)
    again = set_contact("email", "another@example.gov.cn", actor=town.drafter)
    with pytest.raises(Refused, match="不对"):
        confirm_contact("email", code, actor=town.drafter)
    with pytest.raises(Refused, match="没有等着核实"):
        confirm_contact("email", code_of(again), actor=town.reviewer)
    confirm_contact("email", code_of(again), actor=town.drafter)
    assert Contact.objects.get().confirmed_at is not None


def test_an_address_of_the_wrong_form_or_a_channel_not_connected_is_refused(
    town: Town, settings: Any
) -> None:
    answer = sign_in(town.drafter).client.post(f"{SETTINGS}sms/", {"address": "12345"})
    assert answer.status_code == 422 and "11 位的手机号码" in answer.content.decode()
    settings.NOTIFY = Outlets()
    with pytest.raises(Refused, match="没有接通"):
        set_contact("email", ADDRESS, actor=town.drafter)
    assert sign_in(town.drafter).client.post(f"{SETTINGS}email/", {}).status_code == 404
    assert not Contact.objects.exists()


def test_a_dropped_address_and_a_leaver_are_sent_nothing(town: Town, smtp: Server) -> None:
    reachable(town.reviewer, "email")
    submit(town)
    drop_contact("email", actor=town.reviewer)
    run_now()
    assert smtp.mails() == [] and Delivery.objects.get().state == "cancelled"
    reachable(town.reviewer, "email")
    submit(town, 2)
    member = enrolled(town.reviewer)
    admin = actor("organisation_admin", town.organisation)
    perform(member, "leave", actor=admin, key="leave", message="调离")
    assert not Contact.objects.exists()
    run_now()
    assert smtp.mails() == []


# ---- 免打扰 ----


def test_what_comes_at_night_waits_for_the_morning(town: Town, clock: Any) -> None:
    contact = reachable(town.reviewer, "email")
    QuietHours.objects.all().delete()
    assert contact.confirmed_at is not None
    clock("2020-09-24 22:00")
    submit(town)
    delivery = Delivery.objects.get()
    assert delivery.not_before == at("2020-09-25 07:30")
    assert Job.objects.get(name="notify.deliver").run_after == delivery.not_before


def test_before_a_long_holiday_it_waits_until_the_first_working_day(town: Town, clock: Any) -> None:
    reachable(town.reviewer, "email")
    QuietHours.objects.all().delete()
    clock("2020-09-30 22:00")  # 国庆、中秋放到 10 月 8 日
    submit(town)
    assert Delivery.objects.get().not_before == at("2020-10-09 07:30")


def test_a_job_that_comes_late_at_night_puts_it_off_and_sends_it_once(
    town: Town, smtp: Server, clock: Any
) -> None:
    reachable(town.reviewer, "email")
    QuietHours.objects.all().delete()
    clock("2020-09-24 10:00")
    submit(town)
    clock("2020-09-24 23:00")
    delivery = Delivery.objects.get()
    deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("queued", 0) and smtp.mails() == []
    assert Job.objects.filter(name="notify.deliver", run_after=at("2020-09-25 07:30")).count() == 1
    clock("2020-09-25 07:30")
    deliver(delivery.pk)
    deliver(delivery.pk)
    assert len(smtp.mails()) == 1


def dead(name: str) -> None:
    now = timezone.now()
    Job.objects.create(
        name=name, key="dead", state=Job.State.DEAD, attempts=6, run_after=now, created_at=now,
        finished_at=now, last_error="错",
    )  # fmt: skip


def test_an_alarm_does_not_wait_for_the_morning(town: Town, smtp: Server, clock: Any) -> None:
    admin = actor("system_admin", town.organisation)
    reachable(admin, "email")
    QuietHours.objects.all().delete()
    clock("2020-09-24 23:00")
    dead("search.forget")
    assert alarm_dead_letters() == 1
    deliver(Delivery.objects.get().pk)
    assert parsed(smtp.mails()[0])["Subject"] == "阳光工作台：需要您处理的系统报警：作业 1 件"


def test_mail_that_cannot_be_sent_raises_no_mail_about_it(town: Town, smtp: Server) -> None:
    admin = actor("system_admin", town.organisation)
    reachable(admin, "email")
    dead("notify.deliver")
    assert alarm_dead_letters() == 1
    assert len(messages(admin)) == 1 and not Delivery.objects.exists()


# ---- 每日提醒 ----


def test_the_digest_tells_what_is_unread_once_a_day_and_only_when_something_is_new(
    town: Town, smtp: Server, clock: Any
) -> None:
    reachable(town.reviewer, "email")
    choose(town.reviewer, "waiting", "digest")
    clock("2020-09-23 10:00")
    for number in (1, 2):
        submit(town, number)
    assert not Delivery.objects.exists()
    clock("2020-09-24 08:30")
    assert queue_digests() == 1
    assert queue_digests() == 0
    deliver(Delivery.objects.get().pk)
    mail = parsed(smtp.mails()[0])
    assert mail["Subject"] == "阳光工作台每日提醒：共 2 件"
    assert "等您办理的公文 2 件" in mail.get_content()
    clock("2020-09-25 08:30")
    assert queue_digests() == 0
    submit(town, 3)
    clock("2020-09-28 08:30")
    assert queue_digests() == 1
    deliver(Delivery.objects.latest("pk").pk)
    assert parsed(smtp.mails()[1])["Subject"] == "阳光工作台每日提醒：共 3 件"


def test_one_digest_a_day_is_held_by_the_database(town: Town) -> None:
    now = timezone.now()
    given = {"user_id": town.drafter.user_id, "channel": "email", "template": "digest",
             "not_before": now, "created_at": now, "digest_on": now.date()}  # fmt: skip
    Delivery.objects.create(key="a", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(key="b", **given)


def test_there_is_no_digest_on_a_rest_day_unless_one_wants_it(town: Town, clock: Any) -> None:
    reachable(town.reviewer, "email")
    choose(town.reviewer, "waiting", "digest")
    clock("2020-09-25 10:00")
    submit(town)
    QuietHours.objects.update(skips_rest_days=True)
    clock("2020-09-26 08:30")  # 星期六
    assert queue_digests() == 0
    QuietHours.objects.update(skips_rest_days=False)
    assert queue_digests() == 1


def test_what_was_read_before_the_digest_is_not_in_it(town: Town) -> None:
    reachable(town.reviewer, "email")
    choose(town.reviewer, "waiting", "digest")
    submit(town)
    Message.objects.update(read_at=timezone.now())
    assert queue_digests() == 0


# ---- 选择 ----


def test_each_chooses_by_kind_and_channel_on_the_page(town: Town, smtp: Server) -> None:
    contact = reachable(town.reviewer, "email")
    desk = sign_in(town.reviewer)
    page = desk.get(SETTINGS).content.decode()
    assert "等我办的" in page and "我的联系方式" not in page.split("怎样提醒")[1]
    kinds = ("returned", "waiting", "deadline", "alarm", "account")
    values = {f"pace_{kind}_email": "off" for kind in kinds}
    answer = desk.post(SETTINGS, {**values, "since": "22:00", "until": "06:00"})
    assert "提醒设置已保存" in answer.content.decode()
    assert set(Choice.objects.values_list("pace", flat=True)) == {"off"}
    assert QuietHours.objects.get().skips_rest_days is False
    submit(town)
    assert contact.pk and not Delivery.objects.exists()
    bad = desk.client.post(SETTINGS, {**values, "since": "25:00", "until": "06:00"})
    assert bad.status_code == 422


def test_turning_it_off_stops_what_is_already_queued(town: Town, smtp: Server) -> None:
    reachable(town.reviewer, "email")
    submit(town)
    choose(town.reviewer, "waiting", "off")
    run_now()
    assert smtp.mails() == []
    assert Delivery.objects.get().why == "都已经看过或者办了，或者改成了不要。"


def test_a_message_may_go_by_two_channels_each_with_its_own_delivery(town: Town) -> None:
    for channel in ("email", "webhook"):
        reachable(town.reviewer, channel)
    submit(town)
    assert sorted(Delivery.objects.values_list("channel", flat=True)) == ["email", "webhook"]


def test_the_settings_show_what_went_out_and_how_it_ended(town: Town, smtp: Server) -> None:
    reachable(town.reviewer, "email", "nobody@example.gov.cn")
    submit(town)
    run_now()
    page = sign_in(town.reviewer).get(SETTINGS).content.decode()
    assert "没有送到" in page and "（550）" in page and "n***@example.gov.cn" in page
    assert "nobody" not in page
    admin = sign_in(actor("system_admin", town.organisation))
    table = admin.get("/workbench/deliveries/").content.decode()
    assert "等您办理的公文 1 件" in table and "没有送到" in table and "nobody" not in table


def test_what_is_old_is_discarded_except_what_was_never_seen(town: Town) -> None:
    reachable(town.reviewer, "email")
    for number in (1, 2):
        submit(town, number)
    first = messages(town.reviewer)[0]
    Message.objects.update(created_at=timezone.now() - timedelta(days=200))
    Message.objects.filter(pk=first.pk).update(read_at=timezone.now())
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=200))
    assert discard_old() > 0
    assert [m.pk for m in Message.objects.all()] == [messages(town.reviewer)[0].pk] != [first.pk]
    assert not Delivery.objects.exists()
