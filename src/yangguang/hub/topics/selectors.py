"""专题的读取。"""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Placement, Publication
from yangguang.hub.publications.selectors import published

from .models import Topic, TopicChoice
from .rules import Candidate, Gathering, gathers


def topics_of(site: Site) -> QuerySet[Topic]:
    """站点的全部专题：进行中的在前，新开的在前。一次查询。"""
    return Topic.objects.filter(site=site).order_by("-state", "-opened_on", "-pk")


def gatherings(topics: Sequence[Topic]) -> dict[int, Gathering]:
    """各专题收哪些信息，按编号。三次查询，与专题多少无关。"""
    pks = [topic.pk for topic in topics]
    columns: dict[int, set[str]] = {pk: set() for pk in pks}
    units: dict[int, set[int]] = {pk: set() for pk in pks}
    chosen: dict[tuple[int, bool], set[int]] = {}
    through = Topic.columns.through.objects.filter(topic__in=pks)
    for topic, code in through.values_list("topic", "column__code"):
        columns[topic].add(code)
    members = Topic.organisations.through.objects.filter(topic__in=pks)
    for topic, unit in members.values_list("topic", "organisation"):
        units[topic].add(unit)
    rows = TopicChoice.objects.filter(topic__in=pks)
    for topic, excluded, publication in rows.values_list("topic", "is_excluded", "publication"):
        chosen.setdefault((topic, excluded), set()).add(publication)
    return {
        topic.pk: Gathering(
            columns=frozenset(columns[topic.pk]),
            organisations=frozenset(units[topic.pk]),
            words=tuple(topic.words),
            until=topic.closed_on,
            added=frozenset(chosen.get((topic.pk, False), ())),
            excluded=frozenset(chosen.get((topic.pk, True), ())),
        )
        for topic in topics
    }


def gathered(topic: Topic) -> list[Publication]:
    """专题此刻收进来的全部信息，先公开的在前。六次查询，与信息多少无关。

    先在库里按同样的条件粗选，再由规则定：库里的匹配可能宽，不会窄。
    """
    gathering = gatherings([topic])[topic.pk]
    wanted = Q(pk__in=gathering.added)
    if gathering.is_by_rule:
        wanted |= _rough(topic.site, gathering)
    rows = list(published_on(topic.site).filter(wanted).order_by("published_at", "pk"))
    codes = codes_of(topic.site, rows)
    return [row for row in rows if gathers(gathering, candidate(row, codes[row.pk]))]


def empty_topics(site: Site) -> list[Topic]:
    """站点里开着而一条信息也没有收进来的专题。每个专题六次查询。"""
    return [topic for topic in topics_of(site).filter(state="open") if not gathered(topic)]


def published_on(site: Site) -> QuerySet[Publication]:
    """站点上公开着的：原件在这里的，和转发来的。"""
    return published().filter(Q(site=site) | Q(shares__site=site, shares__ended_at=None)).distinct()


def candidate(publication: Publication, columns: frozenset[str]) -> Candidate:
    """一条信息里与专题有关的。不查询。"""
    return Candidate(
        publication.pk,
        publication.title,
        publication.organisation_id,
        timezone.localdate(publication.published_at),
        columns,
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


def _rough(site: Site, gathering: Gathering) -> Q:
    wanted = Q()
    if gathering.columns:
        paths = Column.objects.filter(site=site, code__in=gathering.columns)
        inside = Q()
        for path in paths.values_list("path", flat=True):
            inside |= Q(columns__path__startswith=path)
        wanted &= inside
    if gathering.organisations:
        wanted &= Q(organisation__in=gathering.organisations)
    if gathering.words:
        titled = Q()
        for word in gathering.words:
            titled |= Q(title__contains=word)
        wanted &= titled
    return wanted
