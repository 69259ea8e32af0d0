"""佐证：本单位在平台上已经发布的信息。"""

from collections.abc import Sequence

from django.db.models import QuerySet

from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.naming import NotFound, named_publication

RECENT = 10


def own_publications(actor: Actor) -> QuerySet[Publication]:
    """本单位及下属单位现在公开着的信息，新的在前。"""
    return (
        Publication.objects.filter(
            organisation__path__startswith=actor.organisation_path,
            state=Publication.State.PUBLISHED,
        )
        .select_related("organisation")
        .order_by("-published_at", "-pk")
    )


def recent_publications(actor: Actor) -> QuerySet[Publication]:
    """本单位最近发布的几条，供勾选。"""
    return own_publications(actor)[:RECENT]


def named_publications(lines: Sequence[str], actor: Actor) -> list[Publication]:
    """逐行找出佐证，须是本单位发布的。有一行不行就抛出 ``NotFound``，逐行说明。"""
    found, faults = [], []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(named_publication(line, own_publications(actor), "本单位"))
        except NotFound as missing:
            faults.append(f"第{number}行：{missing.reason}")
    if faults:
        raise NotFound("".join(faults))
    return list(dict.fromkeys(found))
