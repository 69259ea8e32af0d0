"""一个站点的框架：页眉页脚的内容、栏目与机构的树，一次读好，供烘焙许多页。"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.template import engines

from yangguang.foundation.organisations.models import Kind, Level, Organisation
from yangguang.foundation.organisations.selectors import existing
from yangguang.foundation.theme.assets import Asset, assets
from yangguang.foundation.theme.chrome import Feed, Link, PageHead, SiteChrome
from yangguang.foundation.theme.labels import Labels, site_labels
from yangguang.hub.columns.models import ANNOUNCING, Column, Site
from yangguang.hub.columns.selectors import columns_of, sites
from yangguang.hub.columns.site_life import Announcement
from yangguang.hub.publications.kinds import libraries
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import is_shown_on, path_of, published
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.rules import Candidate, Gathering, gathers, topic_path
from yangguang.hub.topics.selectors import gatherings, moved_from, topics_of

from .rules import FEEDS, ListKey, feed_path, list_path

HOME = "/"
ORGANISATIONS = "/organisations/"
TOPICS = "/topics/"
ALERTS = "/alerts.json"
WORKDAYS = "/workdays.json"
MAP = "/map/"
AWAY = "/away.html"
OFFLINE = "/offline.html"
"""临时下线的公告。有这一页，服务的一方就对每个地址都答它。"""
BARE_HOME = "/index.html"
"""别的站点指向没有前缀的站点的首页时用的地址：只写“/”，由别名进来的会回到别名自己的首页。"""
SEARCH = "/search/"
API = "/api/"
REQUESTS = "/interact/requests/"
"""检索页、接口的说明、依申请公开由应用应答，各站点共用一个地址，不加路径前缀。"""
DYNAMIC = (SEARCH, "/interact/", API)
"""由应用应答的公开地址。"""


@dataclass
class Press:
    """印台：某站点、截至某日。读过的栏目和机构记在里面，所以一批页面用完就丢。"""

    site: Site
    as_of: date

    @cached_property
    def base(self) -> str:
        """站点的路径前缀。"""
        return self.site.base

    @cached_property
    def assets(self) -> tuple[Asset, ...]:
        """页面引用的样式和脚本。"""
        return assets(self.site.accent)

    @cached_property
    def others(self) -> list[Site]:
        """同一平台上别的站点，关停了的不算。"""
        return [site for site in sites() if site.pk != self.site.pk and site.state != "closed"]

    @cached_property
    def notices_below(self) -> list[Announcement]:
        """下级站点的下线、关停公告：上级的首页也要登。"""
        own = self.site.organisation.path
        below = [s for s in self.others if s.organisation.path.startswith(own)]
        return [notice for site in below if (notice := site.notice)]

    @cached_property
    def superior(self) -> Site | None:
        """最近的上级的站点。"""
        own = self.site.organisation.path
        above = [s for s in self.others if own.startswith(s.organisation.path)]
        return max(above, key=lambda s: s.organisation.depth, default=None)

    @cached_property
    def columns(self) -> list[Column]:
        """全部栏目，按树的次序。"""
        return list(columns_of(self.site))

    @property
    def open_roots(self) -> list[Column]:
        """一级栏目，关闭了的不算。"""
        return [column for column in self.columns if column.is_root() and not column.closed_on]

    @cached_property
    def everyone(self) -> list[Organisation]:
        """全部现存的机构，按树的次序。"""
        return list(existing(self.as_of))

    @cached_property
    def organisations(self) -> list[Organisation]:
        """本站点范围内的机构：主办单位自己和全部下级，现存的，按树的次序。"""
        return [organisation for organisation in self.everyone if self.covers(organisation)]

    @cached_property
    def organisation_codes(self) -> frozenset[str]:
        """有自己一页的机构的代码：只链接到有的页。"""
        return frozenset(organisation.code for organisation in self.organisations)

    @cached_property
    def topics(self) -> list[Topic]:
        """全部专题，进行中的在前。"""
        return list(topics_of(self.site))

    @cached_property
    def gatherings(self) -> dict[int, Gathering]:
        """各专题收哪些信息，按编号。"""
        return gatherings(self.topics)

    @cached_property
    def moved_topics(self) -> dict[str, Topic]:
        """随站点关停迁走了的专题，按原来的地址代码。"""
        return moved_from(self.site)

    def forget_topics(self) -> None:
        """专题有了变动：下次用到时重读。"""
        for name in ("topics", "gatherings", "moved_topics"):
            self.__dict__.pop(name, None)

    def topics_gathering(self, candidate: Candidate) -> list[Topic]:
        """收这条信息的专题。"""
        return [each for each in self.topics if gathers(self.gatherings[each.pk], candidate)]

    @cached_property
    def chrome(self) -> SiteChrome:
        """页眉与页脚。入口是首页、各一级栏目和机构：都有去处。"""
        site = self.site
        navigation = (
            Link("首页", self.base + HOME),
            *(Link(c.name, self.column_url(c)) for c in self.open_roots),
            Link("机构", self.base + ORGANISATIONS),
        )
        return SiteChrome(
            name=site.name,
            mark=site.short_name[-1],
            tagline="" if _abbreviates(site.short_name, site.name) else site.short_name,
            base=self.base,
            code=site.code,
            search=SEARCH,
            accent=site.accent,
            superior=self._link_to(self.superior) if self.superior else None,
            elsewhere=tuple(map(self._link_to, self.others)),
            domain=site.domain,
            identification_code=site.identification_code,
            icp_number=site.icp_number,
            police_number=site.police_number,
            supports_ipv6=site.supports_ipv6,
            organiser=site.organisation.name,
            undertaker=site.undertaken_by,
            contact=site.contact,
            party_mark_url=site.party_mark_url,
            fault_report_url=site.fault_report_url,
            is_demonstration=site.is_demonstration,
            notice=site.notice if site.state in ANNOUNCING else None,
            navigation=navigation,
            footer=(
                Link("依申请公开", REQUESTS),
                Link("专题", self.base + TOPICS),
                *(Link(each.title, self.base + each.path) for each in libraries()),
                Link("网站地图", self.base + MAP),
                Link("订阅最新公开", self.base + "/feed.xml"),
                Link("数据接口", API),
            ),
        )

    @cached_property
    def site_labels(self) -> Labels:
        """网站标签。"""
        return site_labels(self.site.name, self.site.domain, self.site.identification_code)

    def link(self, address: str) -> str:
        """编辑写的地址：站内路径化为本站的地址，动态的和站外的照写。"""
        is_own = address.startswith("/") and not address.startswith(DYNAMIC)
        return self.url(address) if is_own else address

    def url(self, path: str) -> str:
        """站内路径化为地址。"""
        return self.base + path

    def absolute(self, path: str) -> str:
        """带域名的完整地址。"""
        return self.site.address + path

    def across(self, site: Site, path: str) -> str:
        """``site`` 上的站内路径化为本站页面上用的地址：同在一个域名下的不写域名。"""
        if site.domain != self.site.domain:
            return site.address + path
        return (site.base + path) if site.base or path != HOME else BARE_HOME

    def href(self, publication: Publication) -> str:
        """一条信息的地址：在本站出现的就在本站，否则到原件那里。最多一次查询。"""
        path = path_of(publication)
        if is_shown_on(publication, self.site):
            return self.url(path)
        return self.across(publication.site, path)

    def column_url(self, column: Column) -> str:
        """栏目的地址。"""
        return self.url(list_path(ListKey("column", column.code)))

    def organisation_url(self, organisation: Organisation) -> str:
        """机构页的地址。"""
        return self.url(list_path(ListKey("organisation", organisation.code)))

    def topic_url(self, topic: Topic) -> str:
        """专题页的地址。"""
        return self.url(topic_path(topic.code))

    def feed(self, label: str, key: ListKey | None = None) -> Feed:
        """一个列表（``None`` 是全站）的订阅。"""
        atom, rss = (self.url(feed_path(key, name)) for name in FEEDS.values())
        return Feed(label, atom, rss)

    def publisher_url(self, publication: Publication) -> str:
        """发布机构的机构页的地址：本站没有它的一页，就到原件所在的站点。"""
        if self.covers(publication.organisation):
            return self.organisation_url(publication.organisation)
        path = list_path(ListKey("organisation", publication.organisation.code))
        return self.across(publication.site, path)

    def covers(self, organisation: Organisation) -> bool:
        """机构在不在本站点的范围内。"""
        return organisation.path.startswith(self.site.organisation.path)

    def site_of(self, organisation: Organisation) -> Site | None:
        """机构自己的或离它最近的上级的站点，就是本站的为 ``None``。"""
        own = [s for s in self.others if organisation.path.startswith(s.organisation.path)]
        nearest = max(own, key=lambda s: s.organisation.depth, default=None)
        if nearest is None or nearest.organisation.depth <= self.site.organisation.depth:
            return None
        return nearest

    def href_of(self, index_number: str | None) -> str:
        """索引号所指的信息的原件的地址；没有公开为空串。一次查询。"""
        publication = published().filter(index_number=index_number).first()
        return self.across(publication.site, path_of(publication)) if publication else ""

    def addresses(self, links: Iterable[Mapping[str, str]]) -> dict[str, str]:
        """载荷里引用的信息的原件的地址，按索引号；没有索引号的不算。有引用的一次查询。"""
        numbers = {link["index_number"] for link in links} - {""}
        if not numbers:
            return {}
        found = Publication.objects.filter(index_number__in=numbers).select_related("site")
        return {each.index_number: self.across(each.site, path_of(each)) for each in found}

    def cited(self, links: Iterable[Mapping[str, str]]) -> list[Link]:
        """载荷里引用的信息（题名、索引号）的原件，公开着的和撤回了的都在。有引用的一次查询。"""
        titles = {link["index_number"]: link["title"] for link in links}
        at = self.addresses({"index_number": number} for number in titles)
        return [Link(title, at[number]) for number, title in titles.items() if number in at]

    def ancestors(self, column: Column) -> list[Column]:
        """栏目的各级上级和它自己，从上到下。"""
        return [c for c in self.columns if column.path.startswith(c.path)]

    def children(self, column: Column) -> list[Column]:
        """直属的下级栏目，关闭了的不算。"""
        return [
            c
            for c in self.columns
            if c.depth == column.depth + 1 and c.path.startswith(column.path) and not c.closed_on
        ]

    def taking_over(self, column: Column) -> Column | None:
        """关闭了的栏目的信息移到了哪个栏目；没有移的为 ``None``。"""
        return next((c for c in self.columns if c.pk == column.merged_into_id), None)

    def column(self, code: str) -> Column | None:
        """按代码取栏目。"""
        return next((c for c in self.columns if c.code == code), None)

    def crumbs(self, columns: Iterable[Column]) -> tuple[Link, ...]:
        """面包屑：首页和各级栏目。"""
        return (
            Link("首页", self.url(HOME)),
            *(Link(column.name, self.column_url(column)) for column in columns),
        )

    def name_of(self, key: ListKey) -> str:
        """列表的名称：栏目、机构或专题的；已经没有了为空串。"""
        named: dict[str, Iterable[Column | Organisation | Topic]] = {
            "column": self.columns,
            "organisation": self.organisations,
            "topic": self.topics,
        }
        return next((each.name for each in named[key.owner] if each.code == key.code), "")

    def entrance(self, column: Column) -> str:
        """栏目属于哪个入口。"""
        return self.column_url(self.ancestors(column)[0])

    def lower_governments(self) -> list[Organisation]:
        """下一级的人民政府：州的是各县市，县市的是各乡镇街道。"""
        below = self.site.organisation.depth + 1
        return [o for o in self.organisations if o.kind == Kind.GOVERNMENT and o.depth == below]

    @property
    def lower_label(self) -> str:
        """下一级政府的统称。"""
        return "县市" if self.site.organisation.level == Level.PREFECTURE else "乡镇街道"

    def departments(self) -> list[Organisation]:
        """本级的部门。"""
        return self._of(self.site.organisation.level, Kind.ADMINISTRATIVE)

    def render(self, template: str, head: PageHead | None, **context: Any) -> bytes:
        """用模板印一页。"""
        made = engines["jinja2"].env.get_template(template)  # type: ignore[attr-defined]
        text: str = made.render(site=self.chrome, page=head, press=self, **context)
        return text.encode()

    def _link_to(self, site: Site) -> Link:
        return Link(site.short_name, self.across(site, HOME))

    def _of(self, level: str, kind: str) -> list[Organisation]:
        return [o for o in self.organisations if o.level == level and o.kind == kind]


def _abbreviates(short: str, name: str) -> bool:
    """简称的每个字依次见于全称（临夏州—临夏回族自治州人民政府）：不必再写一遍。"""
    rest = iter(name)
    return all(character in rest for character in short)
