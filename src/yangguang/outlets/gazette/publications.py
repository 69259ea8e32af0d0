"""一期公报这一种信息：载荷、模板。"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from yangguang.hub.publications.kinds import Library, PublicationKind, Reading

from .models import GazetteIssue, GazetteScan
from .past import NO_TEXT, SOURCE
from .rules import SECTIONS
from .selectors import articles_of, beside, print_of, scan_of

PDF = "application/pdf"


@dataclass
class Made:
    """排好的 PDF，作为信息的附件。"""

    name: str
    sha256: str
    size: int
    media_type: str


class GazetteIssueKind(PublicationKind):
    """电子公报：目录通到各篇的标准文本，每篇注明刊登版本的校验码；附付印的 PDF。"""

    code = "gazette_issue"
    label = "政府公报"
    schema_version = 2
    template = "website/gazette_issue.html"
    is_periodical = True
    library = Library(
        "/gazette/", "政府公报", "website/gazette.html",
        "各期公报按年份集中在这里；各期和所刊的文件可以只在公报里检索。", has_past=False,
    )  # fmt: skip
    model = GazetteIssue

    def payload(self, record: GazetteIssue) -> dict[str, Any]:
        """公众将看到的内容。"""
        dated = record.dated_on.isoformat() if record.dated_on else None
        articles, scan = articles_of(record), scan_of(record)
        return {
            "title": str(record),
            "form": "其他",
            "document_number": "",
            "subject": "",
            "stage": "decision",
            "validity": None,
            "disclosure": "proactive",
            "written_on": dated,
            "issued_on": dated,
            "running": record.running,
            "licence": record.licence,
            "sections": [
                {
                    "name": SECTIONS[section],
                    "articles": [
                        {
                            "title": each.title,
                            "document_number": each.number,
                            "index_number": each.index_number,
                            "version": each.version,
                            "digest": each.digest,
                        }
                        for each in rows
                    ],
                }
                for section, rows in groupby(articles, lambda each: each.section)
            ],
            "past": _past(scan) if scan else None,
            "is_demonstration": record.is_demonstration,
            "body": _past_body(scan)
            if scan
            else [
                block
                for section, rows in groupby(articles, lambda each: each.section)
                for block in _body(SECTIONS[section], [each.title for each in rows])
            ],
        }

    def links(self, payload: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        """刊登的各篇，按刊登的次序。"""
        return [
            (each["index_number"], "prints")
            for section in payload["sections"]
            for each in section["articles"]
        ]

    def page_context(self, payload: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
        """上一期、下一期。至多四次查询。"""
        earlier, later = beside(payload["organisation"]["code"], payload["running"])
        return {"earlier": earlier, "later": later}

    def attachments(self, record: GazetteIssue) -> Sequence[Made]:
        """付印的 PDF，往期收入的 PDF。"""
        if (scan := scan_of(record)) is not None:
            return [Made(f"{record}.pdf", scan.file.sha256, scan.file.size, PDF)]
        made = print_of(record, articles_of(record))
        if made is None or made.step != "made":
            return []
        return [Made(f"{record}.pdf", made.pdf, made.size, PDF)]


def _past(scan: GazetteScan) -> dict[str, Any]:
    """往期的 PDF 的样子。"""
    return {"pages": scan.pages, "has_text": scan.has_text, "contents": scan.contents}


def _past_body(scan: GazetteScan) -> list[dict[str, Any]]:
    """往期的目录的文字，供检索；PDF 里的文字由检索自己读。"""
    told = f"{SOURCE}，PDF，{scan.pages}页。" + ("" if scan.has_text else f"{NO_TEXT}。")
    lines = [told, *(str(each["title"]) for each in scan.contents)]
    return [{"type": "paragraph", "style": "flush", "text": line} for line in lines]


def _body(section: str, titles: Sequence[str]) -> list[dict[str, Any]]:
    """目录的文字，供检索。"""
    lines = [{"type": "paragraph", "style": "flush", "text": title} for title in titles]
    return [{"type": "heading", "level": 2, "text": section}, *lines]
