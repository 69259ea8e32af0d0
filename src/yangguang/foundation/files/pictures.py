"""图片：看能不能用，去掉拍摄信息，做成几种大小和格式。纯函数，不碰数据库、时钟和配置。

同样的内容、同一版编码器做出来的字节总一样（单线程编码）；换了编码器，做过的不重做，由取用的一方按摘要存着。
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from .rules import MEGABYTE, readable_size

MAX_PICTURE_BYTES = 20 * MEGABYTE
MAX_PIXELS = 50_000_000
"""解开以后最多多少个像素：五千万，约合 8000×6000。先看文件里写的尺寸，超过的不解。"""
LEAST_SIDE = 100
LONGEST_SIDE = 2880
"""存下的一份最长的边；再大屏幕上也看不出。"""
WIDTHS = (360, 720, 1440)
"""上网的几种宽度，像素。原图不够宽的，不放大。"""

AVIF, WEBP, JPEG, PNG = "image/avif", "image/webp", "image/jpeg", "image/png"
SUFFIXES = {AVIF: "avif", WEBP: "webp", JPEG: "jpg", PNG: "png"}
_READ = ("JPEG", "PNG", "WEBP")
_SAVE: dict[str, tuple[str, dict[str, Any]]] = {
    AVIF: ("AVIF", {"quality": 58, "speed": 6, "max_threads": 1}),
    WEBP: ("WEBP", {"quality": 78, "method": 4}),
    JPEG: ("JPEG", {"quality": 82, "progressive": True, "optimize": True}),
    PNG: ("PNG", {"optimize": True}),
}


class Unusable(Exception):  # noqa: N818  说的是图片，不是程序
    """不能用的图片；``reason`` 是一句中文，说明怎样才行。"""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Master:
    """存下的一份：方向摆正，颜色是 sRGB，没有拍摄时间、地点和设备。"""

    content: bytes
    media_type: str
    width: int
    height: int


def master_of(content: bytes) -> Master:
    """看过、摆正、去掉拍摄信息之后的一份。不能用的抛出 ``Unusable``。"""
    if len(content) > MAX_PICTURE_BYTES:
        raise Unusable(
            f"图片 {readable_size(len(content))}，超过 {MAX_PICTURE_BYTES // MEGABYTE} MB 的上限，"
            "请缩小后再传。"
        )
    with _opened(content) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise Unusable(f"图片有 {width}×{height} 个像素，太大了，请缩小后再传。")
        if min(width, height) < LEAST_SIDE:
            raise Unusable(f"图片只有 {width}×{height} 个像素，太小了，每边至少 {LEAST_SIDE}。")
        if getattr(image, "n_frames", 1) > 1:
            raise Unusable("这是会动的图片。页面上的图片不动，请换一张静止的。")
        image.load()
        upright = _in_srgb(ImageOps.exif_transpose(image))
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        is_clear = _is_clear(upright)
        media_type = PNG if is_clear or image.format == "PNG" else JPEG
        saved = io.BytesIO()
        if media_type == PNG:
            upright.save(saved, "PNG", optimize=True)
        else:
            upright.save(saved, "JPEG", quality=92, subsampling=0)
    return Master(saved.getvalue(), media_type, *upright.size)


def picture_faults(path: Path) -> list[str]:
    """作附件的图片不能收的缘由：打不开、像素太多、后面夹带了别的。没有毛病的为空。"""
    content = path.read_bytes()
    try:
        with _opened(content, (*_READ, "GIF")) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                return [f"图片有 {width}×{height} 个像素，太大了，请缩小后再传。"]
            if image.format == "PNG":
                # 逐块核对，不解开
                image.verify()
            else:
                # JPEG 可以只解成八分之一大
                image.draft("RGB", (width // 8, height // 8))
                image.load()
            if not _ends_properly(content, str(image.format)):
                return ["图片后面夹带了别的内容，请重新导出后再传。"]
    except Unusable as unusable:
        return [unusable.reason]
    return []


def _ends_properly(content: bytes, kind: str) -> bool:
    """图片的结尾就是文件的结尾。JPEG 不看：手机常在后面补一张小图、一段录像。"""
    if kind == "PNG":
        return content[-8:-4] == b"IEND"
    if kind == "GIF":
        return content.rstrip(b"\0").endswith(b";")
    if kind == "WEBP":
        return len(content) <= int.from_bytes(content[4:8], "little") + 9
    return True


def widths_of(width: int) -> tuple[int, ...]:
    """原图宽 ``width`` 的，做成哪几种宽度：不放大；比最小的还窄的，只做原来的宽度。"""
    widest = min(width, WIDTHS[-1])
    return (*(each for each in WIDTHS if each < widest), widest)


def fallback_of(media_type: str) -> str:
    """认不得新格式的浏览器用哪一种。"""
    return PNG if media_type == PNG else JPEG


def rendition(content: bytes, width: int, media_type: str) -> bytes:
    """做成宽 ``width`` 的一份。``content`` 是 ``master_of`` 存下的。"""
    with _opened(content) as image:
        image.load()
        height = max(1, round(image.height * width / image.width))
        small = image.resize((width, height), Image.Resampling.LANCZOS)
        if media_type == JPEG:
            small = small.convert("RGB")
        name, options = _SAVE[media_type]
        saved = io.BytesIO()
        small.save(saved, name, **options)
    return saved.getvalue()


@contextmanager
def _opened(content: bytes, kinds: tuple[str, ...] = _READ) -> Iterator[Image.Image]:
    try:
        with Image.open(io.BytesIO(content), formats=kinds) as image:
            yield image
    except UnidentifiedImageError as error:
        raise Unusable("认不出这是什么图片，请上传 JPG、PNG 或 WebP。") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable("图片解开以后异常庞大，不能接收。") from error
    except (OSError, SyntaxError, ValueError, IndexError, TypeError, MemoryError) as error:
        raise Unusable("图片已损坏或不完整，打不开，请重新导出后再传。") from error


def _in_srgb(image: Image.Image) -> Image.Image:
    """颜色化为 sRGB，只留像素：拍摄信息、色彩描述、注释都不带走。"""
    profile = image.info.get("icc_profile")
    target = "RGBA" if _is_clear(image) else "RGB"
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            image = made or image
        except (ImageCms.PyCMSError, OSError):
            pass
    plain = Image.new(target, image.size)
    plain.paste(image.convert(target))
    return plain


def _is_clear(image: Image.Image) -> bool:
    """有没有透明的地方。"""
    if "transparency" in image.info:
        return True
    if image.mode not in ("RGBA", "LA", "PA"):
        return False
    lowest = image.getchannel("A").getextrema()[0]
    return isinstance(lowest, int | float) and lowest < 255
