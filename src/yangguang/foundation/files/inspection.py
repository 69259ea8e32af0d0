"""看一份文件能不能收：类型由内容判定，拒收的理由逐条说清。只读文件本身，不碰数据库。"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from .rules import (
    DOCX,
    MAX_BYTES,
    MAX_EXPANDED_BYTES,
    MAX_MEMBERS,
    MAX_RATIO,
    MEGABYTE,
    OFD,
    PDF,
    TEXT,
    XLSX,
    readable_size,
)
from .video import MP4, looks_like_mp4, video_faults


@dataclass(frozen=True)
class Inspection:
    """查看的结果。``media_type`` 认不出时为空；``refusals`` 为空才可以收。"""

    media_type: str
    refusals: tuple[str, ...]


_MAGIC = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REVISIONS = tuple(
    _WORD + name
    for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "rPrChange", "pPrChange")
)


def inspect_upload(path: Path, name: str) -> Inspection:
    """查看 ``path`` 处的文件；``name`` 只用在提示里。"""
    size = path.stat().st_size
    if size == 0:
        return Inspection("", ("文件是空的。",))
    if size > MAX_BYTES:
        return Inspection("", (too_large(size),))
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(_OLE):
        return Inspection("", (_ole_refusal(path),))
    if head.startswith(b"PK"):
        return inspect_package(path)
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return Inspection(media_type, tuple(_pdf_refusals(path) if media_type == PDF else ()))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Inspection("image/webp", ())
    if looks_like_mp4(head):
        with path.open("rb") as stream:
            return Inspection(MP4, tuple(video_faults(stream, size)))
    if _is_text(head):
        return Inspection(TEXT, ())
    return Inspection("", ("认不出这是什么文件；请上传 docx、xlsx、pdf、ofd、txt 或图片。",))


def too_large(size: int) -> str:
    """文件过大的提示。"""
    return (
        f"文件 {readable_size(size)}，超过 {MAX_BYTES // MEGABYTE} MB 的上限，请拆分或压缩后再传。"
    )


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head)


def _ole_refusal(path: Path) -> str:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "文件设了打开密码，请在 Word 或 WPS 中去掉密码后再传。"
    return "这是旧版 doc、xls 或 wps 格式，请另存为 docx 或 xlsx 后再传。"


def _pdf_refusals(path: Path) -> Iterator[str]:
    import pikepdf

    try:
        with pikepdf.open(path) as document:
            names = document.Root.get("/Names", pikepdf.Dictionary())
            if "/JavaScript" in names or "/EmbeddedFiles" in names:
                yield "PDF 里带有脚本或内嵌文件，请重新导出后再传。"
    except pikepdf.PasswordError:
        yield "PDF 设了打开密码，请去掉密码后再传。"
    except pikepdf.PdfError:
        yield "PDF 已损坏，打不开，请重新导出后再传。"


def inspect_package(file: Path | BinaryIO) -> Inspection:
    """查看压缩包一类的文件（docx、xlsx、ofd）；``file`` 可以是还没有落盘的字节流。"""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            media_type = _zip_media_type(names)
            refusals = list(_zip_refusals(members, names, media_type))
            if not refusals and media_type == DOCX:
                refusals += _revision_refusals(archive, names)
            if not refusals and media_type:
                _read_through(archive, members)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        return Inspection("", ("文件已损坏，打不开，请重新保存后再传。",))
    except RuntimeError:
        return Inspection("", ("文件里有加密的内容，请去掉密码后再传。",))
    except _Expanding:
        return Inspection("", (_BOMB,))
    except etree.XMLSyntaxError:
        return Inspection("", ("文件内部结构已损坏，请用 Word 或 WPS 重新保存后再传。",))
    return Inspection(media_type, tuple(refusals))


class _Expanding(Exception):
    """实际展开的字节数超过了目录里写的或允许的上限。"""


_BOMB = "文件展开后异常庞大，疑为压缩炸弹，不能接收。"


def _zip_media_type(names: set[str]) -> str:
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    if "OFD.xml" in names:
        return OFD
    return ""


def _zip_refusals(
    members: list[zipfile.ZipInfo], names: set[str], media_type: str
) -> Iterator[str]:
    if any(member.flag_bits & 1 for member in members):
        yield "文件里有加密的内容，请去掉密码后再传。"
        return
    expanded = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or expanded > MAX_EXPANDED_BYTES:
        yield _BOMB
        return
    if any(
        member.file_size > MEGABYTE and member.file_size > MAX_RATIO * max(member.compress_size, 1)
        for member in members
    ):
        yield _BOMB
        return
    if not media_type:
        yield "不接收压缩包，请逐个上传其中的文件。"
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        yield "文件里带有宏，请另存为不含宏的 docx 或 xlsx 后再传。"


def _revision_refusals(archive: zipfile.ZipFile, names: set[str]) -> list[str]:
    parts = [n for n in sorted(names) if re.fullmatch(r"word/[a-z]+\d*\.xml", n)]
    for part in parts:
        with archive.open(part) as stream:
            for _, element in etree.iterparse(
                stream, events=("start",), tag=_REVISIONS, resolve_entities=False, no_network=True
            ):
                del element
                return ["文件里有未处理的修订，请全部接受或拒绝修订后再传。"]
    if "word/comments.xml" in names:
        with archive.open("word/comments.xml") as stream:
            if b"<w:comment " in stream.read():
                return ["文件里有批注，请删去批注后再传。"]
    return []


def _read_through(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """照实展开一遍：目录里写的大小可以造假。"""
    total = 0
    for member in members:
        with archive.open(member) as stream:
            while chunk := stream.read(MEGABYTE):
                total += len(chunk)
                if total > MAX_EXPANDED_BYTES:
                    raise _Expanding
