"""一条信息变了：它进哪些列表、出哪些列表，要重烘哪些页。只动库里的账，不碰文件。"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import F, Q

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.theme.formats import local
from yangguang.hub.publications.kinds import all_kinds, kind
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.refreshing import PLACED
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.topics.models import TOPIC, Topic
from yangguang.hub.topics.parts import part_path
from yangguang.hub.topics.selectors import candidate, gathered, interpreted_by, part_in

from .feeds import has_part, sitemap_parts
from .frame import ALERTS, AWAY, HOME, MAP, OFFLINE, ORGANISATIONS, TOPICS, WORKDAYS, Press
from .models import BakedPage, ListEntry, PublicList
from .rules import (
    FEEDS,
    HEAD,
    ListKey,
    feed_path,
    fixed_pages,
    list_path,
    pages_touched_by_item,
    pages_touched_by_placing,
    sitemap_part,
    sitemap_path,
    verify_path,
)
from .sheets import PageRef
from .topics import keys_under, topic_keys

EVERY_LIST = "list:"
"""不限条件的列表块的键：公开、更正、撤回任何一条都要重烘。"""


def list_key(key: ListKey) -> str:
    """页面上用到一个列表最新几条的键。"""
    return f"list:{key}"


def kind_key(code: str) -> str:
    """页面上用到一种信息最新几条的键。"""
    return f"kind:{code}"


def list_keys(refs: Iterable[PageRef]) -> set[str]:
    """要重烘的页里，首页要重烘的列表就是变了的：它们的键。"""
    subjects = (ref.subject.rpartition(" ") for ref in refs if ref.maker == "list")
    return {f"list:{key}" for key, _, page in subjects if int(page) == HEAD}


def place_everywhere(
    presses: Mapping[int, Press], publication: Publication
) -> dict[int, set[PageRef]]:
    """按信息现在的样子调整各站点的列表，返回各站点要重烘的页。重复执行不改变列表。须在事务里。

    与原件所在的站点、转发到的站点都有关；机构页上引到它的下级站点，只重烘那些页。列入栏目和机构的列表
    要照日志的次序，不在这里（``numbering``）；这里只撤下，和列入、撤下专题的。
    """
    shared = {share.site_id for share in publication.shares.all()}
    entries: dict[int, list[ListEntry]] = defaultdict(list)
    for entry in ListEntry.objects.filter(publication=publication).select_related("public_list"):
        entries[entry.public_list.site_id].append(entry)
    touched = {}
    for number, press in presses.items():
        if number == publication.site_id or number in shared:
            touched[number] = place(press, publication, entries[number])
        else:
            touched[number] = _pages_that_quote(press, publication, presses)
    return touched


def place(press: Press, publication: Publication, listed: Iterable[ListEntry]) -> set[PageRef]:
    """按信息现在的样子调整一个站点的列表，返回要重烘的页；``listed`` 是信息在这个站点的各个条目。"""
    touched = _own_pages(press, publication)
    wanted = _wanted(press, publication)
    entries = {ListKey.parse(entry.public_list.key): entry for entry in listed}
    for key, entry in entries.items():
        touched |= pages_of(key, pages_touched_by_item(entry.ordinal, entry.public_list.placed))
        if key not in wanted:
            strike(entry)
            touched |= years_turned(press, key, live=0)
    for key in wanted - entries.keys():
        if key.owner == "topic":
            touched |= pages_of(key, pages_touched_by_placing(_list(press, publication, key)))
            touched |= years_turned(press, key, live=1)
    for key in wanted | entries.keys():
        touched |= _feeds(key)
        if key.owner == "topic":
            touched.add(PageRef(TOPICS, "topics"))
    return touched


def place_by_key(presses: Mapping[int, Press], key: str) -> dict[int, set[PageRef]]:
    """数据的变更里动了列表的：专题的条件变了，或者一条信息要重新归位。返回各站点要重烘的页。"""
    if key.startswith(TOPIC):
        number = int(key.removeprefix(TOPIC))
        return {site: place_topic(press, number) for site, press in presses.items()}
    if key.startswith(PLACED):
        for press in presses.values():
            press.forget_topics()
        moved = Publication.objects.filter(pk=int(key.removeprefix(PLACED)))
        for publication in moved.select_related("organisation", "current_version"):
            return place_everywhere(presses, publication)
    return {}


def place_topic(press: Press, pk: int) -> set[PageRef]:
    """专题有了变动：照它现在的条件重排它的列表，返回要重烘的页。须在事务里。"""
    press.forget_topics()
    topic = next((each for each in press.topics if each.pk == pk), None)
    if topic is None:
        return _moved_away(press, pk)
    own = ListKey("topic", topic.code)
    touched = {PageRef(HOME, "home"), PageRef(TOPICS, "topics"), PageRef(MAP, "map"), *_feeds(own)}
    touched.add(PageRef("/sitemaps/pages.xml", "sitemap_part", "pages"))
    wanted = {
        (publication.pk, key): publication
        for publication in gathered(topic)
        for key in _keys_in(press, topic, publication)
    }
    entries = ListEntry.objects.filter(public_list__site=press.site).filter(
        Q(public_list__key=str(own)) | Q(public_list__key__startswith=f"{own}/")
    )
    listed = {
        (entry.publication_id, entry.public_list.list_key): entry
        for entry in entries.select_related("public_list", "publication__current_version")
    }
    for place, entry in listed.items():
        touched.add(record_page(entry.publication))
        if place not in wanted:
            strike(entry)
    for (number, key), publication in wanted.items():
        touched.add(record_page(publication))
        if (number, key) not in listed:
            _list(press, publication, key)
    lists = PublicList.objects.filter(site=press.site).filter(
        Q(key=str(own)) | Q(key__startswith=f"{own}/")
    )
    placed = dict.fromkeys(map(str, topic_keys(topic)), 0) | dict(
        lists.values_list("key", "placed")
    )
    for text, count in placed.items():
        touched |= pages_of(ListKey.parse(text), range(fixed_pages(count) + 1))
    return touched


def _moved_away(press: Press, pk: int) -> set[PageRef]:
    """专题从这里迁走了：它原来的各页都要写明去处；从来不是这里的没有。须在事务里。"""
    touched: set[PageRef] = set()
    for code, topic in press.moved_topics.items():
        if topic.pk != pk:
            continue
        own = ListKey("topic", code)
        lists = PublicList.objects.filter(site=press.site).filter(
            Q(key=str(own)) | Q(key__startswith=f"{own}/")
        )
        entries = ListEntry.objects.filter(public_list__in=lists)
        for entry in entries.select_related("publication"):
            touched.add(record_page(entry.publication))
            strike(entry)
        placed = dict.fromkeys(map(str, keys_under(code, topic)), 0) | dict(
            lists.values_list("key", "placed")
        )
        for text, count in placed.items():
            touched |= pages_of(ListKey.parse(text), range(fixed_pages(count) + 1))
        touched |= _feeds(own)
        touched |= {PageRef(HOME, "home"), PageRef(TOPICS, "topics"), PageRef(MAP, "map")}
        touched.add(PageRef("/sitemaps/pages.xml", "sitemap_part", "pages"))
    return touched


def _wanted(press: Press, publication: Publication) -> set[ListKey]:
    """信息现在该在站点的哪些列表里：``lists_of`` 的，和收它的专题。"""
    if publication.state != Publication.State.PUBLISHED:
        return set()
    placed = [p for p in publication.placements.all() if p.column.site_id == press.site.pk]
    if not placed:
        return set()
    keys = lists_of(
        press,
        [placement.column.code for placement in placed],
        publication.organisation,
        local(publication.published_at).year,
    )
    codes = frozenset(key.code for key in keys if key.owner == "column")
    if not press.topics:
        return keys
    interprets = interpreted_by(press.site, [publication.pk]).get(publication.pk, ())
    for topic in press.topics_gathering(candidate(publication, codes, interprets)):
        keys |= _keys_in(press, topic, publication)
    return keys


def _keys_in(press: Press, topic: Topic, publication: Publication) -> set[ListKey]:
    """专题收的一条信息在它的哪些列表里：专题的；分部分的，那一部分的和那一部分当年的。"""
    keys = {ListKey("topic", topic.code)}
    if topic.has_parts:
        code = part_path(topic.code, part_in(press.gatherings[topic.pk], publication))
        year = local(publication.published_at).year
        keys |= {ListKey("topic", code), ListKey("topic", code, year)}
    return keys


def lists_of(
    press: Press, columns: Iterable[str], organisation: Organisation, year: int
) -> set[ListKey]:
    """放在 ``columns``（代码）里的信息该在站点的哪些列表里：各栏目及其各级上级，各自的当年列表，发布机构。

    发布机构在本站范围内才有它的列表；已经没有了的栏目不算。
    """
    keys: set[ListKey] = set()
    for column in filter(None, map(press.column, columns)):
        for above in press.ancestors(column):
            keys |= {ListKey("column", above.code), ListKey("column", above.code, year)}
    if keys and press.covers(organisation):
        keys.add(ListKey("organisation", organisation.code))
    return keys


def _feeds(key: ListKey | None) -> set[PageRef]:
    """一个列表的订阅；没有自己的订阅的为空。"""
    if key is not None and not key.has_feeds:
        return set()
    subject = str(key) if key else ""
    return {PageRef(feed_path(key, name), maker, subject) for maker, name in FEEDS.items()}


def _list(press: Press, publication: Publication, key: ListKey) -> int:
    """列入，返回列表列入过多少条。"""
    public_list = next_place(press, key)
    enter(public_list, publication)
    return public_list.placed


def next_place(press: Press, key: ListKey) -> PublicList:
    """占下列表的下一个序号，``placed - 1`` 就是它。"""
    public_list, _ = PublicList.objects.get_or_create(site=press.site, key=str(key))
    PublicList.objects.filter(pk=public_list.pk).update(placed=F("placed") + 1)
    public_list.refresh_from_db(fields=["placed"])
    return public_list


def enter(public_list: PublicList, publication: Publication) -> None:
    """记下一条，用刚占下的序号。"""
    ListEntry.objects.create(
        public_list=public_list, publication=publication, ordinal=public_list.placed - 1
    )
    PublicList.objects.filter(pk=public_list.pk).update(live=F("live") + 1)


def strike(entry: ListEntry) -> None:
    """从列表撤下一条；序号不再给别人。"""
    entry.delete()
    PublicList.objects.filter(pk=entry.public_list_id).update(live=F("live") - 1)


def years_turned(press: Press, key: ListKey, live: int) -> set[PageRef]:
    """某年从无到有或从有到无，栏目各年首页上的年份要变。"""
    if key.year is None:
        return set()
    if not PublicList.objects.filter(site=press.site, key=str(key), live=live).exists():
        return set()
    return year_heads(press, key)


def year_heads(press: Press, of: ListKey) -> set[PageRef]:
    """栏目、专题的一部分的首页和各年的首页。"""
    own = ListKey(of.owner, of.code)
    lists = PublicList.objects.filter(site=press.site, key__startswith=f"{own}:")
    keys = {own, *(each.list_key for each in lists)}
    return {ref for key in keys for ref in pages_of(key, {HEAD})}


def pages_of(key: ListKey, pages: Iterable[int]) -> set[PageRef]:
    """固定页第 0 页就是首页，所以“前一页”不存在时不必另外判断。"""
    return {PageRef(list_path(key, page), "list", f"{key} {page}") for page in pages}


def _own_pages(press: Press, publication: Publication) -> set[PageRef]:
    refs = {
        *_unit_heads(press, publication),
        *record_pages(publication),
        PageRef(HOME, "home"),
        *_feeds(None),
    }
    return refs | _sitemap(press, publication)


def _unit_heads(press: Press, publication: Publication) -> set[PageRef]:
    """各机构页的首页，若这一种类在上面占一块。"""
    units = press.organisations if kind(publication.kind).unit_block else []
    return {ref for unit in units for ref in pages_of(ListKey("organisation", unit.code), {HEAD})}


def _pages_that_quote(
    press: Press, publication: Publication, presses: Mapping[int, Press]
) -> set[PageRef]:
    """信息不在这个站点，但它是上级站点的、机构页和首页引到它的，要重烘的页。"""
    above = presses[publication.site_id].site.organisation
    if not kind(publication.kind).unit_block or not press.site.organisation.path.startswith(
        above.path
    ):
        return set()
    return _unit_heads(press, publication) | {PageRef(HOME, "home")}


def _sitemap(press: Press, publication: Publication) -> set[PageRef]:
    """信息所在的一册；这一册从无到有、从有到无时，总目也要变。

    原件不在这里的，只有迁走了的还要从册里去掉。
    """
    number = sitemap_part(publication.pk)
    part = PageRef(sitemap_path(number), "sitemap_part", str(number))
    baked = BakedPage.objects.filter(site=press.site, path=part.path).exclude(sha256="")
    was, has = baked.exists(), has_part(press, number)
    if was == has:
        return {part} if has else set()
    return {part, PageRef("/sitemap.xml", "sitemap")}


def record_page(publication: Publication) -> PageRef:
    """信息页。"""
    return PageRef(path_of(publication), "record", str(publication.pk))


def record_pages(publication: Publication) -> set[PageRef]:
    """信息页和供核验的载荷。"""
    return {
        record_page(publication),
        PageRef(verify_path(publication.pk), "payload", str(publication.pk)),
    }


def every_page(press: Press) -> set[PageRef]:
    """站点现在该有的全部页面，从库里数出来，不看已经烘了什么。"""
    refs = {
        PageRef(HOME, "home"),
        PageRef(ORGANISATIONS, "organisations"),
        PageRef(TOPICS, "topics"),
        PageRef(ALERTS, "alerts"),
        PageRef(WORKDAYS, "workdays"),
        PageRef(MAP, "map"),
        PageRef("/404.html", "not_found"),
        PageRef(AWAY, "away"),
        PageRef(OFFLINE, "offline"),
        PageRef("/robots.txt", "robots"),
        *_feeds(None),
        PageRef("/sitemap.xml", "sitemap"),
        PageRef("/sitemaps/pages.xml", "sitemap_part", "pages"),
        *(PageRef(sitemap_path(part), "sitemap_part", str(part)) for part in sitemap_parts(press)),
        *current_assets(press),
        *library_pages(),
    }
    keys = {ListKey("column", column.code): 0 for column in press.columns}
    keys |= {ListKey("organisation", o.code): 0 for o in press.organisations}
    keys |= {key: 0 for topic in press.topics for key in topic_keys(topic)}
    keys |= {key: 0 for code, t in press.moved_topics.items() for key in keys_under(code, t)}
    keys |= {each.list_key: each.placed for each in PublicList.objects.filter(site=press.site)}
    for key, placed in keys.items():
        refs |= pages_of(key, range(fixed_pages(placed) + 1)) | _feeds(key)
    every = Publication.objects.select_related("current_version")
    for publications in (every.filter(site=press.site), every.filter(shares__site=press.site)):
        for publication in publications.iterator(chunk_size=500):
            refs |= record_pages(publication)
    return refs


def library_pages() -> Iterator[PageRef]:
    """每个站点都有的库的各页。"""
    for chosen in all_kinds():
        if chosen.library:
            for path, which in zip(chosen.library.paths, ("current", "past"), strict=False):
                yield PageRef(path, "library", f"{chosen.code} {which}")


def current_assets(press: Press) -> set[PageRef]:
    """站点现在的样式和脚本。"""
    return {PageRef(asset.path, "asset", asset.name) for asset in press.assets}


def mark(press: Press, refs: Iterable[PageRef], generation: int) -> None:
    """标记要重烘。已有的页只提高要求的世代。"""
    BakedPage.objects.bulk_create(
        (
            BakedPage(
                site=press.site, path=ref.path, maker=ref.maker, subject=ref.subject,
                wanted=generation,
            )
            for ref in sorted(refs, key=lambda ref: ref.path)
        ),
        update_conflicts=True,
        unique_fields=["site", "path"],
        update_fields=["maker", "subject", "wanted"],
        batch_size=200,
    )  # fmt: skip
