"""MP4 视频：按内容认，看完整不完整、有没有夹带别的。纯函数，只读一层层盒子的头，不解码。

MP4 由一个接一个的盒子拼成（ISO/IEC 14496-12）：四字节的长度、四字节的名称。
最外一层的盒子必须恰好拼满整个文件，多出一截、缺了一截都不收。
"""

import struct
from typing import BinaryIO

MP4 = "video/mp4"
_OUTER = frozenset(
    {
        b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"udta", b"pdin",
        b"moof", b"mfra", b"sidx", b"ssix", b"styp", b"prft", b"emsg", b"meco",
    }
)  # fmt: skip
"""最外一层许有的盒子。"""
_BRANDS = frozenset(
    {
        b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ",
        b"M4VH", b"M4VP", b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6",
    }
)  # fmt: skip
_OTHERS = {
    b"qt  ": "这是 MOV 视频，多数浏览器放不了，请转成 MP4（H.264）后再传。",
    b"M4A ": "这是音频，不是视频；这里收 MP4 视频。",
    b"heic": "这是 HEIC 图片，请转成 JPG 后再传。",
    b"heix": "这是 HEIC 图片，请转成 JPG 后再传。",
    b"mif1": "这是 HEIC 图片，请转成 JPG 后再传。",
    b"avif": "这是 AVIF 图片，请转成 JPG、PNG 或 WebP 后再传。",
    b"avis": "这是 AVIF 图片，请转成 JPG、PNG 或 WebP 后再传。",
}
_UNKNOWN = "认不出这是什么视频，请转成 MP4（H.264）后再传。"
_CUT = "视频不完整，或者后面夹带了别的内容，请重新导出后再传。"
MOST_BOXES = 200_000


def looks_like_mp4(head: bytes) -> bool:
    """开头像不像 MP4 一类的文件。``head`` 至少十二个字节。"""
    return head[4:8] == b"ftyp"


def head_faults(head: bytes) -> list[str]:
    """只凭开头的一段就知道不能收的缘由：不是视频、浏览器放不了的。"""
    if not looks_like_mp4(head):
        return ["这不是 MP4 视频，不能分段上传；别的文件请照平常的办法传。"]
    size = int(struct.unpack(">I", head[:4])[0])
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, min(size, len(head)), 4))}
    if major in _OTHERS:
        return [_OTHERS[major]]
    return [] if brands & _BRANDS else [_UNKNOWN]


def video_faults(stream: BinaryIO, size: int) -> list[str]:
    """整个文件看下来不能收的缘由，没有毛病的为空。``size`` 是字节数，``stream`` 停在开头。"""
    if faults := head_faults(stream.read(512)):
        return faults
    found: set[bytes] = set()
    at = 0
    for _ in range(MOST_BOXES):
        if at == size:
            break
        stream.seek(at)
        length, name = _box(stream.read(16), size - at)
        if name not in _OUTER or length < 8 or at + length > size:
            return [_CUT]
        found.add(name)
        at += length
    if at != size:
        return [_CUT]
    if not {b"moov", b"mdat"} <= found:
        return ["视频里没有画面，请重新导出后再传。"]
    return []


def _box(head: bytes, left: int) -> tuple[int, bytes]:
    """一个盒子的长度和名称；长度写作零的一直到文件末尾，读不出的长度是零。"""
    if len(head) < 8:
        return 0, b""
    length, name = int(struct.unpack(">I", head[:4])[0]), head[4:8]
    if length == 0:
        length = left
    elif length == 1:
        length = int(struct.unpack(">Q", head[8:16])[0]) if len(head) == 16 else 0
        length = length if length >= 16 else 0
    return length, name
