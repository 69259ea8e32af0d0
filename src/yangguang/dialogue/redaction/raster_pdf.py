"""只由画面组成的 PDF：一页一张画面，别的什么也没有——没有文字、字体、属性、附件、批注。

同样的画面，字节相同。一页一页写出去，不在内存里攒着。
"""

import io
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from PIL import Image, ImageChops

MOST_PACKED = 2_000_000
"""不失真地压缩后一页超过这么多字节的（彩色照片），改用 JPEG。"""
BLOCK = 8
"""JPEG 一块的边长，像素：涂黑的边对齐到它，涂黑的地方就一点不走样。"""
QUALITY = 90
_SAMPLED = 16


@dataclass
class RasterPdf:
    """写在 ``stream`` 里的一份，逐页 ``add``，最后 ``finish``。"""

    stream: BinaryIO
    offsets: dict[int, int] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    at: int = 0

    def __post_init__(self) -> None:
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, packed: "Packed", width: float, height: float) -> None:
        """加一页：``width``、``height`` 是页面的大小，磅。"""
        page = 3 + 3 * len(self.pages)
        self.pages.append(page)
        content = b"q %.2f 0 0 %.2f 0 0 cm /Im0 Do Q" % (width, height)
        self._object(
            page,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R "
            b"/Resources << /XObject << /Im0 %d 0 R >> >> >>" % (width, height, page + 1, page + 2),
        )
        self._stream(page + 1, b"", content)
        self._stream(
            page + 2,
            b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /%s "
            b"/BitsPerComponent 8 /Filter /%s "
            % (packed.width, packed.height, packed.colours, packed.filter),
            packed.content,
        )

    def finish(self) -> None:
        """写完目录，收尾。"""
        self._object(1, b"<< /Type /Catalog /Pages 2 0 R >>")
        kids = b" ".join(b"%d 0 R" % page for page in self.pages)
        self._object(2, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(self.pages)))
        start, size = self.at, len(self.offsets) + 1
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for number in range(1, size):
            self._write(b"%010d 00000 n \n" % self.offsets[number])
        self._write(
            b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
        )

    def _object(self, number: int, body: bytes) -> None:
        self.offsets[number] = self.at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _stream(self, number: int, about: bytes, content: bytes) -> None:
        head = b"<< %s/Length %d >>\nstream\n" % (about, len(content))
        self._object(number, head + content + b"\nendstream")

    def _write(self, content: bytes) -> None:
        self.stream.write(content)
        self.at += len(content)


@dataclass(frozen=True)
class Packed:
    """压缩好的一张画面。"""

    content: bytes
    width: int
    height: int
    colours: bytes
    filter: bytes


def packed(image: Image.Image, *, must_fit: bool = False) -> Packed | None:
    """一张画面不失真地压缩；``must_fit`` 为真而压得太大的为空：改用 ``packed_photo``。"""
    plain = _plain(image)
    pixels = plain.tobytes()
    if must_fit and _is_plainly_too_much(pixels, len(pixels) // plain.height):
        return None
    content = zlib.compress(pixels, 6)
    if must_fit and len(content) > MOST_PACKED:
        return None
    return Packed(content, *plain.size, _colours(plain), b"FlateDecode")


def _is_plainly_too_much(pixels: bytes, row: int) -> bool:
    """隔十六行取一行压压看：远远超出的，不必整张压完才知道。"""
    sample = b"".join(pixels[at : at + row] for at in range(0, len(pixels), row * _SAMPLED))
    return len(zlib.compress(sample, 1)) * _SAMPLED > 3 * MOST_PACKED


def packed_photo(image: Image.Image) -> Packed:
    """一张画面压成 JPEG。涂黑的边须先对齐到 ``BLOCK``。"""
    plain = _plain(image)
    saved = io.BytesIO()
    plain.save(saved, "JPEG", quality=QUALITY, subsampling=0)
    return Packed(saved.getvalue(), *plain.size, _colours(plain), b"DCTDecode")


def _plain(image: Image.Image) -> Image.Image:
    """没有颜色的化为灰度。"""
    grey = image.convert("L")
    is_grey = ImageChops.difference(image.convert("RGB"), grey.convert("RGB")).getbbox() is None
    return grey if is_grey else image.convert("RGB")


def _colours(image: Image.Image) -> bytes:
    return b"DeviceGray" if image.mode == "L" else b"DeviceRGB"
