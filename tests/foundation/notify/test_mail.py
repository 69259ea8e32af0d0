"""电子邮件：对另一个进程里的 SMTP 服务器说真的协议，它也会拒、会拖。"""

import email
import time
from email.message import EmailMessage
from email.policy import default

import pytest

from tests.foundation.notify.conftest import Server, mail_to, messages, reachable, run_now
from tests.town import Town
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.notify.adapters.contract import TryLater
from yangguang.foundation.notify.adapters.mail import SmtpMail
from yangguang.foundation.notify.delivering import Later, deliver
from yangguang.foundation.notify.models import Contact, Delivery
from yangguang.foundation.notify.outlets import Mail, read_outlets

pytestmark = pytest.mark.django_db


def asked(town: Town, address: str, number: int = 1) -> Delivery:
    """审核人登记了这个邮箱，来了一份等他审的公文。"""
    reachable(town.reviewer, "email", address)
    perform(town.document(number), "submit", actor=town.drafter, key=f"submit-{number}")
    return Delivery.objects.get()


def parsed(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_reviewer_is_mailed_what_kind_of_thing_waits_and_where(
    town: Town, smtp: Server
) -> None:
    delivery = asked(town, "shen.he@example.gov.cn")
    assert smtp.mails() == []  # 等几分钟，别的一起说
    assert run_now() >= 1
    (raw,) = smtp.mails()
    mail = parsed(raw)
    assert mail["To"] == "shen.he@example.gov.cn"
    assert mail["Subject"] == "阳光工作台：等您办理的公文 1 件"
    body = mail.get_content()
    assert "https://gzt.example.gov.cn/workbench/messages/" in body
    assert mail["Auto-Submitted"] == "auto-generated"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.why) == ("sent", 1, "")
    assert delivery.sent_at is not None
    assert delivery.address == "s***@example.gov.cn"
    assert mail["Message-ID"] == f"<{delivery.key}@example.gov.cn>"


def test_nothing_personal_and_no_content_is_in_the_bytes_that_leave(
    town: Town, smtp: Server
) -> None:
    document = town.document(1, title="关于张三身份证号62290119900101001X的通知")
    reachable(town.drafter, "email", "qi.cao@example.gov.cn")
    perform(document, "submit", actor=town.drafter, key="submit")
    perform(document, "return", actor=town.reviewer, key="r", message="李四 13812345678 不同意")
    run_now()
    (raw,) = smtp.mails()
    mail = parsed(raw)
    # 日期、随机的信件编号和编了码的正文里碰巧有几个数字，不算
    headers = [f"{k}: {v}" for k, v in mail.items() if k not in ("Date", "Message-ID")]
    whole = "\n".join([*headers, mail.get_content()])
    told = messages(town.drafter)[0]
    assert "张三" in told.title and "李四" in told.why
    for secret in ("张三", "62290119900101001X", "李四", "13812345678", "测试", town.drafter.display_name,
                   f"/documents/{document.pk}", "2020"):  # fmt: skip
        assert secret not in whole, secret


def test_several_at_once_are_one_mail(town: Town, smtp: Server) -> None:
    reachable(town.reviewer, "email")
    for number in (1, 2, 3):
        perform(town.document(number), "submit", actor=town.drafter, key=f"submit-{number}")
    run_now()
    (raw,) = smtp.mails()
    assert parsed(raw)["Subject"] == "阳光工作台：等您办理的公文 3 件"


def test_what_was_done_or_read_meanwhile_is_not_mailed(town: Town, smtp: Server) -> None:
    reachable(town.reviewer, "email")
    document = town.document()
    perform(document, "submit", actor=town.drafter, key="submit")
    perform(document, "return", actor=town.reviewer, key="return", message="改")
    run_now()
    assert smtp.mails() == []
    assert Delivery.objects.get().state == "cancelled"


def test_a_job_that_runs_again_sends_nothing_again(town: Town, smtp: Server) -> None:
    delivery = asked(town, "shen.he@example.gov.cn")
    for _ in range(3):
        deliver(delivery.pk)
    Job.objects.filter(name="notify.deliver").update(state="waiting", attempts=0)
    run_now()
    assert len(smtp.mails()) == 1


def test_a_greylisting_server_is_asked_again_and_takes_it_once(town: Town, smtp: Server) -> None:
    delivery = asked(town, "greylisted@example.gov.cn")
    for attempt in (1, 2):
        run_now()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == ("queued", attempt)
        assert delivery.why == "对方的邮件服务器暂时不收（451）。"
    run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.why) == ("sent", 3, "")
    assert len(smtp.mails()) == 1


def test_a_refused_recipient_is_not_tried_again_and_is_told_inside(
    town: Town, smtp: Server
) -> None:
    delivery = asked(town, "nobody@example.gov.cn")
    run_now()
    run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert delivery.why == "对方的邮件服务器不收这个地址（550）。"
    assert (smtp.folder / "asked").read_text() == "nobody 1"
    told = messages(town.reviewer)[-1]
    assert told.kind == "contact" and "没有送到" in told.title
    assert Contact.objects.get().fault == delivery.why
    assert not Job.objects.filter(state="dead").exists()
    assert Delivery.objects.count() == 1  # 不为送不到的再发一次


def test_refused_content_is_given_up_too(town: Town, smtp: Server) -> None:
    delivery = asked(town, "bad-content@example.gov.cn")
    run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == ("failed", "对方的邮件服务器不收这封邮件（554）。")
    assert smtp.mails() == []


def test_a_server_that_hangs_is_cut_off_and_tried_again(
    town: Town, smtp: Server, impatient: None
) -> None:
    delivery = asked(town, "hangs@example.gov.cn")
    began = time.monotonic()
    with pytest.raises(Later):
        deliver(delivery.pk)
    assert time.monotonic() - began < 5
    delivery.refresh_from_db()
    assert delivery.state == "queued" and "中途断了" in delivery.why


def test_a_server_that_takes_the_mail_and_hangs_is_not_sent_it_twice(
    town: Town, smtp: Server, impatient: None
) -> None:
    delivery = asked(town, "takes-and-hangs@example.gov.cn")
    run_now()
    run_now()
    delivery.refresh_from_db()
    assert delivery.state == "failed" and "为免重复" in delivery.why
    assert len(smtp.mails()) == 1


def test_a_server_that_drips_is_cut_off_as_a_whole(smtp: Server, impatient: None) -> None:
    from yangguang.foundation.notify.adapters.contract import Parcel
    from yangguang.foundation.notify.wording import TEMPLATES, Code, Count, Link

    content = TEMPLATES["check"].render(
        code=Code("123456"), minutes=Count(30), link=Link("https://gzt.example.gov.cn")
    )
    server = Mail("127.0.0.1", smtp.ports[1], "plain", "notice@example.gov.cn")
    began = time.monotonic()
    with pytest.raises(TryLater):
        SmtpMail(server).send(Parcel("k", "a@example.gov.cn", content))
    assert 0.9 < time.monotonic() - began < 5


def test_where_encryption_is_wanted_and_not_offered_nothing_is_sent(
    town: Town, smtp: Server, settings: object
) -> None:
    settings.NOTIFY = read_outlets(mail_to(smtp.port, "smtp+starttls"))  # type: ignore[attr-defined]
    delivery = asked(town, "shen.he@example.gov.cn")
    with pytest.raises(Later):
        deliver(delivery.pk)
    delivery.refresh_from_db()
    assert "不支持加密" in delivery.why
    assert smtp.mails() == [] and not (smtp.folder / "asked").exists()


def test_a_busy_server_ends_in_the_dead_letters_and_can_be_put_back(
    town: Town, smtp: Server
) -> None:
    delivery = asked(town, "always-busy@example.gov.cn")
    for _ in range(6):
        run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", 6)
    job = Job.objects.get(name="notify.deliver")
    assert job.state == "dead" and "试了 6 次" in job.last_error
    assert "always-busy" not in job.last_error
    Contact.objects.update(address="shen.he@example.gov.cn")
    Job.objects.update(state="waiting", attempts=0, finished_at=None)
    run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 1)


def test_a_server_that_is_not_there_is_tried_later(
    town: Town, smtp: Server, settings: object
) -> None:
    settings.NOTIFY = read_outlets(mail_to(1))  # type: ignore[attr-defined]
    delivery = asked(town, "shen.he@example.gov.cn")
    with pytest.raises(Later):
        deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "queued" and "没有连上" in delivery.why


def test_the_job_is_queued_with_the_cause_or_not_at_all(town: Town, smtp: Server) -> None:
    from django.db import transaction

    reachable(town.reviewer, "email")
    document = town.document()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        perform(document, "submit", actor=town.drafter, key="submit")
        assert Job.objects.filter(name="notify.deliver").count() == 1
        raise ZeroDivisionError
    assert not Job.objects.filter(name="notify.deliver").exists()
    assert not Delivery.objects.exists()
