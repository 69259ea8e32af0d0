"""看一份文件能不能收：类型由内容判定，拒收的理由逐条说清。只读文件本身，不碰数据库。"""

import re
import zipfile
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from .captions import looks_like_captions, read_captions
from .extracted import Unreadable
from .packages import OLE, Inspection, inspect_package
from .pictures import picture_faults
from .plain_text import decode
from .rules import MAX_BYTES, MEGABYTE, PDF, TEXT, VTT, readable_size
from .video import MP4, looks_like_mp4, video_faults

__all__ = ["Inspection", "inspect_package", "inspect_upload", "too_large"]

_MAGIC = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_UNKNOWN = "认不出这是什么文件；请上传 docx、xlsx、pdf、ofd、txt 或图片。"
_ADDED = "文件后面夹带了压缩包，请重新导出后再传。"
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|script|iframe|svg|\?xml|\?php|!--|%|x?htm|math|object|embed|meta)",
    re.I,
)
_PDF_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMediaExecute"}
)
_PDF_PARTS = frozenset(
    {"/JS", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/Screen", "/Movie"}
)
MOST_PDF_OBJECTS = 500_000
_CAPTIONS = (".vtt", ".srt")
"""字幕文件的后缀：叫这个名字的，内容就得是字幕。"""


def inspect_upload(path: Path, name: str) -> Inspection:
    """查看 ``path`` 处的文件；``name`` 只用来认叫作字幕、内容却不像的，好说哪里不对。"""
    size = path.stat().st_size
    if size == 0:
        return Inspection("", ("文件是空的。",))
    if size > MAX_BYTES:
        return Inspection("", (too_large(size),))
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(OLE):
        return Inspection("", (_ole_refusal(path),))
    if head.startswith(b"PK"):
        return inspect_package(path)
    found = _by_content(path, head, size, name)
    if not found.refusals and zipfile.is_zipfile(path):
        return Inspection(found.media_type, (_ADDED,))
    return found


def _by_content(path: Path, head: bytes, size: int, name: str) -> Inspection:
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            faults = pdf_refusals(path) if media_type == PDF else picture_faults(path)
            return Inspection(media_type, tuple(faults))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Inspection("image/webp", tuple(picture_faults(path)))
    if looks_like_mp4(head):
        with path.open("rb") as stream:
            return Inspection(MP4, tuple(video_faults(stream, size)))
    if _is_text(head):
        return _text(path, name)
    return Inspection("", (_UNKNOWN,))


def too_large(size: int) -> str:
    """文件过大的提示。"""
    return (
        f"文件 {readable_size(size)}，超过 {MAX_BYTES // MEGABYTE} MB 的上限，请拆分或压缩后再传。"
    )


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head)


def _text(path: Path, name: str) -> Inspection:
    """看着像文字的：从头到尾都得是文字；网页、图形里可以带脚本，不收。"""
    content = path.read_bytes()
    is_named_so = name.lower().endswith(_CAPTIONS)
    try:
        begins = decode(content).lstrip()[:1000]
    except Unreadable as error:
        if content.removeprefix(BOM_UTF8).startswith(b"WEBVTT") or is_named_so:
            return Inspection(VTT, tuple(read_captions(content, name).faults))
        return Inspection("", (error.reason,))
    if "%PDF-" in begins:
        return Inspection("", ("PDF 的前面夹带了别的内容，请重新导出后再传。",))
    if re.match(r"<svg|<\?xml.*?<svg|<!doctype\s+svg", begins, re.I | re.S):
        return Inspection("", ("这是 SVG 图形，里面可以带脚本，请另存为 PNG 后再传。",))
    if _MARKUP.match(begins):
        return Inspection("", ("这是网页或程序文件，请把文字复制到 txt 或 docx 里再传。",))
    if begins.startswith(("MZ", "#!", "{\\rtf")):
        return Inspection("", (_UNKNOWN,))
    if is_named_so or looks_like_captions(begins):
        return Inspection(VTT, tuple(read_captions(content, name).faults))
    return Inspection(TEXT, ())


def _ole_refusal(path: Path) -> str:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "文件设了打开密码，请在 Word 或 WPS 中去掉密码后再传。"
    return "这是旧版 doc、xls 或 wps 格式，请另存为 docx 或 xlsx 后再传。"


def pdf_refusals(source: Path | BinaryIO) -> Iterator[str]:
    """PDF 不能收的缘由：加了打开密码、损坏、带脚本或内嵌文件。没有毛病的一条也没有。"""
    import pikepdf

    try:
        with pikepdf.open(source) as document:
            if len(document.objects) > MOST_PDF_OBJECTS:
                yield "PDF 里的零件多得异常，不能接收，请重新导出后再传。"
            elif any(map(_is_active, document.objects)):
                yield "PDF 里带有脚本或内嵌文件，请重新导出后再传。"
    except pikepdf.PasswordError:
        yield "PDF 设了打开密码，请去掉密码后再传。"
    except pikepdf.PdfError:
        yield "PDF 已损坏，打不开，请重新导出后再传。"


def _is_active(found: Any) -> bool:
    """PDF 的一个零件里有没有会自己动的：脚本、启动程序、内嵌文件、多媒体。"""
    import pikepdf

    if isinstance(found, pikepdf.Array):
        return any(_is_active(each) for each in found if _is_direct(each))
    if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if str(found.get("/S", "")) in _PDF_ACTIONS or not _PDF_PARTS.isdisjoint(found.keys()):
        return True
    if str(found.get("/Type", "")) == "/EmbeddedFile" or str(found.get("/Subtype", "")) in (
        "/RichMedia", "/Movie", "/Screen", "/FileAttachment",
    ):  # fmt: skip
        return True
    return any(_is_active(value) for _, value in found.items() if _is_direct(value))


def _is_direct(value: Any) -> bool:
    """写在里面的；指到别处的，那一个零件自己会看到。"""
    import pikepdf

    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect
