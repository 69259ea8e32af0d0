"""图片在页面上的写法。"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yangguang.outlets.website.frame import Press


@dataclass(frozen=True)
class Pictured:
    """一张图片：各种格式的地址，和不支持新格式时用的一份。"""

    src: str
    width: int
    height: int
    alternative: str
    sources: tuple[tuple[str, str], ...] = ()

    def called(self, alternative: str) -> "Pictured":
        """换一种替代文字。"""
        return replace(self, alternative=alternative)

    @property
    def decorative(self) -> "Pictured":
        """旁边已经有文字说明的：读屏略过。"""
        return self.called("")


def pictured(press: Press, numbers: Sequence[int]) -> dict[int, Pictured]:
    """各张图片的写法，按编号。"""
    return {}
