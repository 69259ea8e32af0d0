"""由版本和变更重建条目，并核对：版本的摘要、条目与版本、条目与来源、转发与栏目、公开树与记录。"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import transaction

from .kinds import kind
from .linking import link_faults, settle_links
from .models import Change, Publication, PublicationVersion
from .rules import digest, site_key
from .services import project

Check = Callable[[], Iterator[str]]

_checks: list[Check] = []


def register_check(check: Check) -> Check:
    """登记一项核对：逐条给出不符之处。出口用它核对自己的产物。"""
    _checks.append(check)
    return check


@dataclass(frozen=True)
class Rebuilt:
    """核对的结果：查了多少条，哪些不符（每条一句）。"""

    checked: int
    broken: tuple[str, ...]


def check() -> Rebuilt:
    """核对全部条目，不改任何东西。"""
    broken: list[str] = []
    checked = 0
    for publication in Publication.objects.select_related("current_version").iterator():
        checked += 1
        broken.extend(f"{publication.index_number}：{fault}" for fault in _faults(publication))
    for each in _checks:
        broken.extend(each())
    return Rebuilt(checked, tuple(broken))


@transaction.atomic
def rebuild() -> Rebuilt:
    """由版本和变更重建全部条目的字段与状态；摘要不符的版本不用来重建。"""
    checked = 0
    broken = []
    for publication in Publication.objects.select_for_update().iterator():
        checked += 1
        last = publication.versions.order_by("-number").first()
        change = _last_change(publication)
        if last is None or change is None or last.digest != digest(last.payload):
            broken.append(f"{publication.index_number}：没有可用的版本，未重建。")
            continue
        project(publication, last.payload)
        publication.current_version = last
        publication.state = _state_after(change)
        withdrawn = publication.state == Publication.State.WITHDRAWN
        publication.withdrawn_at = change.at if withdrawn else None
        publication.withdrawal_reason = change.reason if withdrawn else ""
        publication.save()
        settle_links(publication, last.payload)
    return Rebuilt(checked, tuple(broken))


def _last_change(publication: Publication) -> Change | None:
    """最后一笔决定公众看不看得到的变更；转发、换栏目、迁移与它无关。"""
    others = (
        Change.Action.SHARE, Change.Action.UNSHARE, Change.Action.MOVE, Change.Action.RELOCATE,
    )  # fmt: skip
    return publication.changes.exclude(action__in=others).order_by("-pk").first()


def _state_after(change: Change) -> str:
    if change.action == Change.Action.WITHDRAW:
        return Publication.State.WITHDRAWN
    return Publication.State.PUBLISHED


def _faults(publication: Publication) -> Iterator[str]:
    versions = list(publication.versions.order_by("number"))
    for number, version in enumerate(versions, 1):
        if version.number != number:
            yield f"缺少第 {number} 版。"
            return
        if version.digest != digest(version.payload):
            yield f"第 {number} 版的内容与摘要不符。"
    if not versions or publication.current_version_id != versions[-1].pk:
        yield "现行版本不是最后一版。"
        return
    change = _last_change(publication)
    if change is None or publication.state != _state_after(change):
        yield "状态与变更日志不符。"
    shown = _projected(publication)
    project(publication, versions[-1].payload)
    if shown != _projected(publication):
        yield "条目的字段与现行版本不符。"
    yield from link_faults(publication, versions[-1].payload)
    yield from _misplaced(publication)
    if publication.state == Publication.State.PUBLISHED:
        yield from _drift(publication, versions[-1])


def _misplaced(publication: Publication) -> Iterator[str]:
    """栏目、转发和变更日志是否说的是一回事。"""
    placed: dict[int, list[bool]] = {}
    for site, is_primary in publication.placements.values_list("column__site", "is_primary"):
        placed.setdefault(site, []).append(is_primary)
    if sum(placed.pop(publication.site_id, [])) != 1:
        yield "在原件所在的站点没有组配分类。"
    for share in publication.shares.select_related("site"):
        last = publication.changes.filter(key=site_key(share.site.code)).order_by("-pk").first()
        logged = last is not None and last.action == Change.Action.SHARE
        shown = placed.pop(share.site_id, [])
        if (share.ended_at is None) != logged or bool(shown) != logged or any(shown):
            yield f"转发到“{share.site}”的记录与栏目或变更日志不符。"
    if placed:
        yield "放在了没有转发到的站点的栏目里。"


def _projected(publication: Publication) -> tuple[object, ...]:
    return (
        publication.title,
        publication.document_number,
        publication.stage,
        publication.validity,
        publication.written_on,
    )


def _drift(publication: Publication, version: PublicationVersion) -> Iterator[str]:
    record = (
        apps.get_model(publication.source_label)
        ._default_manager.filter(pk=publication.source_id)
        .first()
    )
    if record is None:
        yield "来源记录已不存在。"
        return
    chosen = kind(publication.kind)
    if version.schema_version != chosen.schema_version or chosen.is_being_revised(record):
        return
    own = ("index_number", "organisation", "attachments")
    current = chosen.payload(record)
    shown = {key: value for key, value in version.payload.items() if key not in own}
    if digest({key: value for key, value in current.items() if key not in own}) != digest(shown):
        yield "来源记录已改动而没有更正发布。"
