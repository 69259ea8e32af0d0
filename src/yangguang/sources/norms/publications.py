"""规章和规范性文件这一种信息：载荷、模板、地址。"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yangguang.foundation.files.rules import DOCX
from yangguang.hub.publications.kinds import Library, PublicationKind, Reading
from yangguang.hub.publications.models import Publication

from .models import CleanUp, CleanUpItem, Norm, NormRelation
from .page import page_of
from .rules import CONCLUSIONS, KINDS, RELATIONS, REVERSED, UPPER_KINDS, Period
from .selectors import amendments_of, changes_to, content_of, periods_of, relations_of, shown_day
from .typesetting import content_digest

PDF = "application/pdf"


@dataclass
class Made:
    """排好的一份，作为信息的附件。"""

    name: str
    sha256: str
    size: int
    media_type: str


class NormKind(PublicationKind):
    """规章、行政规范性文件。载荷里有各个文本和各种关系：哪一天该用哪一个，页面自己说得清。"""

    code = "norm"
    label = "规范性文件"
    schema_version = 1
    template = "website/norm.html"
    library = Library(
        "/norms/", "规章和规范性文件库", "website/norms.html",
        "现行有效的规章和行政规范性文件集中在这里，附文字版和图片版；失效、废止的另有一页。",
    )  # fmt: skip
    model = Norm

    def payload(self, record: Norm) -> dict[str, Any]:
        """公众将看到的内容，照 ``shown_day`` 那一天的样子。五次查询。"""
        day = shown_day(record)
        verdict = record.verdict(day)
        spans = periods_of(record)
        content = content_of(record, day)
        return {
            "title": record.title,
            "type": record.kind,
            "form": KINDS[record.kind],
            "document_number": record.document_number,
            "register_number": record.register_number,
            "issuers": record.issuers,
            "subject": record.subject_label,
            "stage": record.stage,
            "disclosure": "proactive",
            "validity": verdict.validity,
            "since": _iso(verdict.since),
            "written_on": _iso(record.promulgated_on),
            "issued_on": _iso(record.promulgated_on),
            "effective_on": _iso(record.effective_on),
            "ceases_on": _iso(record.ceases_on),
            "ended_basis": record.ended_basis,
            "annotation": content.annotation,
            "texts": [_text(span) for span in spans],
            "relations": [_relation(each) for each in relations_of(record)],
            "changed_by": _changes(record),
            "filing": _filing(record),
            "is_demonstration": record.is_demonstration,
            "body": list(content.body),
        }

    def attachments(self, record: Norm) -> Sequence[Made]:
        """文字版、图片版。"""
        digest = content_digest(content_of(record, shown_day(record)))
        made = record.typeset.filter(digest=digest).first()
        if made is None:
            return []
        found = [Made(f"{record.title}.docx", made.word, made.word_size, DOCX)]
        if made.pdf:
            found.append(Made(f"{record.title}.pdf", made.pdf, made.pdf_size, PDF))
        return found

    def is_being_revised(self, record: Norm) -> bool:
        """修订中，或者别的文件改了它的效力、公开页面正要跟上。"""
        return record.state == "revising" or record.is_stale

    def page_context(self, payload: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
        """各个文本和它们之间的对照。"""
        return page_of(payload)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _text(span: Period) -> dict[str, Any]:
    """一个文本和它管用的日子。"""
    return {
        "since": span.start.isoformat(),
        "until": _iso(span.last),
        "by": span.text.by,
        "document_number": span.text.number,
        "articles": span.text.articles,
        "body": list(span.text.body),
    }


def _relation(each: NormRelation) -> dict[str, Any]:
    norm, upper = each.target, each.upper
    return {
        "type": each.kind,
        "word": RELATIONS[each.kind],
        "title": each.other.title,
        "document_number": each.other.document_number,
        "sort": "" if upper is None else UPPER_KINDS[upper.kind],
        "href": "" if upper is None else upper.href,
        "articles": each.target_articles,
        "own_articles": each.source_articles,
        "on": _iso(each.takes_effect) if each.kind in ("amends", "repeals") else None,
        "index_number": _index_number(norm) if norm is not None else "",
    }


def _changes(record: Norm) -> list[dict[str, Any]]:
    """修改、废止了它的文件，按施行的先后。"""
    rows = [*amendments_of(record), *changes_to([record], "repeals")]
    return [
        {
            "type": each.kind,
            "word": REVERSED[each.kind],
            "title": each.source.title,
            "document_number": each.source.document_number,
            "articles": each.target_articles,
            "on": _iso(each.settled_on),
            "index_number": _index_number(each.source),
        }
        for each in sorted(rows, key=lambda each: (each.settled_on or date.max, each.pk))
    ]


def _index_number(norm: Norm) -> str:
    found = Publication.objects.filter(
        kind=NormKind.code, source_label=Norm._meta.label_lower, source_id=norm.pk
    ).values_list("index_number", flat=True)
    return found.first() or ""


def _filing(record: Norm) -> dict[str, Any] | None:
    if record.filed_on is None:
        return None
    return {
        "on": record.filed_on.isoformat(),
        "with": record.filed_with,
        "number": record.filing_number,
    }


HEADER = ("序号", "标题", "发文字号", "理由")
ORDINALS = "一二三四"


class CleanUpKind(PublicationKind):
    """清理的结果：继续有效、修订、失效、废止四张清单。"""

    code = "clean_up"
    label = "清理结果"
    schema_version = 1
    template = "website/record.html"
    model = CleanUp

    def payload(self, record: CleanUp) -> dict[str, Any]:
        """公众将看到的内容。一次查询。"""
        items = list(record.items.select_related("norm"))
        on = record.takes_effect_on
        return {
            "title": record.title,
            "document_number": record.document_number,
            "form": "其他",
            "subject": "",
            "stage": record.stage,
            "validity": None,
            "disclosure": "proactive",
            "written_on": _iso(on),
            "issued_on": _iso(on),
            "is_demonstration": record.is_demonstration,
            "body": [_plain(record.basis), _plain(_summary(items, on)), *_lists(items)],
        }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "style": "plain", "text": text}


def _summary(items: Sequence[CleanUpItem], on: date | None) -> str:
    counts = "，".join(
        f"{label} {sum(item.conclusion == code for item in items)} 件"
        for code, label in CONCLUSIONS.items()
    )
    since = f"，自 {on.isoformat()} 起生效" if on else ""
    return f"共清理 {len(items)} 件：{counts}{since}。"


def _lists(items: Sequence[CleanUpItem]) -> list[dict[str, Any]]:
    """四张清单，空的写明没有。"""
    blocks: list[dict[str, Any]] = []
    for ordinal, (code, label) in zip(ORDINALS, CONCLUSIONS.items(), strict=True):
        chosen = [item for item in items if item.conclusion == code]
        heading = f"{ordinal}、{label}的目录（{len(chosen)} 件）"
        blocks.append({"type": "heading", "level": 2, "text": heading})
        if not chosen:
            blocks.append(_plain("没有。"))
            continue
        rows = [
            [str(number), item.norm.title, item.norm.document_number, _reason(item)]
            for number, item in enumerate(chosen, 1)
        ]
        blocks.append({"type": "table", "rows": [list(HEADER), *rows]})
    return blocks


def _reason(item: CleanUpItem) -> str:
    longer = f"失效日期延长到 {item.ceases_on.isoformat()}。" if item.ceases_on else ""
    return item.reason + longer
