"""公文的读取。"""

from collections.abc import Iterator

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.references import Sought, Use

from .models import DocumentAttachment, OfficialDocument

SHOWN = 50
"""待办里最多列几份；再多的到列表里看。"""


def waiting_for(actor: Actor) -> QuerySet[OfficialDocument]:
    """等此人办的公文：信息员的草稿和待发布的，审核人、签发人手上别人起草的。期限近的在前。一次查询。"""
    mine = {
        "drafter": Q(state__in=["draft", "revising"]) | Q(state="approved", disclosure="proactive"),
        "reviewer": Q(state="in_review") & ~Q(created_by__in=actor.persons),
        "approver": Q(state="in_approval") & ~Q(created_by__in=actor.persons) | Q(state="revising"),
    }.get(actor.role)
    visible = OfficialDocument.policy.visible(actor)
    if mine is None:
        return visible.none()
    return visible.filter(mine).order_by(F("publish_due").asc(nulls_last=True), "pk")[:SHOWN]


def attached(sought: Sought, actor: Actor | None) -> Iterator[Use]:
    """哪些公文以所查的内容作附件，供资料库列出用处；公众看不看得到由信息资源库说。一次查询。"""
    rows = DocumentAttachment.objects.filter(file__sha256__in=sought.digests)
    if actor is not None:
        rows = rows.filter(document__in=OfficialDocument.policy.visible(actor).values("pk"))
    for row in rows.select_related("document").order_by("pk"):
        title = row.document.title or "（没有标题）"
        href = reverse("workbench:documents-record", args=[row.document_id])
        yield Use(f"公文“{title}”的附件", href)
