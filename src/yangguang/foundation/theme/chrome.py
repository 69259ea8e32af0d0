"""一个站点每页都有的东西：名称、入口、页脚标识；以及每页的页头。都是普通的值。

谁来填：公开页面由 ``hub.columns`` 的站点填；出错页用 ``plain_chrome``，不依赖数据库。
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from urllib.parse import quote

from .colours import ACCENT

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<circle cx="16" cy="16" r="16" fill="{accent}"/>'
    '<text x="16" y="22.5" font-size="18" text-anchor="middle" fill="#fff">{mark}</text></svg>'
)


def icon(accent: str, mark: str) -> str:
    """圆里一个字的小图标，写成 ``data:`` 地址。"""
    return "data:image/svg+xml," + quote(ICON.format(accent=accent, mark=mark))


ICP_FILINGS = "https://beian.miit.gov.cn/"
POLICE_FILINGS = "https://beian.mps.gov.cn/#/query/webSearch?code="


@dataclass(frozen=True)
class Link:
    """一个链接：文字与地址。"""

    label: str
    href: str


@dataclass(frozen=True)
class Feed:
    """一种内容的订阅：名称，Atom 的地址，RSS 的地址。"""

    label: str
    atom: str
    rss: str


class Notice(Protocol):
    """站点的公告（关停）：每一页都挂着。"""

    @property
    def title(self) -> str:
        """标题。"""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """各段。"""

    @property
    def signed(self) -> str:
        """落款。"""

    @property
    def on(self) -> date:
        """日期。"""


@dataclass(frozen=True)
class SiteChrome:
    """页眉与页脚。

    ``base`` 是站点的路径前缀，末尾没有斜杠；``search`` 是检索页的地址，空的不放搜索框；
    ``superior`` 是上级的站点，``elsewhere`` 是同一平台上别的全部站点；``notice`` 是站点要关停的公告。
    """

    name: str
    mark: str = "政"
    tagline: str = ""
    base: str = ""
    domain: str = ""
    identification_code: str = ""
    icp_number: str = ""
    police_number: str = ""
    supports_ipv6: bool = False
    organiser: str = ""
    undertaker: str = ""
    contact: str = ""
    party_mark_url: str = ""
    fault_report_url: str = ""
    is_demonstration: bool = False
    navigation: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    code: str = ""
    search: str = ""
    accent: str = ACCENT
    superior: Link | None = None
    elsewhere: tuple[Link, ...] = ()
    notice: Notice | None = None
    statutory_marks_apply: bool = True

    @property
    def filings(self) -> tuple[tuple[str, Link], ...]:
        """标识码和两个备案号，各连到主管部门的查询处；演示站点的是占位，不连。

        ICP 备案号下须链接工业和信息化部的备案系统（《非经营性互联网信息服务备案管理办法》第十三条）。
        """
        digits = "".join(character for character in self.police_number if character.isdigit())
        given = (
            ("网站标识码", Link(self.identification_code, "")),
            ("ICP 备案号", Link(self.icp_number, ICP_FILINGS)),
            ("公安备案号", Link(self.police_number, POLICE_FILINGS + digits)),
        )
        return tuple(
            (term, Link(link.label, "") if self.is_demonstration else link)
            for term, link in given
            if link.label
        )

    def url(self, path: str) -> str:
        """站内路径（以斜杠开头）化为本站地址。"""
        return f"{self.base}{path}"

    @property
    def icon(self) -> str:
        """浏览器标签上的小图标，就是页眉的那个圆：写在页面里，不另下载。"""
        return icon(self.accent, self.mark)


@dataclass(frozen=True)
class PageHead:
    """页头：题名、一句话的说明、页面标签、面包屑、当前所在的入口。

    ``path`` 是站内路径，以斜杠开头；``canonical`` 是同一内容的原件的完整地址，空的就是本页。
    ``linked_data`` 是给程序看的说明（JSON-LD），已经转义。
    """

    title: str
    path: str
    description: str
    labels: tuple[tuple[str, str], ...] = ()
    crumbs: tuple[Link, ...] = ()
    current: str = ""
    indexed: bool = True
    canonical: str = ""
    feeds: tuple[Feed, ...] = field(default=())
    linked_data: str = ""


def plain_chrome() -> SiteChrome:
    """出错页的页眉页脚：不知道是哪个站点，也不去查。"""
    return SiteChrome(name="政务公开平台", statutory_marks_apply=False)
