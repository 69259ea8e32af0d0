"""docx：段落、表格、文本框按次序读出，自动编号写进文字，页眉页脚另放。纯函数。"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from .extracted import ExtractedText, Unreadable, flatten, paragraph
from .list_numbers import Numbering, numbering_of, read_numbering
from .plain_text import normalise

MAX_PART = 64 * 1024 * 1024
"""解压后单个部件的上限（字节）。"""
_BROKEN = "文件已经损坏，打不开。请用 Word 或 WPS 打开后另存为 docx 再上传。"
_TOO_LARGE = "文件解压后过大，可能有问题。请另存为 docx 后再上传。"
_SKIPPED = frozenset({"Fallback", "pPr", "rPr", "delText", "del", "moveFrom", "instrText", "rt"})
_TAIL_PARTS = ("word/footnotes.xml", "word/endnotes.xml")


def read_docx(data: bytes) -> ExtractedText:
    """读 docx；打不开的抛出 ``Unreadable``。"""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Reader(archive).read()
    except (zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, OSError, ValueError) as error:
        raise Unreadable(_BROKEN) from error
    except (NotImplementedError, RuntimeError, KeyError) as error:
        raise Unreadable(_BROKEN) from error


@dataclass
class _Reader:
    archive: zipfile.ZipFile
    blocks: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    numbering: Numbering = field(default_factory=Numbering)
    hidden: bool = False

    def read(self) -> ExtractedText:
        names = self.archive.namelist()
        document = self.part(self.main_part(names))
        if document is None:
            raise Unreadable(_BROKEN)
        self.numbering = read_numbering(
            self.part("word/numbering.xml"), self.part("word/styles.xml")
        )
        body = document.find("{*}body")
        self.take(document if body is None else body, self.blocks)
        self.take_notes()
        if self.hidden:
            self.warnings.append("文件里有隐藏文字，没有读取；请确认是否应当删除。")
        return ExtractedText(
            flatten(self.blocks), tuple(self.blocks), tuple(self.warnings), self.margins(names)
        )

    def main_part(self, names: list[str]) -> str:
        """正文部件一般是 word/document.xml，个别软件另起名字，写在关系里。"""
        if "word/document.xml" in names:
            return "word/document.xml"
        relations = self.part("_rels/.rels")
        for relation in relations if relations is not None else ():
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
        return "word/document.xml"

    def part(self, name: str) -> Any:
        """一个部件的根元素；没有则为 ``None``。不展开实体，不上网，有大小上限。"""
        try:
            with self.archive.open(name) as stream:
                content = stream.read(MAX_PART + 1)
        except KeyError:
            return None
        if len(content) > MAX_PART:
            raise Unreadable(_TOO_LARGE)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(content, parser)

    def margins(self, names: list[str]) -> tuple[str, ...]:
        """页眉、页脚里的文字。"""
        found: list[str] = []
        for name in sorted(names):
            if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name):
                root = self.part(name)
                blocks: list[dict[str, Any]] = []
                self.take(root, blocks)
                text = flatten(blocks).strip()
                if text and text not in found:
                    found.append(text)
        return tuple(found)

    def take_notes(self) -> None:
        """脚注和尾注接在正文之后。"""
        for name in _TAIL_PARTS:
            root = self.part(name)
            for note in root if root is not None else ():
                kind = [v for k, v in note.attrib.items() if k.rpartition("}")[2] == "type"]
                if not kind:
                    self.take(note, self.blocks)

    def take(self, parent: Any, blocks: list[dict[str, Any]]) -> None:
        """逐个读出段落和表格；内容控件等容器拆开。"""
        for element in parent:
            match _name(element):
                case "p":
                    self.take_paragraph(element, blocks)
                case "tbl":
                    self.take_table(element, blocks)
                case (
                    "sdt" | "sdtContent" | "customXml" | "smartTag" | "AlternateContent" | "Choice"
                ):
                    self.take(element, blocks)
                case _:
                    pass

    def take_paragraph(self, element: Any, blocks: list[dict[str, Any]]) -> None:
        text = self.number(element) + self.text(element)
        for line in normalise(text).split("\n"):
            if line.strip():
                blocks.append(paragraph(line.strip(" ")))
        for box in _text_boxes(element):
            self.take(box, blocks)

    def number(self, element: Any) -> str:
        """自动编号：段落自己写的优先，其次看样式。``numId`` 为 0 表示取消编号。"""
        style = element.find("{*}pPr/{*}pStyle")
        styled: tuple[str | None, int | None] = (None, None)
        if style is not None:
            styled = self.numbering.styled.get(next(iter(style.attrib.values()), ""), styled)
        properties = element.find("{*}pPr/{*}numPr")
        own = numbering_of(properties) if properties is not None else (None, None)
        list_id = own[0] if own[0] is not None else styled[0]
        level = own[1] if own[1] is not None else styled[1] or 0
        if not list_id or list_id == "0" or not self.text(element).strip():
            return ""
        return self.numbering.label(list_id, level)

    def text(self, element: Any) -> str:
        """一段之内的文字，不含文本框和被删掉的字。"""
        pieces: list[str] = []
        for child in element:
            name = _name(child)
            if name in _SKIPPED:
                continue
            if name == "r" and _is_hidden(child):
                self.hidden = True
                continue
            match name:
                case "t":
                    pieces.append(child.text or "")
                case "tab" | "ptab":
                    pieces.append("\t")
                case "br" | "cr":
                    pieces.append("\n")
                case "noBreakHyphen":
                    pieces.append("-")
                case "txbxContent":
                    pass
                case "":
                    pass
                case _:
                    pieces.append(self.text(child))
        return "".join(pieces)

    def take_table(self, element: Any, blocks: list[dict[str, Any]]) -> None:
        rows: list[list[str]] = []
        boxed: list[list[dict[str, Any]]] = []
        for row in _rows(element):
            cells: list[str] = []
            for cell in _cells(row):
                inside: list[dict[str, Any]] = []
                self.take(cell, inside)
                boxed.append(inside)
                merged = cell.find("{*}tcPr/{*}vMerge")
                continued = merged is not None and "restart" not in merged.attrib.values()
                cells.append("" if continued else _one_line(inside))
                cells += [""] * (_span(cell) - 1)
            if any(cells):
                rows.append(cells)
        if rows and max(len(row) for row in rows) > 1:
            width = max(len(row) for row in rows)
            blocks.append(
                {"type": "table", "rows": [row + [""] * (width - len(row)) for row in rows]}
            )
        else:
            # 只有一栏的表是排版用的框，里面是普通段落
            for inside in boxed:
                blocks.extend(inside)


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _is_hidden(run: Any) -> bool:
    mark = run.find("{*}rPr/{*}vanish")
    return mark is not None and not {"0", "false", "off"} & set(mark.attrib.values())


def _text_boxes(element: Any) -> list[Any]:
    """段里的文本框；同一个框为新旧软件各存了一份，只取新的；框中框由里层自己取。"""
    return [
        box
        for box in element.iter("{*}txbxContent")
        if not any(_name(a) in ("Fallback", "txbxContent") for a in _ancestors_within(box, element))
    ]


def _ancestors_within(element: Any, top: Any) -> list[Any]:
    found = []
    for ancestor in element.iterancestors():
        if ancestor is top:
            break
        found.append(ancestor)
    return found


def _rows(table: Any) -> list[Any]:
    return [row for row in table.iter("{*}tr") if _nearest(row, "tbl") is table]


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row.iter("{*}tc") if _nearest(cell, "tr") is row]


def _nearest(element: Any, name: str) -> Any:
    return next(element.iterancestors("{*}" + name), None)


def _span(cell: Any) -> int:
    span = cell.find("{*}tcPr/{*}gridSpan")
    value = "" if span is None else next(iter(span.attrib.values()), "")
    return min(int(value), 64) if value.isdigit() and int(value) > 0 else 1


def _one_line(blocks: list[dict[str, Any]]) -> str:
    return re.sub(r"\s+", " ", flatten(blocks)).strip()
