"""政策解读的读取。"""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.files.video import MP4
from yangguang.foundation.library.references import Sought, Use
from yangguang.foundation.lifecycle.selectors import of_others
from yangguang.foundation.workbench.rules import TimeLeft, time_left
from yangguang.hub.publications import selectors as publications
from yangguang.hub.publications.models import Publication
from yangguang.sources.documents.companions import Companion
from yangguang.sources.documents.due import awaiting_interpretation
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.terms import terms

from .models import Interpretation, InterpretationAttachment

SHOWN = 50
"""待办里最多列几份；再多的到列表里看。"""


def subject_of(interpretation: Interpretation) -> Publication | None:
    """所解读的文件发布成的信息；公文没有发布过的为空。公文的一次查询。"""
    document = interpretation.document
    if document is None:
        return interpretation.publication
    return Publication.objects.filter(
        kind="document", source_label=document._meta.label_lower, source_id=document.pk
    ).first()


def most_copied(interpretation: Interpretation) -> float:
    """最多可以与文件相同的份额（参数）：照起草那天的。"""
    return terms(timezone.localdate(interpretation.created_at)).most_copied


def untold_videos(interpretation: Interpretation) -> list[str]:
    """没有字幕的视频的名称。一次查询。"""
    rows = interpretation.attachments.filter(file__media_type=MP4, captions=None)
    return list(rows.values_list("file__name", flat=True))


def nameless_pictures(interpretation: Interpretation) -> list[str]:
    """不是从资料库选的、没有替代文字的图片的名称。一次查询。"""
    rows = interpretation.attachments.filter(file__media_type__startswith="image/", picture=None)
    return list(rows.values_list("file__name", flat=True))


def pictures_of(interpretation: Interpretation) -> list[InterpretationAttachment]:
    """图片，按次序，连同资料库里的替代文字和大小。一次查询。"""
    rows = interpretation.attachments.exclude(picture=None)
    return list(rows.select_related("file", "picture__item", "picture__file"))


def publication_of(interpretation: Interpretation) -> Publication:
    """发布成的信息；没有发布过抛出 ``Publication.DoesNotExist``。一次查询。"""
    return publications.publication_of(interpretation, "interpretation")


def published_path(interpretation: Interpretation) -> str:
    """公开页面的地址；公众现在看不到的为空。一次查询。"""
    return publications.published_path(interpretation, "interpretation")


def waiting_for(actor: Actor) -> QuerySet[Interpretation]:
    """等此人办的：信息员的草稿和待发布的，审核人、签发人手上别人起草的。期限近的在前。一次查询。"""
    others = of_others(actor)
    mine = {
        "drafter": Q(state__in=["draft", "approved", "revising"]),
        "reviewer": Q(state="in_review") & others,
        "approver": Q(state="in_approval") & others | Q(state="revising"),
    }.get(actor.role)
    visible = Interpretation.policy.visible(actor)
    if mine is None:
        return visible.none()
    soonest = F("document__interpretation_due").asc(nulls_last=True)
    return visible.filter(mine).order_by(soonest, "pk")[:SHOWN]


def owed(actor: Actor) -> QuerySet[OfficialDocument]:
    """此人看得到的、签发了还没有发布解读的公文，期限近的在前，过了期限的最前。用时一次查询。"""
    visible = OfficialDocument.policy.visible(actor)
    found = visible.filter(pk__in=awaiting_interpretation().values("pk"))
    return found.defer("body").order_by(F("interpretation_due").asc(nulls_last=True), "pk")


def unwritten(actor: Actor) -> QuerySet[OfficialDocument]:
    """该解读、还没有人起草解读的公文，信息员的待办。一次查询。"""
    if actor.role != "drafter":
        return OfficialDocument.objects.none()
    begun = Interpretation.objects.exclude(state="withdrawn").filter(document__isnull=False)
    return owed(actor).exclude(pk__in=begun.values("document"))[:SHOWN]


def begun_for(documents: Sequence[OfficialDocument], actor: Actor) -> dict[int, Interpretation]:
    """这些公文（编号）各自起草了、没有撤回的解读里此人看得到的，最近的一份。一次查询。"""
    rows = Interpretation.policy.visible(actor).exclude(state="withdrawn")
    found = rows.filter(document__in=documents).order_by("pk")
    return {each.document_id: each for each in found if each.document_id is not None}


def interpreting(document: OfficialDocument, actor: Actor) -> Iterator[Companion]:
    """解读这份公文的材料里此人看得到的，列在它的记录页上。一次查询，不必解读的不查。"""
    if document.needs_interpretation:
        for each in Interpretation.policy.visible(actor).filter(document=document).order_by("pk"):
            href = reverse("workbench:interpretations-record", args=[each.pk])
            yield Companion(f"{each.get_form_display()}解读", each.title, each.state_label, href)


def is_late(document: OfficialDocument, today: date) -> bool:
    """过了解读的期限。"""
    return document.interpretation_due is not None and document.interpretation_due < today


def left_of(document: OfficialDocument, today: date, calendars: Calendars) -> TimeLeft | None:
    """离解读的期限还有、已过几个工作日，照制发机构的日历；没有期限的为空。"""
    if document.interpretation_due is None:
        return None
    return time_left(document.interpretation_due, today, calendars.of(document.organisation))


def attached(sought: Sought, actor: Actor | None) -> Iterator[Use]:
    """哪些解读材料以所查的内容作附件，供资料库列出用处。一次查询。"""
    rows = InterpretationAttachment.objects.filter(
        Q(file__sha256__in=sought.digests) | Q(captions__in=sought.files)
    )
    if actor is not None:
        visible = Interpretation.policy.visible(actor).values("pk")
        rows = rows.filter(interpretation__in=visible)
    for row in rows.select_related("interpretation").order_by("pk"):
        href = reverse("workbench:interpretations-record", args=[row.interpretation_id])
        yield Use(f"政策解读“{row.interpretation.title}”的附件", href)
