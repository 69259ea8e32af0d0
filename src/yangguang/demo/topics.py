"""工作方案第9、10项点名的各方面，各开一个专题：数据在 ``data/linxia/topics.json``，收库里真有的信息，没有的就空着。"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation, Succession
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.services import choose, open_topic


def open_plan_topics(path: Path, site: Site, actor: Actor, today: date) -> int:
    """开设 ``path`` 里的专题，返回新开了几个。开过的不再开。"""
    data = json.loads(path.read_text(encoding="utf-8"))
    known = set(Topic.objects.filter(site=site).values_list("code", flat=True))
    waiting = [raw for raw in data["topics"] if raw["code"] not in known]
    # 后开的排在前面：倒着开，页面上就照方案的次序
    for raw in reversed(waiting):
        _open(raw, data, site, actor, today)
    return len(waiting)


def _open(raw: dict[str, Any], data: dict[str, Any], site: Site, actor: Actor, today: date) -> None:
    topic = open_topic(
        site,
        name=raw["name"],
        summary=raw["summary"],
        code=raw["code"],
        opened_on=date.fromisoformat(data["opened_on"]),
        owner=heir(Organisation.objects.get(code=raw["owner"]), today),
        basis=data["basis"],
        tasks=raw["tasks"],
        words=raw["words"],
        actor=actor,
        key=f"demo:topic:{raw['code']}",
    )
    for number in raw["documents"]:
        document = Publication.objects.get(site=site, kind="document", document_number=number)
        choose(topic, document, "add", part="policy", actor=actor)


def heir(organisation: Organisation, on: date) -> Organisation:
    """``on`` 这一天承接它的机构；自己还在的就是自己。"""
    while organisation.valid_until is not None and organisation.valid_until < on:
        following = Succession.objects.filter(predecessor=organisation).order_by("-on")
        organisation = following.select_related("successor")[0].successor
    return organisation
