"""图片：看内容不看名字；去掉拍摄信息；炸弹、残缺的、会动的不收；同样的内容做出同样的字节。"""

import io
import struct
import zlib

import pytest
from PIL import Image

from yangguang.foundation.files import pictures
from yangguang.foundation.files.pictures import (
    AVIF,
    JPEG,
    PNG,
    WEBP,
    Unusable,
    fallback_of,
    master_of,
    rendition,
    widths_of,
)


def drawn(size: tuple[int, int] = (800, 600), kind: str = "JPEG", **options: object) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    saved = io.BytesIO()
    image.save(saved, kind, **options)
    return saved.getvalue()


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0110] = "SecretCamera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (35.0, 36.0, 0.0)
    master = master_of(drawn(exif=exif, comment=b"private note"))
    assert (master.width, master.height) == (600, 800)
    assert b"SecretCamera" not in master.content and b"private" not in master.content
    assert not Image.open(io.BytesIO(master.content)).getexif()


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", JPEG), ("PNG", PNG), ("WEBP", JPEG)])
def test_three_kinds_are_taken_in(kind: str, media_type: str) -> None:
    assert master_of(drawn(kind=kind)).media_type == media_type


def test_what_is_clear_stays_clear() -> None:
    image = Image.new("RGBA", (200, 200), (255, 0, 0, 0))
    saved = io.BytesIO()
    image.save(saved, "PNG")
    master = master_of(saved.getvalue())
    assert master.media_type == PNG == fallback_of(master.media_type)
    for kind in (AVIF, WEBP, PNG):
        made = Image.open(io.BytesIO(rendition(master.content, 120, kind))).convert("RGBA")
        assert made.getpixel((10, 10))[3] == 0


def test_a_large_picture_is_kept_no_larger_than_a_screen_shows() -> None:
    assert master_of(drawn((4000, 2000))).width == 2880


def bomb(width: int, height: int) -> bytes:
    """声称有许多像素、实际很小的 PNG。"""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def moving() -> bytes:
    saved = io.BytesIO()
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    frames[0].save(saved, "WEBP", save_all=True, append_images=frames[1:])
    return saved.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "认不出"),
        (b"%PDF-1.7 nothing", "认不出"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "认不出"),
        (drawn()[:900], "损坏"),
        (drawn(kind="PNG")[:500], "损坏"),
        (drawn((300, 90)), "太小"),
        (bomb(20_000, 20_000), "庞大"),
        (bomb(9_000, 9_000), "太大"),
        (bomb(2_000, 2_000), "损坏"),
        (moving(), "会动"),
        (drawn(kind="GIF"), "认不出"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_says_how_to_put_it_right(content: bytes, told: str) -> None:
    with pytest.raises(Unusable, match=told):
        master_of(content)


def test_a_file_too_heavy_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", 1024 * 1024)
    with pytest.raises(Unusable, match="超过 1 MB 的上限"):
        master_of(b"\xff\xd8\xff" + b"\0" * 1024 * 1024)


@pytest.mark.parametrize(
    ("width", "made"),
    [(120, (120,)), (360, (360,)), (800, (360, 720, 800)), (2880, (360, 720, 1440))],
)
def test_a_picture_is_made_smaller_and_never_larger(width: int, made: tuple[int, ...]) -> None:
    assert widths_of(width) == made


@pytest.mark.parametrize("kind", [AVIF, WEBP, JPEG])
def test_the_same_picture_makes_the_same_bytes(kind: str) -> None:
    master = master_of(drawn())
    made = rendition(master.content, 360, kind)
    assert made == rendition(master.content, 360, kind)
    image = Image.open(io.BytesIO(made))
    assert image.size == (360, 270) and Image.MIME[image.format or ""] == kind
