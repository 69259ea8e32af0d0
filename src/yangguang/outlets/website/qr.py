"""地址的二维码（GB/T 18284）：一张一位深的小 PNG，直接写进页面。纯函数。

版本、纠错等级、掩码都定死以后，码上的每一个模块都是地址各个比特的线性函数（模 2）：纠错码是线性的，
掩码和功能图形是常数。所以同样长短的地址，只要照标准画出一个，再记住哪个字节变了哪些模块要翻，
别的就是几次异或；逐个照标准画要多花百倍的时间，而全站每一页都有一个。
"""

import struct
from base64 import b64encode
from functools import lru_cache
from zlib import compress, crc32

import qrcode

MASK = 3
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


_references: dict[int, tuple[bytes, int, int]] = {}
"""各种长短的内容，最先画的一个：内容、边长、模块。"""


def modules(address: str) -> tuple[int, int]:
    """地址的码：边长（模块），和从左上到右下逐行排成的比特。"""
    content = address.encode()
    length = len(content)
    if length not in _references:
        _references[length] = (content, *_by_the_standard(content))
    reference, side, bits = _references[length]
    for position, (byte, other) in enumerate(zip(content, reference, strict=True)):
        if byte != other:
            bits ^= _turned(length, position, byte ^ other)
    return side, bits


@lru_cache(maxsize=4096)
def _turned(length: int, position: int, difference: int) -> int:
    """长 ``length`` 字节的内容，第 ``position`` 个字节异或 ``difference``，哪些模块要翻。"""
    reference, _, bits = _references[length]
    changed = bytearray(reference)
    changed[position] ^= difference
    return _by_the_standard(bytes(changed))[1] ^ bits


def _by_the_standard(content: bytes) -> tuple[int, int]:
    """照标准算出的码。"""
    code = qrcode.QRCode(
        border=0, error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=MASK
    )
    code.add_data(qrcode.util.QRData(content, mode=qrcode.util.MODE_8BIT_BYTE), optimize=0)
    code.make(fit=True)
    bits = 0
    for line in code.get_matrix():
        for dark in line:
            bits = bits << 1 | bool(dark)
    return code.modules_count, bits


def picture(address: str) -> str:
    """地址的码，写成 ``data:`` 地址的 PNG；一个模块一个像素，放大由样式管。"""
    side, bits = modules(address)
    width = (side + 7) // 8
    padding = width * 8 - side
    light = (1 << side) - 1
    rows = b"".join(
        b"\0" + (((bits >> side * (side - 1 - row) & light) ^ light) << padding).to_bytes(width)
        for row in range(side)
    )
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
        (b"IDAT", compress(rows, 9)),
        (b"IEND", b""),
    )
    drawn = _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc32(name + data))
        for name, data in parts
    )
    return "data:image/png;base64," + b64encode(drawn).decode()
