"""做一份改过字的副本：docx、xlsx、txt 里的每一处文字都过一遍，版式不动。纯函数。

改字的函数须保持长短不变（遮盖就是），所以分在几段格式里的一串号码，改完照原样分回去。
"""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from .extracted import Unreadable
from .package_passages import DEEPEST, EMBEDDED, SHEET, SPOKEN, local_name, plain_number
from .packages import inspect_package
from .plain_text import decode
from .rules import DOCX, XLSX

Change = Callable[[str], str]
_OWNERS = frozenset({"p", "si", "is", "comment", "threadedComment"})
"""文字分在里面几处、连起来才读得通的元素。"""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_OTHERS = "这种文件改不了里面的字，请换一份遮盖过的再传。"
_BROKEN = "文件内部结构已损坏，请用 Word 或 WPS 重新保存后再传。"


def changed_copy(content: bytes, change: Change) -> bytes:
    """``content`` 的副本，凡文字都由 ``change`` 改过；改不了的（pdf、图片、ofd）抛出 ``Unreadable``。"""
    if b"%PDF-" in content[:1024]:
        raise Unreadable(_OTHERS)
    if not content.startswith(b"PK"):
        return change(decode(content)).encode()
    inspection = inspect_package(io.BytesIO(content))
    if inspection.refusals or inspection.media_type not in (DOCX, XLSX):
        raise Unreadable("".join(inspection.refusals) or _OTHERS)
    try:
        return _package(content, change, 1)
    except (
        zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, OSError, ValueError, RuntimeError,
    ) as error:  # fmt: skip
        raise Unreadable(_BROKEN) from error


def _package(content: bytes, change: Change, depth: int) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if EMBEDDED.match(name) and part.startswith(b"PK") and depth < DEEPEST:
                part = _package(part, change, depth + 1)
            elif name.endswith((".xml", ".rels")):
                part = _Part(name, part, change).written()
            new.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


@dataclass
class _Part:
    name: str
    content: bytes
    change: Change
    touched: bool = False

    def written(self) -> bytes:
        """改过的部件；一个字也没有改的，原样。"""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(self.content, parser)
        # 先改数字：格子的值也在放文字的元素里，先改了就认不出它原是数字
        if SHEET.fullmatch(self.name):
            for cell in root.iter("{*}c"):
                self.change_number(cell)
        if self.name.startswith(("docProps/", "customXml/")):
            for element in root.iter():
                self.change_text([element])
        else:
            for elements in _spoken(root):
                self.change_text(elements)
        for element in root.iter():
            self.change_attributes(element)
        if not self.touched:
            return self.content
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def change_text(self, elements: list[Any]) -> None:
        """几个元素里连着的文字一起改，改完照原来的长短分回去。"""
        before = "".join(element.text or "" for element in elements)
        after = self.change(before)
        if after == before:
            return
        self.touched = True
        at = 0
        for element in elements:
            size = len(element.text or "")
            if size:
                element.text = after[at : at + size]
            at += size

    def change_number(self, cell: Any) -> None:
        """存成数字的号码，改过就存成文字。"""
        value = cell.find("{*}v")
        if value is None or cell.get("t", "n") != "n":
            return
        before = plain_number(value.text or "")
        after = self.change(before)
        if after != before:
            self.touched = True
            cell.set("t", "str")
            value.text = after

    def change_attributes(self, element: Any) -> None:
        """图形的说明、指到外面的链接、透视表里留着的数据。"""
        for name in ("descr", "title", "Target", "v"):
            before = element.get(name)
            if before and (after := self.change(before)) != before:
                self.touched = True
                element.set(name, after)


def _spoken(root: Any) -> Iterable[list[Any]]:
    """放文字的元素，同属一段的归在一起。"""
    groups: dict[Any, list[Any]] = {}
    for element in root.iter():
        if local_name(element) in SPOKEN and element.text:
            owner = next((a for a in element.iterancestors() if local_name(a) in _OWNERS), element)
            groups.setdefault(owner, []).append(element)
    return groups.values()
