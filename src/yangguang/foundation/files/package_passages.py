"""docx、xlsx、ofd 里的每一处文字：逐个部件翻遍，不只看正文。纯函数。"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import IO, Any

from lxml import etree

from .extracted import Passage, Reading, Unreadable
from .packages import inspect_package
from .plain_text import normalise
from .rules import DOCX, XLSX

DEEPEST = 3
"""文件里嵌文件，最多往里看这么多层。"""
_BROKEN = "文件内部结构已损坏，请用 Word 或 WPS 重新保存后再传。"
_MEDIA = re.compile(r"(?:word|xl)/media/")
EMBEDDED = re.compile(r"(?:word|xl)/embeddings/")
_RELATIONS = re.compile(r"(?:.*/)?_rels/[^/]*\.rels")
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_PARTS = {
    "document": "",
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comment": "批注",
    "comments": "批注",
    "threadedComment": "批注",
    "drawing": "图形里的文字",
    "chart": "图表",
    "core": "文件属性",
    "app": "文件属性",
    "custom": "文件属性",
}
"""部件名（去掉编号）对人怎么说。"""
SPOKEN = frozenset({"t", "delText", "instrText", "v", "text"})
"""放文字的元素：正文、删去的、域、图表里的值、批注。"""
_BLANKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_package(content: bytes, media_type: str, depth: int = 1) -> Reading:
    """读 docx 或 xlsx；结构损坏的抛出 ``Unreadable``。"""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            package = _Package(archive, media_type, depth)
            return Reading(tuple(package.passages()), tuple(package.unread()))
    except (
        zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, OSError, ValueError, KeyError,
        RuntimeError, NotImplementedError,
    ) as error:  # fmt: skip
        raise Unreadable(_BROKEN) from error


def read_ofd(content: bytes) -> Reading:
    """读 ofd：各页的文字，一页一处。结构损坏的抛出 ``Unreadable``。"""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found: list[Passage] = []
            pages = sorted(
                (name for name in archive.namelist() if name.endswith("/Content.xml")), key=_order
            )
            for number, name in enumerate(pages, 1):
                with archive.open(name) as stream:
                    codes = [e.text or "" for e in _elements(stream) if local_name(e) == "TextCode"]
                found += _passage(f"第 {number} 页", "".join(codes))
            for name in archive.namelist():
                if name in ("OFD.xml",) or name.endswith("/Annotation.xml"):
                    with archive.open(name) as stream:
                        texts = [e.text or "" for e in _elements(stream)]
                    found += _passage("文件属性和批注", "\n".join(filter(str.strip, texts)))
    except (
        zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, OSError, ValueError, RuntimeError,
    ) as error:  # fmt: skip
        raise Unreadable(_BROKEN) from error
    return Reading(
        tuple(found), () if found else ("这份 ofd 里没有文字，可能是扫描图像，请人看。",)
    )


@dataclass
class _Package:
    archive: zipfile.ZipFile
    media_type: str
    depth: int
    used: set[int] = field(default_factory=set)
    """单元格用到了字符串表里的哪几条。"""

    def passages(self) -> Iterator[Passage]:
        names = self.archive.namelist()
        is_book = self.media_type == XLSX
        for name in names:
            if is_book and SHEET.fullmatch(name):
                yield from self.sheet(name)
            elif is_book and name == "xl/sharedStrings.xml":
                continue
            elif _RELATIONS.fullmatch(name):
                yield from self.links(name)
            elif EMBEDDED.match(name):
                yield from self.embedded(name)
            elif name.endswith(".xml") and name != "[Content_Types].xml":
                yield from self.part(name)
        for number, text in enumerate(self.strings):
            if number not in self.used:
                yield from _passage("表里已经删去、文件里还留着的字", text)

    def unread(self) -> Iterator[str]:
        names = self.archive.namelist()
        pictures = sum(1 for name in names if _MEDIA.match(name))
        if pictures:
            yield f"里面有 {pictures} 张图片，图上的文字机器读不出，请人看。"
        if any(EMBEDDED.match(name) and self.package_in(name) is None for name in names):
            yield "里面嵌着别的软件的文件，机器读不出，请人看。"

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(name)

    def part(self, name: str) -> Iterator[Passage]:
        """一个 XML 部件：有段落的一段一处，没有的（文件属性）一项一处。"""
        kind = _PARTS.get(re.sub(r"\d+$", "", name.rsplit("/", 1)[-1].removesuffix(".xml")))
        with self.open(name) as stream:
            root = etree.parse(stream, _PARSER()).getroot()
        label = f"其他部分（{name}）" if kind is None else kind
        if name.startswith(("docProps/", "customXml/")):
            for text in root.itertext():
                yield from _passage("文件属性", text)
        elif name.startswith("xl/pivotCache/"):
            for element in root.iter("{*}s"):
                yield from _passage("透视表里留着的数据", element.get("v", ""))
        else:
            yield from _paragraphs(root, label)

    def links(self, name: str) -> Iterator[Passage]:
        """指到文件外面的链接：地址里也可能有号码。"""
        with self.open(name) as stream:
            for element in _elements(stream):
                if element.get("TargetMode") == "External":
                    yield from _passage("链接地址", element.get("Target", ""))

    def package_in(self, name: str) -> tuple[bytes, str] | None:
        """嵌在里面的 docx、xlsx；别的为 ``None``。"""
        content = self.archive.read(name)
        if not content.startswith(b"PK") or self.depth >= DEEPEST:
            return None
        inspection = inspect_package(io.BytesIO(content))
        known = inspection.media_type in (DOCX, XLSX) and not inspection.refusals
        return (content, inspection.media_type) if known else None

    def embedded(self, name: str) -> Iterator[Passage]:
        inner = self.package_in(name)
        if inner is not None:
            for each in read_package(*inner, depth=self.depth + 1).passages:
                yield Passage(f"嵌入的文件{each.place}", each.text)

    # ---- 工作表 ----

    @cached_property
    def strings(self) -> list[str]:
        """共用的字符串表。"""
        if self.media_type != XLSX or "xl/sharedStrings.xml" not in self.archive.namelist():
            return []
        with self.open("xl/sharedStrings.xml") as stream:
            return [_text_in(e) for e in _elements(stream, "si")]

    def sheet_name(self, part: str) -> str:
        with self.open("xl/workbook.xml") as stream:
            names = {_relation_id(e): e.get("name", "") for e in _elements(stream, "sheet")}
        try:
            with self.open("xl/_rels/workbook.xml.rels") as stream:
                targets = {e.get("Id"): e.get("Target", "") for e in _elements(stream)}
        except KeyError:
            targets = {}
        for relation, target in targets.items():
            if relation in names and part.endswith(target.removeprefix("/").removeprefix("xl/")):
                return names[relation]
        return part.rsplit("/", 1)[-1].removesuffix(".xml")

    def sheet(self, name: str) -> Iterator[Passage]:
        """一张工作表：一格一处，隐藏的表、行、列也看；另看打印的页眉页脚。"""
        where = f"工作表“{self.sheet_name(name)}”"
        with self.open(name) as stream:
            for element in _elements(stream):
                match local_name(element):
                    case "c":
                        place = f"{where}{element.get('r', '')}"
                        yield from _passage(place, self.cell(element))
                    case "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter":
                        yield from _passage(f"{where}的页眉页脚", element.text or "")
                    case _:
                        pass

    def cell(self, cell: Any) -> str:
        """一格里的字。"""
        value = cell.findtext("{*}v") or ""
        match cell.get("t"):
            case "s":
                place = int(value) if value.isdigit() else len(self.strings)
                self.used.add(place)
                return self.strings[place] if place < len(self.strings) else ""
            case "inlineStr":
                return _text_in(cell)
            case "str" | "b" | "e" | "d":
                return value
            case _:
                return plain_number(value)


def _PARSER() -> etree.XMLParser:  # noqa: N802  解析器不能几处合用
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _elements(stream: IO[bytes], tag: str = "*") -> Iterator[Any]:
    """逐个读出元素，读过的随手清掉：几十万格的表也不占内存。"""
    wanted = "{*}" + tag if tag != "*" else None
    events = etree.iterparse(
        stream, events=("end",), tag=wanted, resolve_entities=False, no_network=True
    )
    inside = frozenset({"v", "t", "is", "r", "rPr", "rPh", "f"})
    for _, element in events:
        yield element
        if local_name(element) not in inside:
            element.clear(keep_tail=True)


def local_name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _relation_id(element: Any) -> str:
    return next((v for k, v in element.attrib.items() if k.endswith("}id")), "")


def _order(name: str) -> tuple[int, str]:
    number = re.search(r"Page_(\d+)/", name)
    return (int(number[1]) if number else 0, name)


def _passage(place: str, text: str) -> Iterable[Passage]:
    text = normalise(text)
    return (Passage(place, text),) if text.strip() else ()


def _text_in(element: Any) -> str:
    return "".join(e.text or "" for e in element.iter() if local_name(e) == "t")


def plain_number(value: str) -> str:
    """存成数字的身份证号、手机号写回成一串数字；别的数字照旧。"""
    try:
        exact = Decimal(value)
        whole = abs(exact) < Decimal(10) ** 20 and exact == exact.to_integral_value()
    except InvalidOperation:
        return value
    return str(int(exact)) if whole else value


def _paragraphs(root: Any, label: str) -> Iterator[Passage]:
    """一个部件里的段落，按次序数；在表里的说是第几行第几格。段里套着的段（文本框）各算各的。"""
    pieces: dict[Any, list[str]] = {}
    grid = _Grid()
    loose: list[str] = []
    for element in root.iter():
        name = local_name(element)
        if name in ("p", "comment", "threadedComment"):
            pieces[element] = []
        grid.count(element, name)
        text = _BLANKS.get(name, "")
        if name in SPOKEN:
            text = element.text or ""
        loose += [v for k, v in element.attrib.items() if k in ("descr", "title") and v.strip()]
        if text:
            owner = next((a for a in element.iterancestors() if a in pieces), None)
            (loose if owner is None else pieces[owner]).append(text)
    number = 0
    seen: set[str] = set()
    for element, found in pieces.items():
        text = "".join(found)
        # 文本框为新旧软件各存了一份，同样的只说一次
        if not text.strip() or text in seen and _is_fallback(element):
            continue
        seen.add(text)
        number += 1
        yield from _passage(label or grid.place(element) or f"第 {number} 段", text)
    for text in loose:
        yield from _passage(label or "图形的说明", text)


def _is_fallback(element: Any) -> bool:
    return any(local_name(a) == "Fallback" for a in element.iterancestors())


class _Grid:
    """表格里各行各格是第几：边走边数。"""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}
        self.inside: Counter[Any] = Counter()

    def count(self, element: Any, name: str) -> None:
        """走到一张表、一行、一格，记下是第几。"""
        above = {"tbl": None, "tr": "tbl", "tc": "tr"}
        if name in above:
            owner = next((a for a in element.iterancestors() if local_name(a) == above[name]), None)
            self.inside[owner] += 1
            self.numbers[element] = self.inside[owner]

    def place(self, element: Any) -> str:
        """这一段在哪张表的第几行第几格；不在表里为空。"""
        found: dict[str, int] = {}
        for ancestor in element.iterancestors():
            if ancestor in self.numbers:
                found.setdefault(local_name(ancestor), self.numbers[ancestor])
        if "tc" not in found:
            return ""
        return f"表 {found.get('tbl', 1)} 第 {found.get('tr', 1)} 行第 {found['tc']} 格"
