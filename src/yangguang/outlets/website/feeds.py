"""给机器读的：订阅、站点地图、robots、样式与脚本。"""

from datetime import datetime

from django.db.models import Max

from yangguang.hub.publications.kinds import kind, libraries
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of, published, shown_on

from .frame import HOME, MAP, ORGANISATIONS, TOPICS, Press
from .items import items
from .models import ListEntry
from .rules import FEEDS, SITEMAP_PART, ListKey, feed_path, sitemap_path
from .sheets import Sheet, maker
from .topics import topic_keys

FEED_SIZE = 20


@maker("feed")
def feed(press: Press, subject: str) -> Sheet | None:
    """Atom 订阅：全站（``subject`` 为空），或一个栏目、机构、专题最新的二十条。"""
    return _feed(press, subject, "feed")


@maker("rss")
def rss(press: Press, subject: str) -> Sheet | None:
    """同样的内容，RSS 2.0。"""
    return _feed(press, subject, "rss")


def _feed(press: Press, subject: str, format: str) -> Sheet | None:
    key = ListKey.parse(subject) if subject else None
    title = press.name_of(key) if key else "最新公开"
    if not title:
        return None
    if key:
        listed = ListEntry.objects.filter(public_list__site=press.site, public_list__key=subject)
        newest = listed.order_by("-ordinal").values_list("publication", flat=True)
        chosen = published().filter(pk__in=list(newest[: 2 * FEED_SIZE]))[:FEED_SIZE]
    else:
        chosen = shown_on(press.site, FEED_SIZE)
    rows = list(chosen.defer("current_version__payload"))
    path, home = feed_path(key, FEEDS[format]), press.absolute(key.folder if key else HOME)
    entries = [
        (row, item, press.absolute(path_of(row)), row.site.address + path_of(row))
        for row, item in zip(rows, items(press, chosen), strict=True)
    ]
    updated = max(
        (row.current_version.created_at for row in rows if row.current_version), default=None
    )
    content = press.render(
        f"website/{FEEDS[format]}",
        None,
        title=f"{press.site.name} {title}",
        address=press.absolute(path),
        home=home,
        updated=updated,
        entries=entries,
    )
    return Sheet(content)


@maker("sitemap")
def sitemap(press: Press, subject: str) -> Sheet:
    """站点地图的总目。"""
    parts = [press.absolute("/sitemaps/pages.xml")]
    parts += [press.absolute(sitemap_path(number)) for number in sitemap_parts(press)]
    return Sheet(press.render("website/sitemap_index.xml", None, parts=parts))


def sitemap_parts(press: Press) -> list[int]:
    """有已发布信息的分册号。每册一次查询，只看有没有。"""
    last = Publication.objects.filter(site=press.site).aggregate(Max("pk"))["pk__max"]
    return (
        [] if last is None else [n for n in range(last // SITEMAP_PART + 1) if has_part(press, n)]
    )


def has_part(press: Press, number: int) -> bool:
    """这一册里有没有已发布的信息。一次查询。"""
    start = number * SITEMAP_PART
    rows = published().filter(site=press.site, pk__gte=start, pk__lt=start + SITEMAP_PART)
    return rows.order_by().exists()


@maker("sitemap_part")
def sitemap_part(press: Press, subject: str) -> Sheet | None:
    """站点地图的一册：``pages`` 是栏目、机构等页，数字是一段信息。转发来的不列，列在原件那里。"""
    if subject == "pages":
        paths = [HOME, ORGANISATIONS, TOPICS, MAP]
        paths += [path for each in libraries() for path in each.paths]
        paths += [ListKey("column", column.code).folder for column in press.columns]
        paths += [ListKey("organisation", o.code).folder for o in press.organisations]
        paths += [key.folder for topic in press.topics for key in topic_keys(topic)]
        entries: list[tuple[str, datetime | None]] = [
            (press.absolute(path), None) for path in paths
        ]
    else:
        start = int(subject) * SITEMAP_PART
        rows = (
            published()
            .filter(site=press.site, pk__gte=start, pk__lt=start + SITEMAP_PART)
            .order_by("pk")
            .values_list("pk", "kind", "current_version__created_at")
        )
        entries = [(press.absolute(kind(code).path(pk)), at) for pk, code, at in rows]
        if not entries:
            return None
    return Sheet(press.render("website/sitemap.xml", None, entries=entries))


@maker("robots")
def robots(press: Press, subject: str) -> Sheet:
    """robots.txt：动态部分不必抓取。爬虫只看域名根上的一份，所以同域名各站点的地图都列在这里。"""
    lines = ["User-agent: *", "Disallow: /workbench/", "Disallow: /interact/", "Allow: /"]
    sites = [press.site, *(site for site in press.others if site.domain == press.site.domain)]
    lines += [f"Sitemap: {site.address}/sitemap.xml" for site in sites]
    return Sheet(("\n".join(lines) + "\n").encode())


@maker("asset")
def asset(press: Press, subject: str) -> Sheet | None:
    """样式或脚本。名字里的哈希不再是现在的，就原样留着给还没重烘的页面用。"""
    found = next((each for each in press.assets if each.name == subject), None)
    return Sheet(found.content) if found else None
