"""转发：同一条信息在别的站点也出现。只有一份原件，改一处处处改，撤回一处处处撤。

转载须来自权威来源、写明来源、不改原意（国办发〔2017〕47号），所以只能转发本平台已公开的原件，
转发的页面由同一个版本烘成。
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.failpoints import reach
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.policy import may_edit_site

from .models import Change, Placement, Publication, Share
from .ordering import settle_orders
from .refreshing import place_linked
from .rules import site_key
from .selectors import columns_on, locked


@transaction.atomic
def share(publication: Publication, columns: Sequence[Column], *, actor: Actor) -> Share:
    """把信息转发到 ``columns`` 所在的站点，返回这笔转发。

    已经在转发的，换成这些栏目；栏目没有变就什么也不做，所以双击只做一次。不是那个站点的人抛出
    ``OutOfScope``；不能转发时抛出 ``Refused``，带上全部理由。
    """
    sites = list(dict.fromkeys(column.site for column in columns))
    if not all(may_edit_site(actor, site) for site in sites):
        raise OutOfScope
    publication = locked(publication)
    reasons = []
    if not sites:
        reasons.append("请选定放在哪个栏目。")
    elif len(sites) > 1:
        reasons.append("一次只能转发到一个站点，请分开选。")
    if publication.state != Publication.State.PUBLISHED:
        reasons.append("这条信息已经撤回，不能转发。")
    if publication.site in sites:
        reasons.append("这条信息的原件就在这个站点，不必转发；要换栏目请由发布机构改。")
    reasons += reasons_against_closed(columns)
    if reasons:
        raise Refused(reasons)
    current = publication.shares.filter(site=sites[0], ended_at=None).first()
    if current and set(columns_on(publication, sites[0])) == set(columns):
        return current
    return settle_share(publication, columns, actor, timezone.now())


@transaction.atomic
def unshare(publication: Publication, site: Site, *, actor: Actor, reason: str) -> Share:
    """站点停止转发一条信息；原件不受影响。须写明原因。

    已经停止的什么也不做。没有转发过抛出 ``Share.DoesNotExist``，不是那个站点的人抛出 ``OutOfScope``。
    """
    if not may_edit_site(actor, site):
        raise OutOfScope
    publication = locked(publication)
    current = publication.shares.get(site=site)
    if not reason.strip():
        raise Refused(["停止转发须写明原因。"])
    if current.ended_at:
        return current
    now = timezone.now()
    current.ended_at = now
    current.save(update_fields=["ended_at"])
    publication.placements.filter(column__site=site).delete()
    _tell(publication, site, Change.Action.UNSHARE, (), actor, reason, now)
    return current


def settle_share(
    publication: Publication, columns: Sequence[Column], actor: Actor, now: datetime
) -> Share:
    """写下转发、栏目、变更和审计。``columns`` 同在一个站点；须在事务里，信息已锁住。"""
    site = columns[0].site
    current, _ = Share.objects.update_or_create(
        publication=publication, site=site,
        defaults={"ended_at": None}, create_defaults={"shared_at": now},
    )  # fmt: skip
    settle_orders(publication, site)
    publication.placements.filter(column__site=site).delete()
    Placement.objects.bulk_create(
        Placement(publication=publication, column=column) for column in dict.fromkeys(columns)
    )
    _tell(publication, site, Change.Action.SHARE, columns, actor, "", now)
    return current


def reasons_against_closed(columns: Sequence[Column]) -> list[str]:
    """其中关闭了的栏目，每个一句：不能再往里放。按库里此刻的算，一次查询。"""
    closed = Column.objects.filter(
        pk__in=[column.pk for column in columns], closed_on__isnull=False
    ).order_by("path")
    return [
        f"“{column}”已于 {column.closed_on.isoformat()} 关闭，不再收信息，请另选栏目。"
        for column in closed
    ]


def codes_of(columns: Sequence[Column]) -> list[str]:
    """变更日志里写的栏目：代码，不重复。"""
    return list(dict.fromkeys(column.code for column in columns))


def at_the_end() -> None:
    """动作的最后一步：提交前后各有一个可以断的边界。"""
    reach("publications.before_commit")
    transaction.on_commit(partial(reach, "publications.after_commit"))


def _tell(
    publication: Publication,
    site: Site,
    action: str,
    columns: Sequence[Column],
    actor: Actor,
    reason: str,
    now: datetime,
) -> None:
    reach("publications.before_change")
    Change.objects.create(
        action=action,
        publication=publication,
        version=publication.current_version,
        key=site_key(site.code),
        columns=codes_of(columns),
        reason=reason,
        at=now,
    )
    place_linked(publication)
    record_event(
        f"publications.{action}",
        actor=actor,
        target=publication,
        fields=("placements",),
        public={"site": site.code, "columns": codes_of(columns)},
        note=reason,
        at=now,
    )
    at_the_end()
