"""短信、即时通讯：对另一个进程里的接口说真的协议，它验签名、认重复，也会错、会拖。"""

import time

import pytest
from django.utils import timezone

from tests.foundation.notify.conftest import Server, messages, reachable, run_now
from tests.town import Town
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.notify.delivering import (
    Later,
    ask_when_due,
    collect_receipts,
    deliver,
)
from yangguang.foundation.notify.models import Choice, Contact, Delivery
from yangguang.foundation.notify.outlets import Hook, Outlets

pytestmark = pytest.mark.django_db


def asked(town: Town, channel: str, address: str) -> Delivery:
    """审核人登记了这个地址，要立即提醒，来了一份等他审的公文。"""
    reachable(town.reviewer, channel, address)
    Choice.objects.create(
        user_id=town.reviewer.user_id, kind="waiting", channel=channel, pace="at_once"
    )
    perform(town.document(), "submit", actor=town.drafter, key="submit")
    return Delivery.objects.get()


def test_a_short_message_says_the_kind_the_number_and_the_link(town: Town, hooks: Server) -> None:
    delivery = asked(town, "sms", "13800001234")
    run_now()
    (request,) = hooks.requests()
    assert request["path"] == "/sms"
    assert request["body"] == {
        "id": delivery.key,
        "to": "13800001234",
        "text": "您有等您办理的公文 1 件，请登录工作台：https://gzt.example.gov.cn/workbench/messages/",
    }
    assert request["fault"] == ""
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reference) == ("sent", "m-1")
    assert delivery.address == "138****1234"


def test_a_webhook_is_signed_carries_the_subject_and_goes_to_its_address(
    town: Town, hooks: Server
) -> None:
    asked(town, "webhook", "shen-he")
    run_now()
    (request,) = hooks.requests()
    assert request["path"] == "/webhook?unit=1"
    assert (
        request["fault"] == "" and request["body"]["subject"] == "阳光工作台：等您办理的公文 1 件"
    )
    assert set(request["body"]) == {"id", "to", "subject", "text"}


def test_a_wrong_secret_is_refused_by_the_other_side_and_tried_again(
    town: Town, hooks: Server, settings: object
) -> None:
    url = f"http://127.0.0.1:{hooks.port}/sms"
    settings.NOTIFY = Outlets({"sms": Hook(url, "x" * 32)}, "https://gzt.example.gov.cn")  # type: ignore[attr-defined]
    delivery = asked(town, "sms", "13800001234")
    with pytest.raises(Later):
        deliver(delivery.pk)
    assert hooks.requests()[0]["fault"] == "signature"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == ("queued", "接口现在不收（HTTP 401）。")


def test_an_interface_that_errs_is_asked_again_with_the_same_key(town: Town, hooks: Server) -> None:
    delivery = asked(town, "sms", "13800000500")
    for _ in range(3):
        run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 3)
    assert {r["body"]["id"] for r in hooks.requests()} == {delivery.key}


def test_what_was_taken_without_an_answer_is_known_for_the_same(town: Town, hooks: Server) -> None:
    delivery = asked(town, "sms", "13800000408")
    run_now()
    delivery.refresh_from_db()
    assert delivery.state == "queued"
    run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.reference) == ("sent", 2, "m-1")
    assert [r["known"] for r in hooks.requests()] == [False, True]


def test_an_unknown_number_is_given_up_and_its_owner_told_without_the_words_of_the_other_side(
    town: Town, hooks: Server
) -> None:
    delivery = asked(town, "sms", "13800000404")
    run_now()
    run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert delivery.why == "接口不收这一件（HTTP 404）。"
    assert len(hooks.requests()) == 1
    assert messages(town.reviewer)[-1].title == "发到您短信的提醒没有送到"
    assert Contact.objects.get().fault == delivery.why


@pytest.mark.parametrize("address", ["13800000666", "13800000777"])
def test_an_interface_that_hangs_or_drips_is_cut_off(
    town: Town, hooks: Server, impatient: None, address: str
) -> None:
    delivery = asked(town, "sms", address)
    began = time.monotonic()
    with pytest.raises(Later):
        deliver(delivery.pk)
    assert time.monotonic() - began < 5
    delivery.refresh_from_db()
    assert delivery.state == "queued" and "没有等到应答" in delivery.why


def test_a_redirect_is_not_followed(town: Town, hooks: Server) -> None:
    delivery = asked(town, "sms", "13800000302")
    with pytest.raises(Later):
        deliver(delivery.pk)
    assert len(hooks.requests()) == 1


def test_an_answer_that_is_not_json_still_counts_as_taken(town: Town, hooks: Server) -> None:
    delivery = asked(town, "sms", "13800000999")
    run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reference) == ("sent", "")


def test_an_answer_may_say_delivered_at_once(town: Town, hooks: Server) -> None:
    delivery = asked(town, "sms", "13800000888")
    run_now()
    delivery.refresh_from_db()
    assert delivery.state == "delivered" and delivery.delivered_at is not None


@pytest.mark.parametrize(
    ("address", "state", "why"),
    [
        ("13800001234", "delivered", ""),
        ("13800000001", "failed", "没有送到本人（UNDELIV）。"),
        ("13800000002", "sent", ""),
    ],
)
def test_receipts_are_asked_for(
    town: Town, hooks: Server, address: str, state: str, why: str
) -> None:
    delivery = asked(town, "sms", address)
    assert not ask_when_due()
    run_now()
    assert ask_when_due() and ask_when_due()
    assert Job.objects.filter(name="notify.receipts").count() == 1
    run_now()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == (state, why)
    assert collect_receipts() == 0
    assert ask_when_due() is (state == "sent")


def test_a_worker_that_died_while_sending_is_followed_by_one_that_asks_with_the_same_key(
    town: Town, hooks: Server
) -> None:
    delivery = asked(town, "sms", "13800001234")
    Delivery.objects.update(state="sending", attempts=1)
    deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 2)
    assert delivery.sent_at is not None and delivery.sent_at <= timezone.now()
