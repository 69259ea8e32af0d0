"""信息资源库的读取。"""

from typing import Any

from django.db.models import QuerySet

from yangguang.foundation.audit.sealing import Chain, row_content

from .kinds import kind
from .models import Change, ChangeSeal, Publication, PublicationVersion


def _content(change: Change) -> dict[str, Any]:
    version = change.version
    return row_content(change) | {"version_digest": version.digest if version else None}


CHANGES = Chain("changes", "变更日志", Change, ChangeSeal, content=_content, related=("version",))
"""变更日志的链。"""


def published() -> QuerySet[Publication]:
    """公众现在能看到的全部信息，新的在前。"""
    return (
        Publication.objects.filter(state=Publication.State.PUBLISHED)
        .select_related("organisation", "site", "current_version")
        .order_by("-published_at", "-pk")
    )


def path_of(publication: Publication) -> str:
    """一条信息的站内路径，由它的种类定。"""
    return kind(publication.kind).path(publication.pk)


def newest(site_id: int, kind: str) -> Publication | None:
    """站点里这一种类最新公开的一条；没有为 ``None``。一次查询。"""
    return published().filter(site=site_id, kind=kind).first()


def changes_after(sequence: int, limit: int) -> QuerySet[Change]:
    """封存序号大于 ``sequence`` 的变更，按序号，最多 ``limit`` 条。一次查询。"""
    return (
        Change.objects.filter(seal__sequence__gt=sequence)
        .select_related("seal", "publication__site", "publication__organisation")
        .order_by("seal__sequence")[:limit]
    )


def versions_of(publication: Publication) -> QuerySet[PublicationVersion]:
    """一条信息的全部版本，先后为序。一次查询。"""
    return publication.versions.select_related("created_by").order_by("number")
