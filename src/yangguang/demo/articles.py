"""演示用的稿件：数据在 ``data/linxia/articles.json``，由各单位的人照实写、审、签、发。"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import site_for
from yangguang.sources.articles.services import draft

from .people import Staff

STEPS = {
    "draft": (),
    "in_review": ("submit",),
    "in_approval": ("submit", "pass"),
    "published": ("submit", "pass", "release"),
}
"""走到每一步要办哪些事。"""
WHO = {"submit": "drafter", "pass": "reviewer", "release": "approver"}


def write_articles(path: Path, staff: Staff) -> int:
    """写下 ``path`` 里的稿件，各走到该到的一步，返回新写了几篇。写过的不再写。"""
    data = json.loads(path.read_text(encoding="utf-8"))
    done = set(
        TransitionRecord.objects.filter(idempotency_key__startswith="demo:article-").values_list(
            "idempotency_key", flat=True
        )
    )
    waiting = [raw for raw in data["articles"] if f"demo:{raw['key']}:create" not in done]
    for raw in waiting:
        _write(raw, data["mark"], staff)
    return len(waiting)


def _write(raw: dict[str, Any], mark: str, staff: Staff) -> None:
    organisation = Organisation.objects.get(code=raw["organisation"])
    drafter = staff.at(organisation.code, "drafter")
    columns = Column.objects.filter(site=site_for(organisation), code__in=raw["columns"])
    if len(columns) != len(raw["columns"]):
        raise LookupError(f"“{organisation}”的站点没有这些栏目：{'、'.join(raw['columns'])}")
    article = draft(
        _values(raw, mark, drafter),
        organisation=organisation,
        actor=drafter,
        key=f"demo:{raw['key']}:create",
        columns=list(columns),
        is_demonstration=True,
    )
    for event in STEPS[raw["fate"]]:
        actor = staff.at(organisation.code, WHO[event])
        perform(article, event, actor=actor, key=f"demo:{raw['key']}:{event}")


def _values(raw: dict[str, Any], mark: str, drafter: Actor) -> dict[str, Any]:
    now = timezone.now()
    values = {
        "title": mark + raw["title"],
        "article_type": raw["type"],
        "stage": raw["stage"],
        "summary": raw.get("summary", ""),
        "body": [_block(block, drafter) for block in raw["body"]],
    }
    today = timezone.localdate(now)
    for name, given in (("expires_on", "expires_in"), ("pinned_until", "pinned_for")):
        if given in raw:
            values[name] = today + timedelta(days=raw[given])
    return values | (_source(raw["source"], now) if "source" in raw else {})


def _source(source: dict[str, Any], now: datetime) -> dict[str, Any]:
    at = (now - timedelta(hours=source["hours_ago"])).replace(second=0, microsecond=0)
    return {
        "source_name": source["name"],
        "source_href": source["href"],
        "source_level": source["level"],
        "source_published_at": at,
    }


def _block(block: dict[str, Any], drafter: Actor) -> dict[str, Any]:
    """图片按名称从本机构的资料库取。"""
    if block["type"] != "picture":
        return block
    item = LibraryItem.objects.get(
        organisation=drafter.organisation_id, name__startswith=block["picture"]
    )
    return {
        "type": "picture",
        "file": item.pk,
        "alt": item.alternative,
        "caption": block["caption"],
    }
