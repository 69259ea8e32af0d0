"""专题供给的报警：空过了头的，告诉责任单位和管站点的主管部门；补上了，就不必再看。"""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.notify.audiences import Roles
from yangguang.foundation.notify.models import Message
from yangguang.foundation.notify.rules import DEADLINE
from yangguang.foundation.notify.telling import Notice, settle_told, tell
from yangguang.foundation.reading_day import reading_day

from .models import Topic
from .supply import alarms, supplies, topics_supplied
from .supply_rules import Alarm

SUBJECT = "topics.supply"
AUDIENCES = (
    Roles(frozenset({"drafter", "approver"}), "owner", reaches_up=False),
    Roles(frozenset({"supervisor"}), "site.organisation"),
)
"""责任单位的信息员、签发人；管得到站点主办单位的监督员。"""


def tell_of_empty_topics(today: date | None = None) -> int:
    """每样空过了头的各告诉一次，补上了的、结束了的了结；返回新告诉了几条。重做无害。"""
    today = today or reading_day()
    found = alarms(supplies(topics_supplied(), today), today)
    notices = list(_notices([(topic, alarm) for topic, told in found for alarm in told]))
    current = {notice.key for notice in notices}
    waiting = Message.objects.filter(subject=SUBJECT, settled_at__isnull=True)
    with transaction.atomic():
        for key in sorted(set(waiting.values_list("key", flat=True)) - current):
            settle_told(key, timezone.now())
        return len(tell(notices))


def supply_warnings(on: date) -> list[str]:
    """体检：``on`` 这一天空过了头的专题，每个一句。"""
    return [
        f"专题“{topic.name}”供给不上（责任单位：{topic.owner.short_name if topic.owner else ''}）："
        f"{'；'.join(each.told for each in told)}。请在“专题供给”里看怎样补上。"
        for topic, told in alarms(supplies(topics_supplied(), on), on)
    ]


def _notices(found: Sequence[tuple[Topic, Alarm]]) -> Iterator[Notice]:
    topics = list({topic.pk: topic for topic, _ in found}.values())
    people = [audience.of(topics) for audience in AUDIENCES] if topics else []
    for topic, alarm in found:
        for recipients in people:
            for to in recipients[topic.pk]:
                yield Notice(
                    to, DEADLINE, SUBJECT, f"专题“{topic.name}”：{alarm.what}空着",
                    reverse("workbench:topic-supply-record", args=[topic.pk]),
                    f"topic-supply:{topic.pk}:{alarm.part}:{alarm.since.isoformat()}", alarm.told,
                )  # fmt: skip
