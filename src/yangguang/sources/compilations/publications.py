"""一部汇编这一种信息：载荷、附件。"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yangguang.foundation.files.rules import DOCX
from yangguang.hub.publications.kinds import PublicationKind

from .models import Compilation
from .selectors import contents_of, files_of, made_of
from .typesetting import Book, Text, one_line

PDF = "application/pdf"


@dataclass
class Attached:
    """排好的一份，作为信息的附件。"""

    name: str
    sha256: str
    size: int
    media_type: str


class CompilationKind(PublicationKind):
    """文件汇编：目录、索引通到各份的现行文本，注明状态；附文字版和 PDF。"""

    code = "compilation"
    label = "文件汇编"
    schema_version = 1
    template = "website/compilation.html"
    model = Compilation

    def payload(self, record: Compilation) -> dict[str, Any]:
        """公众将看到的内容。"""
        book = contents_of(record)
        texts = book.texts
        return {
            "title": record.title,
            "form": "其他",
            "document_number": "",
            "subject": "",
            "stage": "decision",
            "validity": None,
            "disclosure": "proactive",
            "written_on": None,
            "issued_on": None,
            "about": record.about,
            "sections": [
                {"name": label, "texts": [_listed(each) for each in held]}
                for label, held in book.groups
            ],
            "by_number": [_listed(texts[place - 1]) for place in book.by_number],
            "by_title": [_listed(texts[place - 1]) for place in book.by_title],
            "is_demonstration": record.is_demonstration,
            "body": _body(book),
        }

    def attachments(self, record: Compilation) -> Sequence[Attached]:
        """文字版、PDF；内容变了、还没有重新排好的没有。"""
        made = made_of(record, contents_of(record))
        if made is None or made.step != "made":
            return []
        return [
            Attached(f"{record.title}.docx", made.word, made.word_size, DOCX),
            Attached(f"{record.title}.pdf", made.pdf, made.pdf_size, PDF),
        ]

    def is_being_revised(self, record: Compilation) -> bool:
        """所收的文件变了，公开页面正要跟上。"""
        return not files_of(record, contents_of(record))


def _listed(text: Text) -> dict[str, str]:
    return {
        "title": one_line(text.title),
        "document_number": text.number,
        "note": text.note,
        "status": text.validity,
        "index_number": text.index_number,
    }


def _body(book: Book) -> list[dict[str, Any]]:
    """目录的文字，供检索。"""
    blocks: list[dict[str, Any]] = [_plain(f"共收 {book.total} 份。")]
    for label, texts in book.groups:
        blocks.append({"type": "heading", "level": 2, "text": label})
        blocks += [_plain(one_line(each.title)) for each in texts]
    return blocks


def _plain(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "style": "flush", "text": text}
