"""消息：人人有自己的，谁也看不到别人的；投递归系统管理员。"""

from django.utils import timezone

from tests.access.table import EVERYONE, Row, rows
from tests.town import Town
from yangguang.foundation.notify.models import Contact, Message
from yangguang.foundation.notify.rules import CHANNELS, KINDS
from yangguang.foundation.notify.verifying import code_of

LIST = "/workbench/messages/"
SETTINGS = f"{LIST}settings/"


def message(town: Town) -> str:
    """信息员的一条。"""
    made = Message.objects.create(
        user_id=town.drafter.user_id, assignment_id=town.drafter.assignment_id, kind="returned",
        subject="documents.officialdocument", title="一份公文", href="/workbench/documents/",
        key="access", created_at=timezone.now(),
    )  # fmt: skip
    return f"{LIST}{made.pk}/"


def awaiting(town: Town) -> str:
    """信息员登记了、还没有核实的邮箱。"""
    Contact.objects.create(
        user_id=town.drafter.user_id, channel="email", address="someone@example.gov.cn",
        nonce="0" * 32, code_sent_at=timezone.now(),
    )  # fmt: skip
    return f"{SETTINGS}email/confirm/"


def held(town: Town) -> str:
    awaiting(town)
    return f"{SETTINGS}email/drop/"


def usual() -> dict[str, str]:
    """照通常的样子交。"""
    paces = {
        f"pace_{kind.code}_{channel}": "digest"
        for kind in KINDS.values() if kind.outward
        for channel in CHANNELS
    }  # fmt: skip
    return {"since": "21:00", "until": "07:30", **paces}


rows(
    Row("workbench:messages", lambda t: LIST, EVERYONE, elsewhere=True),
    Row("workbench:messages-record", message, frozenset({"drafter"})),
    Row(
        "workbench:messages-mark", lambda t: f"{LIST}mark/", EVERYONE, method="POST",
        data=lambda t, who: {"do": "all"}, elsewhere=True,
    ),
    Row("workbench:messages-settings", lambda t: SETTINGS, EVERYONE, elsewhere=True),
    Row(
        "workbench:messages-settings", lambda t: SETTINGS, EVERYONE, method="POST",
        data=lambda t, who: usual(), event="notify.set_reminders",
        elsewhere=True,
    ),
    Row(
        "workbench:messages-contact", lambda t: f"{SETTINGS}email/", EVERYONE, method="POST",
        data=lambda t, who: {"address": "someone@example.gov.cn"}, event="notify.set_contact",
        elsewhere=True,
    ),
    Row(
        "workbench:messages-confirm", awaiting, frozenset({"drafter"}), method="POST",
        data=lambda t, who: {"code": code_of(Contact.objects.get())},
        event="notify.confirm_contact",
    ),
    Row(
        "workbench:messages-drop", held, frozenset({"drafter"}), method="POST",
        event="notify.drop_contact",
    ),
    Row("workbench:deliveries", lambda t: "/workbench/deliveries/", frozenset({"system_admin"}), elsewhere=True),
)  # fmt: skip
