"""图片的各种大小：由存下的一份做成，做过的不重做，换了编码器也还是原来的字节。"""

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Rendition
from .pictures import AVIF, WEBP, fallback_of, rendition, widths_of
from .services import keep_made
from .storing import location

MIDDLE = 720
"""认不得新格式的浏览器用的一份有多宽，像素。"""


@dataclass(frozen=True)
class Original:
    """存下的一份图片：摘要、类型、宽和高（像素）。"""

    sha256: str
    media_type: str
    width: int
    height: int

    @property
    def widths(self) -> tuple[int, ...]:
        """做成哪几种宽度。"""
        return widths_of(self.width)

    @property
    def middle(self) -> int:
        """认不得新格式的浏览器用多宽的一份。"""
        return min(MIDDLE, self.widths[-1])

    @property
    def wanted(self) -> tuple[tuple[int, str], ...]:
        """要做的各种宽度和格式，最后是给旧浏览器的一份。"""
        new = ((width, kind) for kind in (AVIF, WEBP) for width in self.widths)
        return (*new, (self.middle, fallback_of(self.media_type)))


def renditions(originals: Iterable[Original]) -> dict[str, list[Rendition]]:
    """各份图片的各种大小，按 ``Original.wanted`` 的次序。没有做过的现做，做好存着。一次查询。"""
    chosen = {each.sha256: each for each in originals}
    if not chosen:
        return {}
    kept = {
        (each.master, each.width, each.media_type): each
        for each in Rendition.objects.filter(master__in=chosen)
    }
    found: dict[str, list[Rendition]] = {}
    for master, original in chosen.items():
        content = b""
        found[master] = []
        for width, kind in original.wanted:
            made = kept.get((master, width, kind))
            if made is None:
                content = content or location(master).read_bytes()
                made = _make(master, content, width, kind)
            found[master].append(made)
    return found


def _make(master: str, content: bytes, width: int, kind: str) -> Rendition:
    made = rendition(content, width, kind)
    kept, _ = Rendition.objects.get_or_create(
        master=master,
        width=width,
        media_type=kind,
        defaults={"sha256": keep_made(made), "size": len(made)},
    )
    return kept
