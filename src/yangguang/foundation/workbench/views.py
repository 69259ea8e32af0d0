"""工作台的首页“今天要办”，每种列表都有的几页，和工作台自己的样式脚本。"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.rules import WorkingCalendar
from yangguang.foundation.calendar.selectors import calendar_in_force
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.theme import views as theme

from .access import acting_required, kept_for_later
from .assets import assets
from .drafts import read_slip
from .following import followed
from .menu import frame
from .registry import all_viewsets, viewset_at
from .rules import PARTS, part_of, time_left
from .todos import Todo

FORBIDDEN = 403


@acting_required
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """今天要办：按剩余工作日排，没有期限的在后；退回来的单列。"""
    day = reading_day()
    calendar = calendar_in_force()
    opened = _opened(actor)
    found = [todo for viewset in opened for todo in viewset.todos(actor, day)]
    found.sort(key=lambda todo: (todo.due_on or date.max, todo.title))
    following = followed(opened, actor, timezone.now())
    status = calendar.status(day)
    return render(
        request,
        "workbench/today.html",
        {
            "groups": _groups([_row(todo, day, calendar) for todo in found]),
            "waiting": sorted(
                (each for each in following if each.is_waiting), key=lambda each: each.last.at
            ),
            "changed": sorted(
                (each for each in following if not each.is_waiting),
                key=lambda each: each.last.at,
                reverse=True,
            ),
            "day": day,
            "day_reason": status.reason,
            "day_works": status.works,
            "day_is_special": status.special,
        },
    )


COUNTS_KEPT = 60
"""秒。别人办的，菜单上的件数最多晚这么久；自己办过一件，地址跟着变，马上重数。"""


@acting_required
def counts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """菜单上等着办的件数：列在菜单里的各种界面的和合计的，与“今天要办”所列的相同。

    页面先出来，件数随后到，排在各自的菜单项上。
    """
    day = reading_day()
    found = {viewset.slug: len(list(viewset.todos(actor, day))) for viewset in _opened(actor)}
    listed = [entry.slug for section in frame(request)["menu"] for entry in section.entries]
    shown = {slug: found[slug] for slug in listed} | {"home": sum(found.values())}
    response = render(request, "workbench/counts.html", {"shown": shown})
    response["Cache-Control"] = f"private, max-age={COUNTS_KEPT}"
    return response


def _opened(actor: Actor) -> list[Any]:
    """此人能进的各种界面。"""
    return [viewset for viewset in all_viewsets() if viewset.may_open(actor)]


def _of_viewset(name: str) -> Any:
    """每种列表都有的一页：找到那种界面，看此人进不进得了，再交给它。"""

    def view(request: HttpRequest, actor: Actor, slug: str, **kwargs: Any) -> HttpResponse:
        viewset = viewset_at(slug)
        if viewset is None or not viewset.may_open(actor):
            raise Http404
        answer: HttpResponse = getattr(viewset, name)(request, actor, **kwargs)
        return answer

    return acting_required(view)


export = _of_viewset("export_view")
save = require_POST(_of_viewset("save_view"))
saved = require_POST(_of_viewset("saved_view"))
columns = _of_viewset("columns_view")
bulk = _of_viewset("bulk_view")
bulk_result = _of_viewset("bulk_result_view")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404。工作台里的留在工作台里说：看不见的与不存在的，说法一样。"""
    if request.path.startswith(reverse("workbench:today")):
        return render(request, "workbench/missing.html", status=404)
    return theme.not_found(request, exception)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """凭证没有对上，多半是页面开了太久、中间重新登录过。工作台的表单，写的存下，打开接着填。"""
    if request.path.startswith(reverse("workbench:today")) and read_slip(request):
        return kept_for_later(request, request.get_full_path(), FORBIDDEN)
    return theme.csrf_failed(request, reason)


def asset(request: HttpRequest, name: str) -> HttpResponse:
    """工作台的样式和脚本：按内容起名，永不改变。"""
    for candidate in assets():
        if candidate.name == name:
            response = HttpResponse(candidate.content, content_type=candidate.media_type)
            response["Cache-Control"] = "public, max-age=31536000, immutable"
            return response
    raise Http404


def _row(todo: Todo, day: date, calendar: WorkingCalendar) -> dict[str, Any]:
    left = time_left(todo.due_on, day, calendar) if todo.due_on else None
    return {"todo": todo, "left": left}


def _groups(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """按怎么落到手上分成几组，空的不列。一件只在一组。"""
    sorted_out: dict[str, list[dict[str, Any]]] = {part: [] for part in PARTS}
    for row in rows:
        todo, left = row["todo"], row["left"]
        part = part_of(todo.is_returned, todo.is_asked, left)
        sorted_out[part].append(row)
    return [
        {"part": part, "label": PARTS[part], "rows": found}
        for part, found in sorted_out.items()
        if found
    ]
