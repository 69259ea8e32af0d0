"""接口：公开的信息。"""

from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema

from yangguang.foundation.api.faults import parameter_fault
from yangguang.foundation.api.problems import Problem, ProblemBody
from yangguang.foundation.api.registry import register
from yangguang.foundation.api.schemas import Identifier, Page, tell_modified

from .cursors import cursor_of, read_cursor
from .models import Change, Publication
from .narrowing import Narrowing
from .selectors import published, sealed_up_to, told_changes
from .shapes import (
    ChangeEntry,
    Detail,
    Summary,
    change_entry,
    detail,
    summary,
    with_places,
)

router = Router(tags=["公开的信息"])
MOST = 100
MOST_SEQUENCE = 2**63 - 1


class Publications(Page):
    """公开的信息的一页。"""

    items: list[Summary] = Field(description="各条，新公开的在前")


class Listing(Narrowing):
    """列表的参数。"""

    cursor: str | None = Field(None, max_length=100, description="上一页的 next；不给是第一页")
    limit: int = Field(20, ge=1, le=MOST, description="一页几条")


@router.get("/publications", response=Publications, summary="公开的信息")
def list_publications(
    request: HttpRequest, response: HttpResponse, asked: Query[Listing]
) -> Publications:
    """全部公开着的信息，新公开的在前。照 next 一页一页取下去，取到 null 就是全部。

    翻页之间有新公开的不会错动；撤回的不再列出。
    """
    rows = with_places(asked.apply(published()))
    if asked.cursor:
        place = read_cursor(asked.cursor)
        if place is None:
            raise parameter_fault("cursor", "请照抄上一页的 next，不要改动。")
        at, number = place
        rows = rows.filter(Q(published_at__lt=at) | Q(pk__lt=number), published_at__lte=at)
    found = list(rows[: asked.limit + 1])
    following = None
    if len(found) > asked.limit:
        found.pop()
        following = cursor_of(found[-1].published_at, found[-1].pk)
        query = request.GET.copy()
        query["cursor"] = following
        response["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    if last := Change.objects.order_by("-pk").first():
        tell_modified(response, last.at)
    return Publications(items=list(map(summary, found)), next=following)


@router.get(
    "/publications/{id}", response={200: Detail, 404: ProblemBody, 410: ProblemBody},
    summary="一条公开的信息",
)  # fmt: skip
def get_publication(
    request: HttpRequest,
    response: HttpResponse,
    id: Annotated[Identifier, Path(description="编号")],  # noqa: A002
) -> Detail:
    """现行版本的全部内容、附件的地址和摘要、各版本。撤回了的答 410，附撤回的时间和原因。"""
    found = (
        with_places(Publication.objects.filter(pk=id))
        .select_related("organisation", "site", "current_version")
        .first()
    )
    if found is None or found.current_version is None:
        raise Problem("missing")
    if found.state == Publication.State.WITHDRAWN:
        assert found.withdrawn_at is not None  # noqa: S101  撤回的必有撤回时间
        raise Problem(
            "withdrawn",
            index_number=found.index_number,
            organisation=found.organisation.name,
            withdrawn_at=timezone.localtime(found.withdrawn_at).isoformat(),
            reason=found.withdrawal_reason,
        )
    tell_modified(response, found.current_version.created_at)
    return detail(found, found.versions.order_by("number").defer("payload"))


class Changes(Schema):
    """变更日志的一段。"""

    items: list[ChangeEntry] = Field(description="各笔变更，按序号")
    next: int = Field(description="接着取时的 after：照它取，不重复、不遗漏")
    more: bool = Field(description="现在后面还有没有；没有就过一会儿再来")


class Following(Schema):
    """跟进的参数。"""

    after: int = Field(
        0, ge=0, le=MOST_SEQUENCE, description="取序号比它大的；上一次答复的 next，从头取是 0"
    )
    limit: int = Field(100, ge=1, le=MOST, description="一次最多几笔")


@router.get("/changes", response=Changes, summary="公开、更正、撤回的变更")
def list_changes(request: HttpRequest, asked: Query[Following]) -> Changes:
    """公开了什么、更正了什么、撤回了什么，照发生的次序，供长期采集的系统跟进。

    从 after=0 起，照 next 一直取下去，手里的就与平台上公开的一致。state 为 withdrawn 的，请随之撤下；
    它没有内容，从前的各笔也没有。同一条信息出现几次，概要都是现在的样子。
    """
    until = sealed_up_to()
    if asked.after > until:
        raise parameter_fault(
            "after",
            f"变更日志现在只到第 {until} 号。请照抄上一次的 next；"
            "平台从备份恢复过的，请从 0 重新取一遍。",
        )
    found = list(told_changes(asked.after, until, asked.limit + 1))
    more = len(found) > asked.limit
    found = found[: asked.limit]
    every = Publication.objects.select_related("organisation", "site", "current_version")
    of = with_places(every).in_bulk({c.publication_id for c in found})
    items = [change_entry(change, of[change.publication_id]) for change in found]
    return Changes(items=items, next=items[-1].sequence if more else until, more=more)


register(router)
