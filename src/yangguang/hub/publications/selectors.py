"""信息资源库的读取。"""

from django.db.models import QuerySet

from .models import Change, Publication, PublicationVersion


def published() -> QuerySet[Publication]:
    """公众现在能看到的全部信息，新的在前。"""
    return (
        Publication.objects.filter(state=Publication.State.PUBLISHED)
        .select_related("organisation", "site", "current_version")
        .order_by("-published_at", "-pk")
    )


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
