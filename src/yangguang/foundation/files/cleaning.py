"""上网的一份：去掉拍摄时间、地点、设备、作者这些随文件带着的信息。纯函数，不碰数据库、时钟和配置。

只拆开重拼，不解码、不重新压缩：画面一个像素也不变。图片只留画面用得着的段落，别的都不带走；
视频里说明用的盒子原地涂成空的，长短不变，画面的位置也就不变。
"""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image

from .video import MP4, Patch, private_parts

JPEG, PNG, WEBP, GIF = "image/jpeg", "image/png", "image/webp", "image/gif"
CLEANED = frozenset({JPEG, PNG, WEBP, GIF, MP4})
"""随内容带着拍摄信息、要去掉了再上网的类型。"""
ORIENTATION = 0x0112
_PNG_KEPT = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
        b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT", b"cICP",
    }
)  # fmt: skip
_WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_EXIF_AND_XMP = 0x0C
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class Broken(ValueError):
    """拆不开：结构与格式不合，不敢说去干净了。"""


def bare_picture(content: bytes, media_type: str) -> bytes:
    """去掉了拍摄信息的一份；要转一下才正的，只留怎么转。拆不开抛出 ``Broken``。"""
    cut = {JPEG: _jpeg, PNG: _png, WEBP: _webp, GIF: _gif}[media_type]
    try:
        return b"".join(cut(content))
    except (IndexError, struct.error, OSError, SyntaxError, TypeError) as error:
        raise Broken("图片的结构不完整") from error


def video_patches(stream: BinaryIO, size: int) -> list[Patch]:
    """视频里要涂空的几处；什么也不用涂的为空。"""
    return private_parts(stream, size).patches


def _jpeg(content: bytes) -> Iterator[bytes]:
    """留下画面、色彩和编码要用的段；画面结束以后补的小图、录像也不带走。"""
    if content[:2] != b"\xff\xd8":
        raise Broken("不是 JPEG")
    yield content[:2]
    yield _turned(content)
    at = 2
    while True:
        if content[at] != 0xFF:
            raise Broken("段与段之间有别的内容")
        while content[at + 1] == 0xFF:
            at += 1
        marker = content[at + 1]
        if marker == 0xD9:
            yield content[at : at + 2]
            return
        end = at + 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
        if end > len(content):
            raise Broken("段不完整")
        if _is_for_the_picture(marker, content[at + 4 : at + 18]):
            yield content[at:end]
        at = end
        if marker == 0xDA:
            at = _scan_end(content, end)
            yield content[end:at]


def _is_for_the_picture(marker: int, head: bytes) -> bool:
    """这一段画面用得着：注释和各家的附加段里，只留 JFIF、Adobe 的和色彩描述。"""
    if marker == 0xFE:
        return False
    if 0xE0 <= marker <= 0xEF:
        # Exif 缩略图也会装进 JFXX，只认 JFIF
        return head.startswith((b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"))
    return True


def _scan_end(content: bytes, at: int) -> int:
    """一次扫描的压缩数据到哪里为止。"""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise Broken("画面没有结束")
        follows = content[at + 1]
        if follows and not 0xD0 <= follows <= 0xD7 and follows != 0xFF:
            return at
        at += 1 if follows == 0xFF else 2


def _turned(content: bytes) -> bytes:
    """只写着怎么转的拍摄信息；本来就正的为空。"""
    with Image.open(io.BytesIO(content)) as image:
        how = image.getexif().get(ORIENTATION, 1)
    if how not in range(2, 9):
        return b""
    exif = Image.Exif()
    exif[ORIENTATION] = how
    told = exif.tobytes()
    return b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told


def _png(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    at = 8
    while at < len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + length
        if end > len(content):
            raise Broken("块不完整")
        if name in _PNG_KEPT:
            yield content[at:end]
        at = end
        if name == b"IEND":
            return
    raise Broken("画面没有结束")


def _webp(content: bytes) -> Iterator[bytes]:
    kept = []
    at, whole = 12, min(len(content), 8 + int(struct.unpack("<I", content[4:8])[0]))
    while at + 8 <= whole:
        name, length = struct.unpack("<4sI", content[at : at + 8])
        end = at + 8 + length + length % 2
        if at + 8 + length > len(content):
            raise Broken("块不完整")
        if name == b"VP8X":
            flags = content[at + 8] & ~_WEBP_EXIF_AND_XMP
            kept.append(content[at : at + 8] + bytes([flags]) + content[at + 9 : end])
        elif name in _WEBP_KEPT:
            kept.append(content[at:end])
        at = end
    body = b"".join(kept)
    yield b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _gif(content: bytes) -> Iterator[bytes]:
    at = 13 + _palette(content[10])
    yield content[:at]
    while True:
        kind = content[at]
        if kind == 0x3B:
            yield content[at : at + 1]
            return
        if kind == 0x21:
            end = _sub_blocks_end(content, at + 2)
            label, name = content[at + 1], content[at + 3 : at + 14]
            if label in (0xF9, 0x01) or (label == 0xFF and name in _LOOPS):
                yield content[at:end]
        elif kind == 0x2C:
            end = _sub_blocks_end(content, at + 10 + _palette(content[at + 9]) + 1)
            yield content[at:end]
        else:
            raise Broken("块不认识")
        at = end


def _palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks_end(content: bytes, at: int) -> int:
    while length := content[at]:
        at += 1 + length
    return at + 1
