"""资金公开的读取。"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.selectors import of_others
from yangguang.foundation.organisations.models import Kind, Organisation
from yangguang.foundation.organisations.selectors import lineage, subtree
from yangguang.hub.publications import selectors as publications
from yangguang.hub.publications.models import Publication

from . import tables
from .models import Allocation, FlowReport, Fund, FundTables
from .rules import Account, Flow, Spending, Unit

REPORTERS = frozenset({"drafter", "reviewer", "approver"})
"""接收单位里看得到本单位收到的资金的；信息员填报。"""
SHOWN = 50
"""待办里最多列几笔；再多的到列表里看。"""


def allocations_of(fund: Fund) -> list[Allocation]:
    """各笔分配，按次序。一次查询。"""
    return list(fund.allocations.select_related("giver", "receiver").order_by("position"))


def account_of(fund: Fund) -> Account:
    """一笔资金的账，平白的值。一次查询。"""
    return account(fund, allocations_of(fund))


def account(fund: Fund, rows: Iterable[Allocation]) -> Account:
    """一笔资金和 ``rows`` 的账；``rows`` 可以还没有存。"""
    return Account(
        _unit(fund.organisation),
        fund.amount,
        fund.received_on,
        Spending(fund.paid, fund.paid_on, fund.used, fund.used_on),
        tuple(
            Flow(
                row.position, _unit(row.giver), _unit(row.receiver), row.amount, row.allocated_on,
                row.document_number, row.project, row.received, row.received_on,
                Spending(row.paid, row.paid_on, row.used, row.used_on),
            )
            for row in rows
        ),
    )  # fmt: skip


def _unit(organisation: Organisation) -> Unit:
    return Unit(organisation.pk, organisation.name, organisation.level)


def content_of(fund: Fund) -> tables.Fund:
    """要写成表格的内容。一次查询。"""
    return tables.Fund(fund.name, fund.document_number, fund.given_by, account_of(fund))


def tables_of(fund: Fund) -> FundTables | None:
    """照现在的内容做好的表格；还没有做为空。两次查询。"""
    return fund.tables.filter(digest=tables.content_digest(content_of(fund))).first()


def received_by(actor: Actor) -> QuerySet[Allocation]:
    """此人的单位从别处收到、请它报数了的各笔分配，新请的在前；别的单位的一笔也没有。用时一次查询。"""
    if actor.role not in REPORTERS:
        return Allocation.objects.none()
    latest = FlowReport.objects.filter(allocation=OuterRef("pk")).values("at")[:1]
    return (
        Allocation.objects.filter(receiver=actor.organisation_id, fund__asked_at__isnull=False)
        .exclude(fund__state="withdrawn")
        .select_related("fund__organisation", "giver", "receiver")
        .annotate(reported_at=Subquery(latest))
        .order_by("-fund__asked_at", "position", "pk")
    )


def unreported(actor: Actor) -> QuerySet[Allocation]:
    """请了以后还没有报的，信息员的待办。一次查询。"""
    if actor.role != "drafter":
        return Allocation.objects.none()
    waiting = Q(reported_at=None) | Q(reported_at__lt=F("fund__asked_at"))
    return received_by(actor).filter(waiting).order_by("fund__report_by", "pk")[:SHOWN]


@dataclass(frozen=True)
class Standing:
    """一笔分配报了没有：``report`` 是最近报的一次，``has_reported`` 是请了以后报过。"""

    allocation: Allocation
    report: FlowReport | None
    has_reported: bool

    @property
    def is_new(self) -> bool:
        """报了、还没有采用，与记着的不同。"""
        return (
            self.has_reported
            and self.report is not None
            and self.report.settled_at is None
            and self.report.figures != self.allocation.figures
        )


def standings(fund: Fund) -> list[Standing]:
    """各笔分配报了没有。两次查询。"""
    reports = FlowReport.objects.select_related("by__user").order_by("-pk")
    rows = fund.allocations.select_related("receiver", "giver").prefetch_related(
        Prefetch("reports", reports)
    )
    found = []
    for row in rows.order_by("position"):
        latest = next(iter(row.reports.all()), None)
        is_in = latest is not None and fund.asked_at is not None and latest.at >= fund.asked_at
        found.append(Standing(row, latest, is_in))
    return found


def newest(found: Iterable[Standing]) -> int:
    """新报的里最近的一次（编号），没有为零：看到这里为止，采用到这里为止。"""
    return max((each.report.pk for each in found if each.is_new and each.report), default=0)


def with_news(actor: Actor) -> QuerySet[Fund]:
    """有单位报了数、还没有采用的各笔资金，本机构信息员的待办。一次查询。"""
    if actor.role != "drafter":
        return Fund.objects.none()
    news = FlowReport.objects.filter(
        allocation__fund=OuterRef("pk"), settled_at=None, at__gte=OuterRef("asked_at")
    )
    states = ("draft", "revising", "published")
    return Fund.policy.visible(actor).filter(Exists(news), state__in=states).order_by("pk")[:SHOWN]


def units_offered(organisation: Organisation) -> QuerySet[Organisation]:
    """资金可以往哪些单位去：机构所在的人民政府和它下面的全部单位，按树的次序。用时一次查询，另有一次。"""
    governments = Organisation.objects.filter(
        path__in=lineage(organisation), kind=Kind.GOVERNMENT
    ).order_by("-depth")
    return subtree(governments.first() or organisation)


def waiting_for(actor: Actor) -> QuerySet[Fund]:
    """等此人办的：信息员的草稿和待发布的，审核人、签发人手上别人起草的。一次查询。"""
    others = of_others(actor)
    mine = {
        "drafter": Q(state__in=["draft", "revising", "approved"]),
        "reviewer": Q(state="in_review") & others,
        "approver": Q(state="in_approval") & others | Q(state="revising"),
    }.get(actor.role)
    visible = Fund.policy.visible(actor)
    return visible.none() if mine is None else visible.filter(mine).order_by("pk")[:SHOWN]


def publication_of(fund: Fund) -> Publication:
    """这笔资金发布成的信息；没有发布过抛出 ``Publication.DoesNotExist``。"""
    return publications.publication_of(fund, "fund")


def published_path(fund: Fund) -> str:
    """公开页面的地址；公众现在看不到的为空。"""
    return publications.published_path(fund, "fund")
