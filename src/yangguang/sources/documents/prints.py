"""公文的 PDF：要一份，由作业排好。"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.services import keep_made
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.typesetting import Untypeset

from .models import DocumentPrint, OfficialDocument
from .printing import paper_digest, pdf_of
from .selectors import paper_of, print_of

TYPESET = "documents.typeset"


@dataclass
class Made:
    """排好的 PDF，供下载。"""

    name: str
    sha256: str
    media_type: str = "application/pdf"


@transaction.atomic
def want_print(document: OfficialDocument, *, actor: Actor) -> DocumentPrint:
    """照现在的内容要一份 PDF，由作业去排。排好的、正排着的不再排。"""
    now = timezone.now()
    current = OfficialDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    wanted = paper_digest(paper_of(current))
    held = current.prints.filter(digest=wanted).first()
    if held is None:
        held = DocumentPrint(document=current, digest=wanted)
    elif not held.may_be_asked(now):
        return held
    held.step, held.message, held.asked_at, held.asked = "queued", "", now, held.asked + 1
    held.save()
    enqueue(TYPESET, {"made": held.pk}, key=f"document:{held.pk}:{held.asked}")
    record_event("documents.typeset", actor=actor, target=current, fields=("prints",))
    return held


def make_print(made: DocumentPrint) -> None:
    """排一份。不在事务里做：排版、写文件不应拖住数据库。公文已经改了的不排。"""
    if made.step == "made":
        return
    document = OfficialDocument.objects.select_related("organisation").get(pk=made.document_id)
    paper = paper_of(document)
    if paper_digest(paper) != made.digest:
        made.step, made.message = "failed", "排版期间公文改了，请照新的内容重排。"
        made.save()
        return
    made.step = "setting"
    made.save(update_fields=["step"])
    try:
        printed = pdf_of(paper)
    except Untypeset as told:
        made.step, made.message = "failed", str(told)[:500]
    else:
        made.step, made.message, made.pages = "made", "", printed.pages
        made.sha256, made.size = keep_made(printed.content), len(printed.content)
    made.save()


def printed(document: OfficialDocument) -> Made | None:
    """照现在的内容排好的；没有排好为空。"""
    made = print_of(document)
    if made is None or made.step != "made":
        return None
    return Made(f"{document.title[:60] or '公文'}.pdf", made.sha256)
