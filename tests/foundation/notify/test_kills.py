"""发到一半进程被杀：真的进程，真的 kill -9，对方只收到一次。"""

import pytest

from tests.foundation.notify.conftest import SECRET, Server, mail_to, reachable
from tests.processes import start
from tests.town import Town
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.notify.delivering import deliver
from yangguang.foundation.notify.models import Choice, Delivery

pytestmark = pytest.mark.django_db(transaction=True)
DELIVER = """
    from yangguang.foundation.notify.delivering import deliver
    deliver({pk})
"""


def queued(town: Town, channel: str) -> Delivery:
    reachable(town.reviewer, channel)
    Choice.objects.create(
        user_id=town.reviewer.user_id, kind="waiting", channel=channel, pace="at_once"
    )
    perform(town.document(), "submit", actor=town.drafter, key="submit")
    return Delivery.objects.get()


def killed(delivery: Delivery, at: str, **environment: str) -> None:
    """另一个进程去发，走到 ``at`` 被杀。"""
    process = start(DELIVER.format(pk=delivery.pk), YANGGUANG_FAILPOINT=at, **environment)
    process.communicate(timeout=60)
    assert process.returncode == -9
    delivery.refresh_from_db()
    assert delivery.state == "sending"


@pytest.mark.parametrize(("at", "mails"), [("notify.before_send", 0), ("notify.after_send", 1)])
def test_a_mail_cut_in_the_middle_is_not_sent_twice(
    town: Town, smtp: Server, at: str, mails: int
) -> None:
    delivery = queued(town, "email")
    killed(delivery, at, **mail_to(smtp.port))
    assert len(smtp.mails()) == mails
    deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "failed" and "程序中断" in delivery.why
    assert len(smtp.mails()) == mails


@pytest.mark.parametrize(
    ("at", "known"), [("notify.before_send", [False]), ("notify.after_send", [False, True])]
)
def test_a_short_message_cut_in_the_middle_is_asked_again_and_taken_once(
    town: Town, hooks: Server, at: str, known: list[bool]
) -> None:
    delivery = queued(town, "sms")
    environment = {
        "YANGGUANG_SMS": f"http://127.0.0.1:{hooks.port}/sms",
        "YANGGUANG_SMS_SECRET": SECRET,
        "YANGGUANG_WORKBENCH": "https://gzt.example.gov.cn",
    }
    killed(delivery, at, **environment)
    deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reference) == ("sent", "m-1")
    assert [request["known"] for request in hooks.requests()] == known
