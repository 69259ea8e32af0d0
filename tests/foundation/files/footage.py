"""画一段 MP4 视频：盒子齐全、长短对得上，画面是假的。"""

import struct


def box(name: bytes, content: bytes) -> bytes:
    """一个盒子。"""
    return struct.pack(">I", len(content) + 8) + name + content


def mp4(size: int = 2_000, *, brand: bytes = b"isom", tail: bytes = b"") -> bytes:
    """一共 ``size`` 字节（连同 ``tail``）的视频；画面由位置算出，各处不同。"""
    head = box(b"ftyp", brand + struct.pack(">I", 512) + brand + b"mp42")
    head += box(b"moov", box(b"mvhd", bytes(100)))
    left = size - len(head) - len(tail) - 8
    frames = b"".join(n.to_bytes(4, "big") for n in range(left // 4 + 1))[:left]
    return head + box(b"mdat", frames) + tail
