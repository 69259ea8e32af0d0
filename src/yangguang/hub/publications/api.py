"""接口：公开的信息。"""

from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Path, Query, Router

from yangguang.foundation.api.faults import parameter_fault
from yangguang.foundation.api.problems import Problem, ProblemBody
from yangguang.foundation.api.registry import register
from yangguang.foundation.api.schemas import Identifier, Page, tell_modified

from .cursors import cursor_of, read_cursor
from .models import Change, Publication
from .narrowing import Narrowing
from .selectors import published
from .shapes import Detail, Summary, detail, summary, with_places

router = Router(tags=["公开的信息"])
MOST = 100


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


register(router)
