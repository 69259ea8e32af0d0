"""信息报送的读取。"""

from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import Rank, TruncMonth

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import ever_within
from yangguang.foundation.lifecycle.selectors import of_others
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import existing

from .models import Call, Contribution, PointsTable
from .policy import ARRIVED

SHOWN = 50
"""待办里最多列几件；再多的到列表里看。"""


def receivers_of(organisation: Organisation) -> list[Organisation]:
    """能报给谁：政府信息公开工作主管部门，它的主管部门，一直往上。每级一次查询。"""
    found: list[Organisation] = []
    above = organisation.disclosure_authority
    while above is not None and above != organisation and above not in found:
        found.append(above)
        above = above.disclosure_authority
    return found


def units_of(organisation: int) -> QuerySet[Organisation]:
    """能约哪些单位：以它为主管部门的，按树的次序。用时一次查询。"""
    return existing().filter(disclosure_authority=organisation).order_by("path")


def points_table(organisation: int) -> PointsTable:
    """接收机构的分值；没有定过的是默认的一份，没有存。一次查询。"""
    found = PointsTable.objects.filter(organisation=organisation).first()
    return found or PointsTable(organisation_id=organisation)


def calls_to_answer(actor: Actor) -> QuerySet[Call]:
    """约了此人的单位、还没有报送过的约稿，期限近的在前。一次查询。"""
    answered = Contribution.objects.filter(organisation=actor.organisation_id, state__in=ARRIVED)
    return (
        Call.objects.filter(state="issued", units=actor.organisation_id)
        .exclude(pk__in=answered.exclude(call=None).values("call"))
        .select_related("organisation")
        .order_by("due_on", "pk")[:SHOWN]
    )


def waiting_for(actor: Actor) -> QuerySet[Contribution]:
    """等此人办的投稿：自己单位的草稿、待签发的，报上来等采用的。先来的在前。一次查询。"""
    own = Q(organisation=actor.organisation_id)
    mine = {
        "drafter": (own & Q(state="draft")) | Q(receiver=actor.organisation_id, state="sent"),
        "approver": own & Q(state="in_approval") & of_others(actor),
    }.get(actor.role)
    visible = Contribution.policy.visible(actor)
    return visible.none() if mine is None else visible.filter(mine).order_by("pk")[:SHOWN]


def received_by(actor: Actor) -> QuerySet[Contribution]:
    """报给此人的机构的，连同采用、未采用的。"""
    return Contribution.objects.filter(receiver=actor.organisation_id, state__in=ARRIVED)


def units_seen(actor: Actor) -> QuerySet[Organisation]:
    """投稿列表里能按哪些单位筛选：任职范围之内的，报给此人的机构过的，按树的次序。一次查询。"""
    sent = received_by(actor).values("organisation")
    found: QuerySet[Organisation] = Organisation.objects.filter(ever_within(actor) | Q(pk__in=sent))
    return found.order_by("path")


def by_month(actor: Actor) -> Any:
    """各月、各单位报送几篇、采用几篇、记几分、排第几（同分并列），分高的在前。一次查询。"""
    return (
        received_by(actor)
        .annotate(month=TruncMonth("sent_on"))
        .values("month", "organisation__short_name")
        .annotate(
            total=Count("pk"),
            adopted=Count("pk", filter=Q(state="adopted")),
            in_time=Count("pk", filter=Q(is_on_time=True)),
            scored=Sum("points"),
        )
        .annotate(place=Window(Rank(), partition_by=[F("month")], order_by=F("scored").desc()))
        .order_by("-month", F("scored").desc(), F("adopted").desc(), "organisation__path")
    )
