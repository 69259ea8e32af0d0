"""专题的读取。"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.linking import interpreting
from yangguang.hub.publications.models import Placement, Publication
from yangguang.hub.publications.selectors import published

from .models import Topic, TopicChoice, TopicMove
from .parts import part_of
from .rules import Candidate, Gathering, gathers


def topics_of(site: Site) -> QuerySet[Topic]:
    """站点的全部专题：进行中的在前，新开的在前。一次查询。"""
    return (
        Topic.objects.filter(site=site)
        .select_related("owner")
        .order_by("-state", "-opened_on", "-pk")
    )


def offered_on(site: Site | None, kept: Iterable[Topic] = ()) -> list[Topic]:
    """起草时可以选的专题：站点的、开着的；``kept`` 是已经选了的，结束了也列着。一次查询。"""
    chosen = [topic.pk for topic in kept]
    found = Topic.objects.filter(Q(site=site, state="open") | Q(pk__in=chosen))
    return list(found.order_by("-opened_on", "name"))


def moved_from(site: Site) -> dict[str, Topic]:
    """从站点迁走了的专题，按原来的地址代码，连同现在的站点。一次查询。"""
    rows = TopicMove.objects.filter(site=site).select_related("topic__site")
    return {row.code: row.topic for row in rows.order_by("pk")}


def gatherings(topics: Sequence[Topic]) -> dict[int, Gathering]:
    """各专题收哪些信息，按编号。三次查询，与专题多少无关。"""
    pks = [topic.pk for topic in topics]
    columns: dict[int, set[str]] = {pk: set() for pk in pks}
    units: dict[int, set[int]] = {pk: set() for pk in pks}
    chosen: dict[tuple[int, bool], set[int]] = {}
    parts: dict[int, dict[int, str]] = {pk: {} for pk in pks}
    through = Topic.columns.through.objects.filter(topic__in=pks)
    for topic, code in through.values_list("topic", "column__code"):
        columns[topic].add(code)
    members = Topic.organisations.through.objects.filter(topic__in=pks)
    for topic, unit in members.values_list("topic", "organisation"):
        units[topic].add(unit)
    rows = TopicChoice.objects.filter(topic__in=pks)
    for topic, excluded, publication, part in rows.values_list(
        "topic", "is_excluded", "publication", "part"
    ):
        chosen.setdefault((topic, excluded), set()).add(publication)
        if part:
            parts[topic][publication] = part
    return {
        topic.pk: Gathering(
            columns=frozenset(columns[topic.pk]),
            organisations=frozenset(units[topic.pk]),
            words=tuple(topic.words),
            until=topic.closed_on,
            added=frozenset(chosen.get((topic.pk, False), ())),
            excluded=frozenset(chosen.get((topic.pk, True), ())),
            parts=parts[topic.pk],
        )
        for topic in topics
    }


def gathered(topic: Topic) -> list[Publication]:
    """专题此刻收进来的全部信息，先公开的在前。至多九次查询，与信息多少无关。"""
    return gathered_in([topic])[topic.pk]


def gathered_in(
    topics: Sequence[Topic], among: QuerySet[Publication] | None = None
) -> dict[int, list[Publication]]:
    """同一站点的几个专题此刻各自收进来的，按专题的编号，先公开的在前。至多九次查询，与专题、信息多少无关。

    先在库里按同样的条件粗选，再由规则定：库里的匹配可能宽，不会窄。``among`` 是在哪些里面选，不给就是站点上
    公开着的。
    """
    if not topics:
        return {}
    site = topics[0].site
    every = published_on(site) if among is None else among
    conditions = gatherings(topics)
    wanted = Q(pk__in={pk for each in conditions.values() for pk in each.added})
    for rough in _rough(site, [each for each in conditions.values() if each.is_by_rule]):
        wanted |= rough
    rows = {row.pk: row for row in every.filter(wanted)}
    links = interpreting().filter(target__in=list(rows)).values_list("source", "target")
    interprets: dict[int, list[int]] = defaultdict(list)
    for source, target in links.order_by("pk"):
        interprets[source].append(target)
    rows |= {row.pk: row for row in every.filter(pk__in=interprets.keys() - rows.keys())}
    codes = codes_of(site, list(rows.values()))
    plain = {pk: candidate(row, codes[pk]) for pk, row in rows.items()}
    candidates = [
        (row, candidate(row, codes[row.pk], [plain[pk] for pk in interprets[row.pk]]))
        for row in sorted(rows.values(), key=lambda row: (row.published_at, row.pk))
    ]
    return {
        topic.pk: [row for row, each in candidates if gathers(conditions[topic.pk], each)]
        for topic in topics
    }


def empty_topics(site: Site) -> list[Topic]:
    """站点里开着而一条信息也没有收进来的专题。至多十次查询。"""
    topics = list(topics_of(site).filter(state="open").select_related("site"))
    found = gathered_in(topics)
    return [topic for topic in topics if not found[topic.pk]]


def published_on(site: Site) -> QuerySet[Publication]:
    """站点上公开着的：原件在这里的，和转发来的。"""
    return published().filter(Q(site=site) | Q(shares__site=site, shares__ended_at=None)).distinct()


def candidate(
    publication: Publication, columns: frozenset[str], interprets: Iterable[Candidate] = ()
) -> Candidate:
    """一条信息里与专题有关的。不查询。"""
    return Candidate(
        publication.pk,
        publication.title,
        publication.organisation_id,
        timezone.localdate(publication.published_at),
        columns,
        tuple(interprets),
    )


def interpreted_by(site: Site, publications: Iterable[int]) -> Mapping[int, tuple[Candidate, ...]]:
    """各条信息所解读的、站点上公开着的文件，按信息的编号。一次查询，有的再加三次。"""
    links = interpreting().filter(source__in=list(publications)).order_by("pk")
    pairs = list(links.values_list("source", "target"))
    if not pairs:
        return {}
    rows = published_on(site).filter(pk__in={target for _, target in pairs})
    targets = {row.pk: row for row in rows.defer("current_version__payload")}
    codes = codes_of(site, list(targets.values()))
    found: dict[int, tuple[Candidate, ...]] = {}
    for source, target in pairs:
        if target in targets:
            each = candidate(targets[target], codes[target])
            found[source] = (*found.get(source, ()), each)
    return found


def part_in(gathering: Gathering, publication: Publication) -> str:
    """一条信息在专题里归哪一部分。读了现行版本的不查询。"""
    version = publication.current_version
    form = version.payload.get("form", "") if version else ""
    by_hand = gathering.parts.get(publication.pk, "")
    return part_of(publication.kind, form, publication.stage, by_hand)


def without_payloads(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """不读载荷，只带出归部分要看的体裁（``form``）。"""
    return publications.defer("current_version__payload").annotate(
        form=KeyTextTransform("form", "current_version__payload")
    )


def codes_of(site: Site, publications: Sequence[Publication]) -> dict[int, frozenset[str]]:
    """各条信息所在栏目连同各级上级的代码。两次查询。"""
    by_path = dict(Column.objects.filter(site=site).values_list("path", "code"))
    found: dict[int, set[str]] = {publication.pk: set() for publication in publications}
    placements = Placement.objects.filter(publication__in=found)
    for publication, path in placements.values_list("publication", "column__path"):
        ends = range(Column.steplen, len(path) + 1, Column.steplen)
        found[publication] |= {by_path[path[:end]] for end in ends if path[:end] in by_path}
    return {pk: frozenset(codes) for pk, codes in found.items()}


def _rough(site: Site, conditions: Sequence[Gathering]) -> list[Q]:
    """各个条件在库里的样子。有条件的一次查询。"""
    if not conditions:
        return []
    codes = {code for each in conditions for code in each.columns}
    paths = dict(Column.objects.filter(site=site, code__in=codes).values_list("code", "path"))
    found = []
    for each in conditions:
        wanted, inside, titled = Q(), Q(), Q()
        for code in each.columns & paths.keys():
            inside |= Q(columns__path__startswith=paths[code])
        for word in each.words:
            titled |= Q(title__contains=word)
        if each.organisations:
            wanted &= Q(organisation__in=each.organisations)
        found.append(wanted & inside & titled)
    return found
