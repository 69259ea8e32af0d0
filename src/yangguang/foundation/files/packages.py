"""看压缩包一类的文件（docx、xlsx、ofd）能不能收：炸弹、加密、宏、修订、夹带。只读文件本身。"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from .rules import (
    DOCX,
    MAX_EXPANDED_BYTES,
    MAX_MEMBERS,
    MAX_RATIO,
    MEGABYTE,
    OFD,
    XLSX,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""旧版 Office 文件、嵌入对象的开头。"""
DEEPEST = 3
"""文件里套文件，最多几层。"""
LONGEST_NAME = 500
"""成员的名称最长多少字；正常的不到一百。"""


@dataclass(frozen=True)
class Inspection:
    """查看的结果。``media_type`` 认不出时为空；``refusals`` 为空才可以收。"""

    media_type: str
    refusals: tuple[str, ...]
    bare: tuple[str, int] | None = None
    """去掉了拍摄信息、供上网的一份：摘要、字节数；没有什么要去掉的为空。"""


class _Refusal(Exception):  # noqa: N818  说的是文件
    """不能收，缘由一句。"""


_BROKEN = "文件已损坏，打不开，请重新保存后再传。"
_LOCKED = "文件里有加密的内容，请去掉密码后再传。"
_MARKUP = "文件内部结构已损坏，请用 Word 或 WPS 重新保存后再传。"
_BOMB = "文件展开后异常庞大，疑为压缩炸弹，不能接收。"
_MACRO = "文件里带有宏，请另存为不含宏的 docx 或 xlsx 后再传。"
_ADDED = "文件里夹带了别的内容，请用 Word 或 WPS 重新保存后再传。"
_PROGRAM = "文件里带有程序，请删去后再传。"
_OBJECT = "文件里嵌着别的文件（插入的对象），请删去后再传，要公开的另作附件。"
_PAGE = "文件里嵌着网页，请把文字粘贴成普通的段落后再传。"
_OUTSIDE = "文件引用了外面的模板或对象，打开时会去取，请断开链接、重新保存后再传。"
_NAMES = "文件内部的名称不对，可能被人改过，请用 Word 或 WPS 重新保存后再传。"

_WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_REVISIONS = tuple(
    word + name
    for word in _WORD
    for name in (
        "ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "rPrChange",
        "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange",
    )
)  # fmt: skip
_COMMENTS = tuple(word + "comment" for word in _WORD)
_MACRO_TYPES = re.compile(rb"macroEnabled|ms-office\.vbaProject|intlMacrosheet|\.macrosheet", re.I)
_MACRO_PARTS = re.compile(r"vbaproject[^/]*\.bin$|/macrosheets/|/activex/|^customui/", re.I)
_PROGRAMS = re.compile(
    r"\.(?:exe|dll|scr|com|bat|cmd|ps1|vbs|js|jse|wsf|hta|lnk|msi|jar|class)$", re.I
)
_PAGES = re.compile(r"\.(?:html?|xhtml|mht|mhtml)$", re.I)
_EXTERNAL = ("attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk")
"""会在打开时自己去取的几种引用；超链接、图片不在其中。"""


def inspect_package(file: Path | BinaryIO) -> Inspection:
    """查看压缩包一类的文件；``file`` 可以是还没有落盘的字节流。"""
    return _inspect(file, MAX_EXPANDED_BYTES, 1)


def _inspect(file: Path | BinaryIO, room: int, depth: int) -> Inspection:
    """``room`` 是还许展开多少字节，``depth`` 是套在第几层。"""
    media_type = ""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            media_type = _media_type(names)
            refusals = list(_refusals(archive, members, names, media_type, room))
            if not refusals and media_type == DOCX:
                refusals += _revision_refusals(archive, names)
            if not refusals and media_type:
                _read_through(archive, members, room, depth)
    except _Refusal as refusal:
        return Inspection(media_type, (str(refusal),))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        return Inspection("", (_BROKEN,))
    except RuntimeError:
        return Inspection("", (_LOCKED,))
    except etree.XMLSyntaxError:
        return Inspection("", (_MARKUP,))
    return Inspection(media_type, tuple(refusals))


def _media_type(names: set[str]) -> str:
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    if "OFD.xml" in names:
        return OFD
    return ""


def _refusals(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    names: set[str],
    media_type: str,
    room: int,
) -> Iterator[str]:
    if any(member.flag_bits & 1 for member in members):
        yield _LOCKED
        return
    if len(members) > MAX_MEMBERS or _expands_too_much(members, room):
        yield _BOMB
        return
    if not media_type:
        yield "不接收压缩包，请逐个上传其中的文件。"
        return
    if len(names) < len(members) or not all(map(_is_proper, members)):
        yield _NAMES
    elif _has_more_around(archive, members):
        yield _ADDED
    if any(_MACRO_PARTS.search(name) for name in names) or _says_macros(archive, names):
        yield _MACRO
    if any(_PROGRAMS.search(name) for name in names):
        yield _PROGRAM
    if any(_PAGES.search(name) for name in names):
        yield _PAGE


def _expands_too_much(members: list[zipfile.ZipInfo], room: int) -> bool:
    return sum(member.file_size for member in members) > room or any(
        member.file_size > MEGABYTE and member.file_size > MAX_RATIO * max(member.compress_size, 1)
        for member in members
    )


def _is_proper(member: zipfile.ZipInfo) -> bool:
    """成员的名称：相对的，不往上走，没有看不见的字符。``filename`` 在 NUL 处截断过，看原来的。"""
    name = member.orig_filename
    parts = name.rstrip("/").split("/")
    return (
        len(name) <= LONGEST_NAME
        and name.isprintable()
        and "\\" not in name
        and ":" not in name
        and not {"", ".", ".."} & set(parts)
    )


def _has_more_around(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> bool:
    """压缩包的前面、后面还有别的内容：换一个程序打开，就是另一种文件。"""
    if archive.comment or min(member.header_offset for member in members):
        return True
    stream = archive.fp
    if stream is None:
        return False
    stream.seek(-22, io.SEEK_END)
    return bytes(stream.read(4)) != b"PK\x05\x06"


def _says_macros(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """类型表里写着有宏：宏的部件可以叫任何名字。"""
    part = "[Content_Types].xml"
    return part in names and bool(_MACRO_TYPES.search(archive.read(part)))


def _revision_refusals(archive: zipfile.ZipFile, names: set[str]) -> list[str]:
    parts = sorted(name for name in names if re.fullmatch(r"word/[^.]*\.xml", name, re.I))
    for part in parts:
        if _holds(archive, part, _REVISIONS):
            return ["文件里有未处理的修订，请全部接受或拒绝修订后再传。"]
    for part in parts:
        if _holds(archive, part, _COMMENTS):
            return ["文件里有批注，请删去批注后再传。"]
    return []


def _holds(archive: zipfile.ZipFile, part: str, tags: tuple[str, ...]) -> bool:
    with archive.open(part) as stream:
        found = etree.iterparse(
            stream, events=("start",), tag=tags, resolve_entities=False, no_network=True
        )
        return next(iter(found), None) is not None


def _read_through(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], room: int, depth: int
) -> None:
    """照实展开一遍：目录里写的大小可以造假；套着的文件照样查。不能收抛出 ``_Refusal``。"""
    for member in members:
        with archive.open(member) as stream:
            head = stream.read(MEGABYTE)
            whole = head if head.startswith((b"PK\x03\x04", OLE)) else b""
            room -= len(head)
            while room >= 0 and (chunk := stream.read(MEGABYTE)):
                room -= len(chunk)
                whole = whole + chunk if whole else b""
        if room < 0:
            raise _Refusal(_BOMB)
        if head.startswith((b"MZ", b"\x7fELF")):
            raise _Refusal(_PROGRAM)
        if whole.startswith(OLE):
            _look_at_object(whole)
        elif whole:
            room -= _look_at_inner(whole, room, depth)
        elif member.filename.endswith(".rels"):
            _look_at_links(head)
        elif member.filename.endswith(".xml") and b"<!DOCTYPE" in head:
            raise _Refusal(_MARKUP)


def _look_at_object(content: bytes) -> None:
    """嵌着的旧式对象：公式、图表可以有，装着别的文件的、带宏的不行。"""
    if "Ole10Native".encode("utf-16-le") in content:
        raise _Refusal(_OBJECT)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _Refusal(_MACRO)


def _look_at_inner(content: bytes, room: int, depth: int) -> int:
    """套着的一份，返回它展开有多少字节。"""
    if depth >= DEEPEST:
        raise _Refusal("文件里一层套一层，套得太深，不能接收。")
    inner = _inspect(io.BytesIO(content), room, depth + 1)
    if inner.refusals:
        raise _Refusal(f"文件里嵌着的另一份不能收：{inner.refusals[0]}")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(member.file_size for member in archive.infolist())


def _look_at_links(content: bytes) -> None:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    for link in root.iter("{*}Relationship"):
        kind = str(link.get("Type", "")).rpartition("/")[2]
        if kind == "aFChunk":
            raise _Refusal(_PAGE)
        if kind in _EXTERNAL and link.get("TargetMode") == "External":
            raise _Refusal(_OUTSIDE)
