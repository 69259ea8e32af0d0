"""规章和规范性文件的读取。"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.selectors import of_others
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.publications import selectors as publications
from yangguang.hub.publications.models import Publication

from .models import Flag, Norm, NormRelation
from .rules import (
    CHANGING,
    IN_FORCE,
    Life,
    Period,
    Text,
    annotation,
    earlier,
    latest_text,
    periods,
    text_on,
)
from .terms import terms
from .typesetting import Content, content_digest

PUBLIC = ("published", "revising")
"""公众看得到的两种状态。"""
UNDER = (
    "organisation", "approved_under__user", "approved_under__organisation",
    "approved_under__on_behalf_of__user",
)  # fmt: skip
SHOWN = 50
"""待办里每一样最多列几件；再多的到列表里看。"""


def publication_of(norm: Norm) -> Publication:
    """发布成的信息；没有发布过抛出 ``Publication.DoesNotExist``。"""
    return publications.publication_of(norm, "norm")


def published_path(norm: Norm) -> str:
    """公开页面的地址；公众现在看不到的为空。"""
    return publications.published_path(norm, "norm")


# ---- 关系、文本 ----


def changes_to(norms: Iterable[Norm], kind: str) -> QuerySet[NormRelation]:
    """公布了的、对这些文件的修改（或废止），按施行的先后。一次查询。"""
    return (
        NormRelation.objects.filter(
            target__in=norms, kind=kind, source__state__in=PUBLIC, settled_on__isnull=False
        )
        .select_related("source")
        .order_by("settled_on", "pk")
    )


def life_without(target: Norm, source: Norm) -> Life:
    """``target`` 效力上的各个日子，``source`` 对它的修改、废止不算。两次查询。"""
    amended, repealed = (
        min(
            (
                each.settled_on
                for each in changes_to([target], kind)
                if each.source_id != source.pk and each.settled_on is not None
            ),
            default=None,
        )
        for kind in ("amends", "repeals")
    )
    return replace(target.life, amended_on=amended, repealed_on=repealed)


def amendments_of(norm: Norm) -> list[NormRelation]:
    """公布了的、对它的修改，按施行的先后。一次查询。"""
    return list(changes_to([norm], "amends"))


def texts_of(norm: Norm) -> list[Text]:
    """各个文本：原来的，和各次修改成的，先后为序。没有定施行日期的为空。"""
    if norm.effective_on is None:
        return []
    found = [Text(norm.effective_on, norm.body)]
    for each in amendments_of(norm):
        assert each.settled_on is not None  # noqa: S101  changes_to 只列定了日期的
        found.append(
            Text(
                each.settled_on, each.body, each.source.title, each.source.document_number,
                each.target_articles,
            )
        )  # fmt: skip
    return found


def periods_of(norm: Norm) -> list[Period]:
    """各个文本管用的日子。"""
    return periods(norm.life, texts_of(norm))


def text_in_force(norm: Norm, day: date) -> Text | None:
    """``day`` 这一天该用的文本；这一天不管用的为空。"""
    return text_on(norm.life, texts_of(norm), day)


def content_of(norm: Norm, day: date) -> Content:
    """到 ``day`` 为止最后的文本，连同标题、题注：排成文字版、图片版的就是它。"""
    text = latest_text(texts_of(norm), day)
    changes = [
        (each.settled_on, each.source.title, each.source.document_number)
        for each in amendments_of(norm)
        if each.settled_on is not None and each.settled_on <= day
    ]
    issued = "".join(norm.issuers) + norm.document_number
    return Content(
        norm.title,
        annotation(issued, norm.promulgated_on, changes),
        tuple(text.body if text else norm.body),
    )


def shown_day(norm: Norm) -> date:
    """公开页面照哪一天的样子：更新到了的那一天；还没有公布的是今天。"""
    return norm.as_of or timezone.localdate()


def is_typeset(norm: Norm) -> bool:
    """现在的文本排好了没有。"""
    digest = content_digest(content_of(norm, timezone.localdate()))
    return norm.typeset.filter(digest=digest).exists()


def edges(kind: str) -> dict[int, set[int]]:
    """各份文件之间的一种关系：从谁到谁，没有公布的也算。一次查询。"""
    found: dict[int, set[int]] = defaultdict(set)
    rows = NormRelation.objects.filter(kind=kind, target__isnull=False, is_dropped=False)
    for source, target in rows.values_list("source", "target"):
        found[source].add(target)
    return found


def targets_for(norm: Norm, kind: str) -> QuerySet[Norm]:
    """可以和它有这种关系的文件：修改、废止的是本机构和下级公布了的，依据、实施的是全平台公布了的。"""
    found = Norm.objects.filter(state__in=PUBLIC).exclude(pk=norm.pk)
    if kind in CHANGING:
        found = found.filter(organisation__path__startswith=norm.organisation.path)
    return found.order_by("-promulgated_on", "-pk")


def open_flags(norm: Norm) -> list[Flag]:
    """上位依据变了、还没有核对的。一次查询。"""
    flags = norm.flags.filter(settled_at__isnull=True).select_related("change__upper")
    return list(flags.order_by("change__changed_on", "pk"))


# ---- 某一天有效的 ----


def in_force_on(norms: QuerySet[Norm], day: date) -> QuerySet[Norm]:
    """``norms`` 里公布了的、``day`` 这一天有效的（有效、已修改）。与 ``rules.validity_on`` 说的是一回事。"""
    return norms.filter(
        Q(repealed_on__isnull=True) | Q(repealed_on__gt=day),
        Q(ended_on__isnull=True) | Q(ended_on__gt=day),
        Q(ceases_on__isnull=True) | Q(ceases_on__gt=day),
        state__in=PUBLIC,
        effective_on__lte=day,
    )


def turning(today: date) -> QuerySet[Norm]:
    """公布着、公开页面要更新的：别的文件改了它的效力，或者到了会变的日子。一次查询。"""
    reached = Q(as_of__lt=today) & (
        Q(effective_on__lte=today, validity="pending")
        | Q(amended_on__lte=today, validity__in=["pending", "effective", "amended"])
        | (
            Q(validity__in=["pending", *IN_FORCE])
            & (
                Q(ceases_on__lte=today)
                | Q(repealed_on__lte=today)
                | Q(ended_on__lte=today)
            )
        )
    )  # fmt: skip
    return Norm.objects.filter(Q(is_stale=True) | reached, state="published").order_by("pk")


def ceasing(since: date, until: date) -> QuerySet[Norm]:
    """公布着、还有效，失效日期在两日之间（含）的，近的在前。一次查询。"""
    return (
        Norm.objects.filter(
            state="published", validity__in=[*IN_FORCE, "pending"], ceases_on__range=(since, until)
        )
        .select_related("organisation", "created_by")
        .order_by("ceases_on", "pk")
    )


# ---- 待办 ----


def waiting_for(actor: Actor) -> QuerySet[Norm]:
    """等此人办的：信息员的草稿和待公布的，审核人、签发人手上别人登记的。一次查询。"""
    others = of_others(actor)
    mine = {
        "drafter": Q(state__in=["draft", "revising", "registered"]),
        "reviewer": Q(state="in_review") & others,
        "legality_reviewer": Q(state="in_review") & others,
        "approver": Q(state="in_registration") & others | Q(state="revising"),
    }.get(actor.role)
    visible = Norm.policy.visible(actor)
    if mine is None:
        return visible.none()
    return visible.filter(mine).order_by("pk")[:SHOWN]


def to_review(actor: Actor, today: date) -> QuerySet[Norm]:
    """快到期、要评估的：此人是信息员、签发人的。一次查询。"""
    if actor.role not in ("drafter", "approver"):
        return Norm.objects.none()
    until = review_until(today)
    return ceasing(today, until).filter(Norm.policy.scope(actor))[:SHOWN]


def review_until(today: date) -> date:
    """失效日期在这一天以前的，该评估了：到期前几个月起提醒。"""
    return max(
        day
        for day in (date.fromordinal(today.toordinal() + n) for n in range(0, 400))
        if earlier(day, terms(today).review_months) <= today
    )


def unfiled(actor: Actor) -> QuerySet[Norm]:
    """近一年公布了还没有报备案的：此人是信息员的；补录的从前的文件不催。一次查询。"""
    if actor.role != "drafter":
        return Norm.objects.none()
    return (
        Norm.policy.visible(actor)
        .filter(state="published", filed_on__isnull=True, validity__in=[*IN_FORCE, "pending"])
        .filter(promulgated_on__gte=timezone.localdate() - timedelta(days=365))
        .order_by("promulgated_on", "pk")[:SHOWN]
    )


def flagged(actor: Actor) -> list[tuple[Norm, list[Flag]]]:
    """上位依据变了要核对的：此人是信息员的，各连同变动。两次查询。"""
    if actor.role != "drafter":
        return []
    open_ones = Flag.objects.filter(settled_at__isnull=True)
    norms = (
        Norm.policy.visible(actor)
        .filter(state="published", pk__in=open_ones.values("norm"))
        .prefetch_related(
            Prefetch("flags", open_ones.select_related("change__upper"), to_attr="to_settle")
        )
        .order_by("pk")[:SHOWN]
    )
    return [(norm, norm.to_settle) for norm in norms]


def units_of(norms: QuerySet[Norm]) -> QuerySet[Organisation]:
    """这些文件涉及的机构。"""
    units: QuerySet[Organisation] = Organisation.objects.filter(
        pk__in=norms.order_by().values("organisation")
    ).order_by("path")
    return units


def relations_of(norm: Norm) -> Sequence[Any]:
    """它对别的文件、上位依据的关系，去掉了的不算。一次查询。"""
    held = norm.relations.filter(is_dropped=False)
    found = held.select_related("target__organisation", "upper", "source__organisation")
    return list(found.order_by("pk"))
