"""图片在公开页面上的写法：几种大小和格式，由浏览器挑；文件随页面进树，随页面撤下。"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from yangguang.foundation.files.models import Rendition
from yangguang.foundation.files.pictures import AVIF, SUFFIXES, WEBP
from yangguang.foundation.files.renditions import MIDDLE, Original

from .frame import Press
from .sheets import Copied


@dataclass(frozen=True)
class Pictured:
    """一张图片在页面上的写法：各种格式的地址，和认不得新格式时用的一份。"""

    src: str
    width: int
    height: int
    alternative: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    files: tuple[Copied, ...] = ()
    is_small: bool = False
    """不够宽的：照原来的大小摆，不拉大。"""

    def called(self, alternative: str) -> "Pictured":
        """换一种替代文字。"""
        return replace(self, alternative=alternative)


def pictured(
    press: Press, original: Original, made: Sequence[Rendition], place: Callable[[str], str]
) -> Pictured:
    """``made`` 是它的各种大小（``renditions``），``place`` 由文件名得出站内路径。"""
    files: Mapping[tuple[int, str], Copied] = {
        (each.width, each.media_type): Copied(
            place(f"{original.sha256[:20]}-{each.width}.{SUFFIXES[each.media_type]}"),
            each.sha256,
            each.size,
        )
        for each in made
    }
    sources = tuple(
        (kind, ", ".join(f"{press.url(files[w, kind].path)} {w}w" for w in original.widths))
        for kind in (AVIF, WEBP)
    )
    middle = original.wanted[-1]
    return Pictured(
        src=press.url(files[middle].path),
        width=original.middle,
        height=max(1, round(original.height * original.middle / original.width)),
        sources=sources,
        files=tuple(files.values()),
        is_small=original.width < MIDDLE,
    )


def picture_html(found: Pictured, sizes: str) -> str:
    """写成 ``<picture>``；``sizes`` 是它在版面里占多宽（CSS 的写法）。"""
    sources = "".join(
        f'<source type="{kind}" srcset="{escape(srcset)}" sizes="{escape(sizes)}">'
        for kind, srcset in found.sources
    )
    return (
        f'<picture>{sources}<img src="{escape(found.src)}" width="{found.width}" '
        f'height="{found.height}" alt="{escape(found.alternative)}" loading="lazy" '
        'decoding="async"></picture>'
    )
