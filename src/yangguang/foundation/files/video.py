"""MP4 视频：按内容认，看完整不完整、有没有夹带别的。纯函数，只读一层层盒子的头，不解码。

MP4 由一个接一个的盒子拼成（ISO/IEC 14496-12）：四字节的长度、四字节的名称。
最外一层的盒子必须恰好拼满整个文件，多出一截、缺了一截都不收。
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
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
_HIDDEN_TRACK = (
    "视频里除了画面和声音，另有一轨记着拍摄地点等数据（运动相机、手机常有），去不掉，"
    "请用剪辑软件重新导出后再传。"
)
MOST_BOXES = 200_000
_NESTED = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf", b"edts", b"mvex"})
"""里面还是一个个盒子的盒子。"""
_TOLD = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"wide", b"meco"})
"""画面用不着的盒子：作者、地点、设备都写在这里；空白的盒子里也会有没擦净的。"""
_DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
"""写着拍摄时间的盒子。"""


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
    return [_HIDDEN_TRACK] if private_parts(stream, size).has_hidden_track else []


@dataclass(frozen=True)
class Patch:
    """一处要改写的：从哪个字节起，``told`` 写在前面，其余 ``blank`` 个字节涂成零。"""

    at: int
    told: bytes
    blank: int


@dataclass
class Private:
    """视频里不该上网的：要涂空的几处；有没有另外一轨数据。"""

    patches: list[Patch] = field(default_factory=list)
    has_hidden_track: bool = False


def private_parts(stream: BinaryIO, size: int) -> Private:
    """拍摄的时间、地点、设备、作者在哪几处。只读各个盒子的头。"""
    found = Private()
    for name, at, head, length in _boxes(stream, 0, size):
        if name in _TOLD:
            # 换个名称就没有人去读它；长短不变，画面的位置也不变
            found.patches.append(Patch(at + 4, b"free", 0))
            found.patches.append(Patch(at + head, b"", length - head))
        elif name in _DATED:
            stream.seek(at + head)
            is_long = stream.read(1) == b"\x01"
            found.patches.append(Patch(at + head + 4, b"", 16 if is_long else 8))
        elif name == b"hdlr":
            stream.seek(at + head + 8)
            found.has_hidden_track |= stream.read(4) == b"meta"
    return found


def _boxes(stream: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """一段里的盒子，连同套在里面的：名称、从哪里起、头有多长、一共多长。不再是盒子的就停。"""
    waiting = [(at, end)]
    for _ in range(MOST_BOXES):
        while waiting and waiting[-1][0] >= waiting[-1][1]:
            waiting.pop()
        if not waiting:
            return
        at, end = waiting.pop()
        stream.seek(at)
        start = stream.read(16)
        length, name = _box(start, end - at)
        head = 16 if start[:4] == b"\0\0\0\x01" else 8
        if length < head or at + length > end:
            continue
        waiting.append((at + length, end))
        if name in _NESTED:
            waiting.append((at + head, at + length))
        yield name, at, head, length


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
