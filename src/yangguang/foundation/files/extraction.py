"""从文件里读出文字：txt、docx、pdf。纯函数，按内容认类型，不信文件名。

``sources`` 的公文和 ``oversight`` 的方案都用它。读不了的抛出 ``Unreadable``，
理由是一句中文。
"""

import io
from pathlib import Path

from .captions import looks_like_captions, read_captions
from .extracted import ExtractedText, Unreadable, paragraph
from .inspection import too_large
from .packages import inspect_package
from .pdf import read_pdf
from .plain_text import decode, normalise
from .rules import DOCX, MAX_BYTES, MEDIA_TYPES
from .word import read_docx

__all__ = ["ExtractedText", "Unreadable", "read_text"]

_EMPTY = "文件是空的，没有文字。请检查是否选错了文件。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OTHERS = (
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*"), "图片"),
    ((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b"), "压缩包"),
    ((b"MZ", b"\x7fELF"), "程序"),
)


def read_text(source: str | Path | bytes) -> ExtractedText:
    """读出文件（路径或字节）里的文字。

    空的、过大的、加密的、二进制的、编码不对的，以及扫描的 pdf，抛出 ``Unreadable``。
    """
    data = source if isinstance(source, bytes) else _read_bytes(Path(source))
    if len(data) > MAX_BYTES:
        raise Unreadable(too_large(len(data)))
    if not data.strip(b"\x00\r\n\t "):
        raise Unreadable(_EMPTY)
    extracted = _read(data)
    if not extracted.text.strip():
        raise Unreadable(_EMPTY)
    return extracted


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Unreadable(too_large(size))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable(f"找不到文件：{path.name}。请检查路径。") from error
    except IsADirectoryError as error:
        raise Unreadable(f"{path.name} 是文件夹，不是文件。请选择其中的一个文件。") from error
    except OSError as error:
        raise Unreadable(f"文件读不了：{path.name}。请检查权限后再试。") from error


def _read(data: bytes) -> ExtractedText:
    if data.lstrip()[:5] == b"%PDF-" or b"%PDF-" in data[:1024]:
        return read_pdf(data)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _read_package(data)
    if data.startswith(_OLE):
        raise Unreadable(_old_office(data))
    if data[:5] == b"{\\rtf":
        raise Unreadable("这是 RTF 文件，不能直接读取。请用 Word 或 WPS 另存为 docx 后再上传。")
    for marks, kind in _OTHERS:
        if data.startswith(marks) and _is_binary(data):
            raise Unreadable(f"这是{kind}，不是公文。请上传 txt、docx 或 pdf 文件。")
    text = normalise(decode(data))
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        raise Unreadable("这是网页文件。请打开网页，把文字复制到 txt 或 docx 里再上传。")
    if looks_like_captions(text) and not (captions := read_captions(data)).faults:
        text = "\n".join(cue.text for cue in captions.cues)
    lines = [line for line in text.split("\n") if line.strip()]
    return ExtractedText(text, tuple(paragraph(line) for line in lines))


def _is_binary(data: bytes) -> bool:
    """文本也可能以 BM、MZ 开头，再看有没有控制字符。"""
    return any(byte < 9 for byte in data[:4096])


def _read_package(data: bytes) -> ExtractedText:
    """压缩炸弹、宏、修订、批注、加密由 ``inspection`` 把关，都查过才展开。"""
    inspection = inspect_package(io.BytesIO(data))
    if inspection.refusals:
        raise Unreadable("".join(inspection.refusals))
    if inspection.media_type == DOCX:
        return read_docx(data)
    kind = MEDIA_TYPES.get(inspection.media_type, ("压缩包", ""))[0]
    raise Unreadable(f"这是{kind}，读不出公文的文字。请上传 txt、docx 或 pdf 文件。")


def _old_office(data: bytes) -> str:
    if _ENCRYPTED_PACKAGE in data:
        return "文件设了打开密码，读不了。请去掉密码后再上传。"
    return "这是旧版 Office 文件（doc、wps、xls 等）。请用 Word 或 WPS 另存为 docx 后再上传。"
