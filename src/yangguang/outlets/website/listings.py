"""首页、栏目、机构、网站地图、查无此页。"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from yangguang.foundation.organisations.models import Kind, Level, Organisation
from yangguang.foundation.theme.chrome import Link, PageHead
from yangguang.foundation.theme.labels import column_labels
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.data import compute
from yangguang.hub.publications.kinds import PublicationKind, all_kinds, libraries
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import newest_above
from yangguang.hub.topics.models import Topic

from .arrangement import Arranged, arranged
from .frame import AWAY, HOME, MAP, OFFLINE, ORGANISATIONS, Press
from .items import Listed, ListPage, list_pages, years_of
from .records import DAY
from .rules import HEAD, ListKey, list_path, neighbours
from .sheets import Sheet, batch_maker, maker
from .topics import part_keys, parts_shown, topic_list, topic_page

Newest = Callable[[str], Publication | None]
"""一种信息（代码）最新的一条，不在本站就沿机构的树向上找；一批里各种类只读一次。"""


@maker("home")
def home(press: Press, subject: str) -> Sheet:
    """首页。"""
    return home_of(press, arranged(press))


def home_of(press: Press, page: Arranged) -> Sheet:
    """照给出的编排印首页；预览草稿也用它。"""
    head = PageHead(
        title=press.site.name,
        path=HOME,
        labels=press.site_labels,
        current=press.url(HOME),
        description=f"{press.site.name}的文件、任务落实和政府信息公开。",
        feeds=(press.feed("最新公开"),),
    )
    content = press.render("website/home.html", head, arranged=page)
    return Sheet(content, page.keys, attachments=page.files)


@batch_maker("list")
def listings(press: Press, subjects: Sequence[str]) -> Iterator[Sheet | None]:
    """列表的若干页。``subjects`` 各是“列表键 页号”。"""
    wanted = [
        (ListKey.parse(key), int(page))
        for key, _, page in (subject.partition(" ") for subject in subjects)
    ]
    newest = cache(partial(newest_above, press.site))
    parts = [(part, HEAD) for key, page in wanted for part in _parts_under(press, key, page)]
    pages = list_pages(press, wanted + parts)
    heads = dict(zip(parts, pages[len(wanted) :], strict=True))
    for (key, page), found in zip(wanted, pages, strict=False):
        if found is None:
            yield None
            continue
        listed = _listed(press, key, page, found)
        if key.owner == "topic":
            shown = [heads[part, HEAD] for part in _parts_under(press, key, page)]
            yield topic_list(press, key, page, listed, [each for each in shown if each])
        else:
            yield _listing(press, key, page, listed, newest)


def topic_head_of(press: Press, topic: Topic, page: Arranged) -> Sheet:
    """照给出的编排印专题的首页；预览草稿用它。"""
    key = ListKey("topic", topic.code)
    found = list_pages(press, [(key, HEAD), *((each, HEAD) for each in part_keys(topic))])
    pages = [each or ListPage([], 0, 1, 0) for each in found]
    listed = _listed(press, key, HEAD, pages[0])
    return topic_page(press, topic, HEAD, page, listed, parts_shown(press, topic, pages[1:]))


def _parts_under(press: Press, key: ListKey, page: int) -> list[ListKey]:
    """一页上要列的专题的各部分：专题首页的。"""
    if key.owner != "topic" or key.part or page != HEAD:
        return []
    topic = next((each for each in press.topics if each.code == key.code), None)
    return part_keys(topic) if topic else []


def _listing(press: Press, key: ListKey, page: int, listed: Listed, newest: Newest) -> Sheet | None:
    if key.owner == "organisation":
        return _organisation(press, key, page, listed, newest)
    return _column(press, key, page, listed)


def _listed(press: Press, key: ListKey, page: int, found: ListPage) -> Listed:
    newer, older = (
        None if number is None else press.url(list_path(key, number))
        for number in neighbours(page, found.placed, found.start)
    )
    place = "最新" if page == HEAD else f"第 {page} 页"
    return Listed(found.items, found.live, page == HEAD, newer, older, place)


def _column(press: Press, key: ListKey, page: int, listed: Listed) -> Sheet | None:
    column = press.column(key.code)
    if column is None:
        return None
    title = column.name + (f"（{key.year}年）" if key.year else "")
    lineage = press.ancestors(column)
    upper = lineage if key.year or page != HEAD else lineage[:-1]
    head = PageHead(
        title=title if page == HEAD else f"{title} 第 {page} 页",
        path=list_path(key, page),
        labels=press.site_labels
        + column_labels(column.name, column.description, column.keywords, column.column_type),
        crumbs=(*press.crumbs(upper), Link(_here(key, page, column), "")),
        current=press.entrance(column),
        description=column.description,
        feeds=(press.feed(column.name, ListKey("column", column.code)),),
    )
    content = press.render(
        "website/column.html",
        head,
        column=column,
        year=key.year,
        children=press.children(column) if page == HEAD and not key.year else [],
        years=years_of(press, key) if page == HEAD else [],
        listed=listed,
    )
    return Sheet(content, frozenset({DAY} if listed.is_dated else ()))


def _here(key: ListKey, page: int, column: Column) -> str:
    if page != HEAD:
        return (f"{key.year}年 " if key.year else "") + f"第 {page} 页"
    return f"{key.year}年" if key.year else column.name


def _organisation(
    press: Press, key: ListKey, page: int, listed: Listed, newest: Newest
) -> Sheet | None:
    organisation = next((o for o in press.organisations if o.code == key.code), None)
    if organisation is None:
        return None
    head = PageHead(
        title=organisation.name if page == HEAD else f"{organisation.name} 第 {page} 页",
        path=list_path(key, page),
        labels=press.site_labels + _organisation_labels(organisation.name),
        crumbs=(
            Link("首页", press.url(HOME)),
            Link("机构", press.url(ORGANISATIONS)),
            Link(organisation.short_name, ""),
        ),
        current=press.url(ORGANISATIONS),
        description=f"{organisation.name}公开的政府信息。",
        feeds=(press.feed(organisation.name, key),),
    )
    below = [
        o
        for o in press.organisations
        if o.depth == organisation.depth + 1 and o.path.startswith(organisation.path)
    ]
    blocks, keys = _unit_blocks(press, organisation, newest) if page == HEAD else ([], set[str]())
    content = press.render(
        "website/organisation.html",
        head,
        organisation=organisation,
        own_site=_own_site(press, organisation),
        superior=_superior(press, organisation),
        below=below if page == HEAD and organisation.pk != press.site.organisation_id else [],
        blocks=blocks,
        listed=listed,
    )
    return Sheet(content, frozenset(keys | ({DAY} if listed.is_dated else set())))


def _unit_blocks(
    press: Press, organisation: Organisation, newest: Newest
) -> tuple[list[str], set[str]]:
    """机构页上各种类的一块，和用到的数据键。"""
    found = [
        unit_part(press, organisation, each, each.unit_block, newest(each.code))
        for each in all_kinds()
        if each.unit_block
    ]
    keys: set[str] = set().union(*(used for _, used in found))
    return [html for html, _ in found if html], keys


def unit_part(
    press: Press,
    organisation: Organisation,
    chosen: PublicationKind,
    template: str,
    publication: Publication | None,
) -> tuple[str, set[str]]:
    """一种信息最新的一条（``publication``）里属于这个机构的部分，和用到的数据键。

    没有的不显示，但键照记：有了就要重烘。
    """
    if publication is None or publication.current_version is None:
        return "", set()
    payload = publication.current_version.payload
    keys = {*chosen.data_keys(payload), DAY}
    own = compute(chosen.unit_key(payload, organisation.code), press.as_of)
    if not own:
        return "", keys
    part = press.render(
        template,
        None,
        organisation=organisation,
        own_href=press.organisation_url(organisation),
        href=press.href(publication),
        **own,
    )
    return part.decode(), keys


def _own_site(press: Press, organisation: Organisation) -> Link | None:
    """机构的信息发在下级的站点：那里的机构页。"""
    site = press.site_of(organisation)
    if site is None:
        return None
    path = list_path(ListKey("organisation", organisation.code))
    return Link(site.name, press.across(site, path))


def _superior(press: Press, organisation: Organisation) -> Organisation | None:
    return next(
        (o for o in press.organisations if o.pk == organisation.disclosure_authority_id), None
    )


def _organisation_labels(name: str) -> tuple[tuple[str, str], ...]:
    return column_labels(name, f"{name}的名称、性质和公开的政府信息。", f"{name},机构", "机构职能")


@maker("organisations")
def organisations(press: Press, subject: str) -> Sheet:
    """机构名录：县市、部门、其他，各成一组。"""
    own = press.site.organisation
    lower, departments = press.lower_governments(), press.departments()
    known = {o.pk for o in (*lower, *departments, own)}
    within_counties, towns = (
        [o for o in press.organisations if o.level == level and o.pk not in known]
        for level in (Level.COUNTY, Level.TOWNSHIP)
    )
    known |= {o.pk for o in (*within_counties, *towns)}
    groups = [
        ("本级政府", [own]),
        (press.lower_label, lower),
        ("政府部门", departments),
        *(
            (
                Kind(kind).label,
                [o for o in press.organisations if o.kind == kind and o.pk not in known],
            )
            for kind in Kind.values
        ),
        ("县市部门", within_counties),
        ("乡镇街道", towns),
    ]
    head = PageHead(
        title="机构",
        path=ORGANISATIONS,
        description=f"{press.site.short_name}各机构的名录，每个机构公开的信息各有一页。",
        labels=press.site_labels + _organisation_labels(press.site.short_name + "机构"),
        crumbs=(Link("首页", press.url(HOME)), Link("机构", "")),
        current=press.url(ORGANISATIONS),
    )
    shown = [(name, members) for name, members in groups if members]
    return Sheet(press.render("website/organisations.html", head, groups=shown))


@maker("map")
def site_map(press: Press, subject: str) -> Sheet:
    """网站地图：栏目的树、机构、订阅。"""
    head = PageHead(
        title="网站地图",
        path=MAP,
        description=f"{press.site.name}的全部栏目、机构和专题。",
        labels=press.site_labels,
        crumbs=(Link("首页", press.url(HOME)), Link("网站地图", "")),
        current=press.url(MAP),
    )
    return Sheet(
        press.render("website/map.html", head, roots=press.open_roots, libraries=libraries())
    )


@maker("not_found")
def not_found(press: Press, subject: str) -> Sheet:
    """查无此页。"""
    head = PageHead(
        title="没有找到这个页面",
        path="/404.html",
        description="地址可能写错了，或者这个页面从来没有过。",
        labels=press.site_labels,
        indexed=False,
    )
    return Sheet(press.render("website/not_found.html", head))


@maker("offline")
def offline(press: Press, subject: str) -> Sheet | None:
    """临时下线的公告；没有下线就没有这一页。"""
    notice = press.site.notice
    if press.site.state != "offline" or notice is None:
        return None
    head = PageHead(
        title=notice.title,
        path=OFFLINE,
        description=notice.paragraphs[0],
        labels=press.site_labels,
        indexed=False,
    )
    return Sheet(press.render("website/offline.html", head, notice=notice))


@maker("away")
def away(press: Press, subject: str) -> Sheet:
    """应用不在时，动态部分的地址上放这一页；公开页面照常。"""
    head = PageHead(
        title="暂时不能用",
        path=AWAY,
        description="检索、互动和工作台正在维护，已经公开的信息可以照常查阅。",
        labels=press.site_labels,
        indexed=False,
    )
    return Sheet(press.render("website/away.html", head))
