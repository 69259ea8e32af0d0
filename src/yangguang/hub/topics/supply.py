"""专题供给的读取：落实工作方案的各个专题现在有什么、缺什么。考核、任务页的指标也从这里取。"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.rules import EDITORS
from yangguang.hub.publications.linking import interpreting
from yangguang.hub.publications.models import Publication

from .models import Topic, TopicChoice
from .parts import part_of
from .rules import Gathering
from .selectors import gathered_in, gatherings, published_on, without_payloads
from .supply_rules import Alarm, Held, TopicSupply, supply_of
from .terms import terms

SUPPLIERS = frozenset({"drafter", "reviewer", "approver", "supervisor"})
"""责任单位里谁看得到自己专题的供给。"""


@dataclass(frozen=True)
class Supplied:
    """一个专题和它的供给。"""

    topic: Topic
    supply: TopicSupply


def topics_supplied(actor: Actor | None = None) -> QuerySet[Topic]:
    """落实工作方案的、开着的专题：管着站点的看站点的，责任单位的人看自己的；不给 ``actor`` 是全部。用时一次查询。"""
    every = Topic.objects.filter(state="open", owner__isnull=False)
    every = every.select_related("site__organisation", "owner", "organisation").order_by("pk")
    if actor is None:
        return every
    if actor.role not in SUPPLIERS:
        return every.none()
    seen = _covered(actor, "owner")
    if actor.role in EDITORS:
        seen |= _covered(actor, "site__organisation")
    return every.filter(seen)


def _covered(actor: Actor, path: str) -> Q:
    if actor.includes_subtree:
        return Q(**{f"{path}__path__startswith": actor.organisation_path})
    return Q(**{path: actor.organisation_id})


def supplies(topics: Iterable[Topic], today: date) -> list[Supplied]:
    """各专题到 ``today`` 的供给，次序不变。每个站点至多二十四次查询，与专题、信息多少无关。"""
    by_site: dict[Site, list[Topic]] = defaultdict(list)
    wanted = list(topics)
    for topic in wanted:
        by_site[topic.site].append(topic)
    found: dict[int, TopicSupply] = {}
    for site, own in by_site.items():
        found |= _supplies_of(site, own, today)
    return [Supplied(topic, found[topic.pk]) for topic in wanted]


def alarms(supplied: Iterable[Supplied], today: date) -> list[tuple[Topic, list[Alarm]]]:
    """``today`` 要报警的专题，和缺什么。不查询。"""
    told = [(each.topic, each.supply.alarms(today)) for each in supplied]
    return [(topic, faults) for topic, faults in told if faults]


def supplies_of_task(task: int, basis: str, today: date) -> list[Supplied]:
    """落实方案（``basis`` 是它的文号）第 ``task`` 项的各专题的供给，供任务页的指标用。查询同 ``supplies``。"""
    topics = [each for each in topics_supplied() if each.basis == basis and task in each.tasks]
    return supplies(topics, today)


def _supplies_of(site: Site, topics: Sequence[Topic], today: date) -> dict[int, TopicSupply]:
    conditions = gatherings(topics)
    held = gathered_in(topics, without_payloads(published_on(site)))
    forms = _forms({row.pk for rows in held.values() for row in rows})
    gone = _gone(site, topics, conditions)
    by_day = terms(today)
    return {
        topic.pk: supply_of(
            topic.opened_on,
            (_held(row, conditions[topic.pk], forms) for row in held[topic.pk]),
            gone[topic.pk],
            by_day,
        )
        for topic in topics
    }


def _held(row: Any, gathering: Gathering, forms: dict[int, tuple[str, ...]]) -> Held:
    number = row.document_number
    return Held(
        _part(row, gathering),
        timezone.localdate(row.published_at),
        f"{row.organisation_id}:{number}" if number else "",
        forms.get(row.pk, ()),
    )


def _part(row: Any, gathering: Gathering) -> str:
    return part_of(row.kind, row.form or "", row.stage, gathering.parts.get(row.pk, ""))


def _forms(publications: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """各条信息的公开着的解读各是什么形式。一次查询。"""
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    rows = (
        interpreting()
        .filter(
            target__in=publications,
            source__state=Publication.State.PUBLISHED,
        )
        .annotate(medium=KeyTextTransform("medium", "source__current_version__payload"))
        .order_by("pk")
    )
    for target, medium in rows.values_list("target", "medium"):
        found[target] += (medium or "文字",)
    return found


def _gone(
    site: Site, topics: Sequence[Topic], conditions: dict[int, Gathering]
) -> dict[int, dict[str, date]]:
    """各专题各部分最后一条哪天离开的：撤回了的，移出了的。至多十次查询。"""
    gone: dict[int, dict[str, date]] = {topic.pk: {} for topic in topics}

    def left(topic: int, part: str, on: date) -> None:
        gone[topic][part] = max(on, gone[topic].get(part, on))

    ever = Publication.objects.filter(Q(site=site) | Q(shares__site=site)).distinct()
    ever = without_payloads(ever.select_related("current_version"))
    for topic, rows in gathered_in(topics, ever).items():
        for row in rows:
            if row.withdrawn_at is not None:
                left(topic, _part(row, conditions[topic]), timezone.localdate(row.withdrawn_at))
    moved_out = TopicChoice.objects.filter(topic__in=topics, is_excluded=True).annotate(
        form=KeyTextTransform("form", "publication__current_version__payload"),
        kind=F("publication__kind"),
        stage=F("publication__stage"),
    )
    for topic, at, kind, form, stage in moved_out.values_list(
        "topic", "chosen_at", "kind", "form", "stage"
    ):
        left(topic, part_of(kind, form or "", stage), timezone.localdate(at))
    return gone
