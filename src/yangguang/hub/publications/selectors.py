"""信息资源库的读取。"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from yangguang.foundation.audit.sealing import Chain, row_content
from yangguang.foundation.organisations.selectors import lineage
from yangguang.hub.columns.models import Column, Site

from .kinds import kind
from .models import (
    Change,
    ChangeSeal,
    Publication,
    PublicationVersion,
    Share,
    ShareOrder,
)


def _content(change: Change) -> dict[str, Any]:
    version = change.version
    content = row_content(change) | {"version_digest": version.digest if version else None}
    if not change.columns:
        # 没有这一列的时候封存的，摘要里没有它
        del content["columns"]
    return content


CHANGES = Chain("changes", "变更日志", Change, ChangeSeal, content=_content, related=("version",))
"""变更日志的链。"""


def published() -> QuerySet[Publication]:
    """公众现在能看到的全部信息，新的在前。"""
    return (
        Publication.objects.filter(state=Publication.State.PUBLISHED)
        .select_related("organisation", "site", "current_version")
        .order_by("-published_at", "-pk")
    )


def locked(publication: Publication) -> Publication:
    """锁住一条信息。须在事务里。一次查询。"""
    return (
        Publication.objects.select_for_update(of=("self",))
        .select_related("organisation", "site__organisation", "current_version")
        .get(pk=publication.pk)
    )


def columns_on(publication: Publication, site: Site) -> QuerySet[Column]:
    """信息在站点的哪些栏目里，组配分类在前。一次查询。"""
    columns: QuerySet[Column] = Column.objects.filter(
        placements__publication=publication, site=site
    ).order_by("-placements__is_primary", "path")
    return columns


def orders_for(sites: Iterable[Site]) -> QuerySet[ShareOrder]:
    """要求这些站点转发、还没有转发的，期限近的在前。一次查询。"""
    live = Share.objects.filter(
        publication=OuterRef("publication"), site=OuterRef("site"), ended_at=None
    )
    return (
        ShareOrder.objects.filter(
            site__in=list(sites),
            cancelled_at=None,
            publication__state=Publication.State.PUBLISHED,
        )
        .exclude(Exists(live))
        .select_related("publication", "site", "organisation")
        .order_by("due_on", "pk")
    )


def path_of(publication: Publication) -> str:
    """一条信息的站内路径，由它的种类定。"""
    return kind(publication.kind).path(publication.pk)


def publication_of(record: Model, code: str) -> Publication:
    """记录发布成的 ``code`` 这一种信息；没有发布过抛出 ``Publication.DoesNotExist``。一次查询。"""
    return _from(record, code).get()


def published_path(record: Model, code: str) -> str:
    """记录的公开页面的地址；公众现在看不到的为空。一次查询。"""
    publication = _from(record, code).filter(state=Publication.State.PUBLISHED).first()
    return path_of(publication) if publication else ""


def _from(record: Model, code: str) -> QuerySet[Publication]:
    return Publication.objects.filter(
        kind=code, source_label=record._meta.label_lower, source_id=record.pk
    )


def shown_on(site: Site, limit: int, **chosen: Any) -> QuerySet[Publication]:
    """站点上最新公开的若干条，原件在这里的和转发来的；``chosen`` 是另外的条件。两次查询，用时再一次。

    分两次取再合并：各走各的索引，不必扫过全部信息。
    """
    every = published().filter(**chosen)
    own = every.filter(site=site)
    shared = every.filter(shares__site=site, shares__ended_at=None)
    found = [
        row for rows in (own, shared) for row in rows.values_list("published_at", "pk")[:limit]
    ]
    return published().filter(pk__in=[pk for _, pk in sorted(found, reverse=True)[:limit]])


def is_shown_on(publication: Publication, site: Site) -> bool:
    """信息在不在站点上出现：原件在这里，或者正转发到这里。最多一次查询，转发先读好了的不查询。"""
    if publication.site_id == site.pk:
        return True
    return any(s.site_id == site.pk and s.ended_at is None for s in publication.shares.all())


def newest(site: Site, kind: str) -> Publication | None:
    """站点上这一种类最新公开的一条；没有为 ``None``。三次查询。"""
    return shown_on(site, 1, kind=kind).first()


def newest_above(site: Site, kind: str) -> Publication | None:
    """这一种类最新公开的一条，不在本站就沿机构的树向上找，近的在前；没有为 ``None``。

    本站三次查询；没有的再加一次，上面每个站点一次（至多四级）。
    """
    if found := newest(site, kind):
        return found
    above = Site.objects.filter(organisation__path__in=lineage(site.organisation))
    each_above = (
        published().filter(kind=kind, site=each).first()
        for each in above.order_by("-organisation__depth")
    )
    return next(filter(None, each_above), None)


def changes_after(sequence: int, limit: int) -> QuerySet[Change]:
    """封存序号大于 ``sequence`` 的变更，按序号，最多 ``limit`` 条。一次查询。"""
    return (
        Change.objects.filter(seal__sequence__gt=sequence)
        .select_related("seal", "publication__site", "publication__organisation")
        .order_by("seal__sequence")[:limit]
    )


TOLD = (Change.Action.PUBLISH, Change.Action.CORRECT, Change.Action.WITHDRAW)
"""变更里对外说的几种：动了公众看到的内容的。"""


def told_changes(after: int, until: int, limit: int) -> QuerySet[Change]:
    """发布、更正、撤回，封存序号大于 ``after``、不大于 ``until`` 的，按序号，最多 ``limit`` 条。一次查询。"""
    return (
        Change.objects.filter(seal__sequence__gt=after, seal__sequence__lte=until, action__in=TOLD)
        .select_related("seal")
        .order_by("seal__sequence")[:limit]
    )


def sealed_up_to() -> int:
    """变更日志封存到第几号；还没有封存过是 0。一次查询。"""
    last = ChangeSeal.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return last or 0


def versions_of(publication: Publication) -> QuerySet[PublicationVersion]:
    """一条信息的全部版本，先后为序。一次查询。"""
    return publication.versions.select_related("created_by").order_by("number")
