"""把文件拆成一处一处的文字，连同各在哪里，供逐处检测。纯函数，按内容认类型，不信文件名。

与 ``read_text`` 不同：这里要的不是公文的正文，而是文件里凡能被人看见或翻出来的字，一处也不漏：
页眉页脚、脚注、批注、文本框、隐藏的字、工作表、文件属性、嵌在里面的另一份文件。
"""

import io
import re
from pathlib import Path

from .captions import clock, looks_like_captions, read_captions
from .extracted import Passage, Reading, Unreadable
from .package_passages import read_ofd, read_package
from .packages import inspect_package
from .pdf_passages import read_pdf_passages
from .plain_text import decode, normalise
from .rules import DOCX, OFD, XLSX

__all__ = ["Passage", "Reading", "passages_at", "read_passages"]

PICTURE = "这是图片或音像，里面的文字机器读不出，请人看。"
_PICTURES = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|BM|II\*\x00|MM\x00\*|RIFF....WEBP|....ftyp", re.DOTALL
)


def read_passages(content: bytes) -> Reading:
    """文件里的全部文字。读不出文字的图片、扫描页记在 ``unread`` 里，不算读不了。

    加密的、损坏的、认不出的抛出 ``Unreadable``。
    """
    if b"%PDF-" in content[:1024]:
        return read_pdf_passages(content)
    if content.startswith(b"PK"):
        return _read_package(content)
    if _PICTURES.match(content):
        return Reading((), (PICTURE,))
    text = decode(content)
    if looks_like_captions(text) and not (captions := read_captions(content)).faults:
        return Reading(
            tuple(Passage(f"{clock(cue.start)[:8]} 处", cue.text) for cue in captions.cues)
        )
    lines = normalise(text).split("\n")
    return Reading(
        tuple(Passage(f"第 {n} 行", line) for n, line in enumerate(lines, 1) if line.strip())
    )


def passages_at(path: Path) -> Reading:
    """``path`` 处的文件里的全部文字；图片、视频看了开头就知道读不出，不整个读进内存。"""
    with path.open("rb") as stream:
        head = stream.read(1024)
        if _PICTURES.match(head) and b"%PDF-" not in head:
            return Reading((), (PICTURE,))
        return read_passages(head + stream.read())


def _read_package(content: bytes) -> Reading:
    inspection = inspect_package(io.BytesIO(content))
    if inspection.refusals:
        raise Unreadable("".join(inspection.refusals))
    if inspection.media_type in (DOCX, XLSX):
        return read_package(content, inspection.media_type)
    if inspection.media_type == OFD:
        return read_ofd(content)
    raise Unreadable("压缩包里的文字读不出，请逐个上传其中的文件。")
