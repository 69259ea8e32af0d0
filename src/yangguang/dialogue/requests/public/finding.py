"""申请以前的几页：找机构，看受理机构，先在公开过的信息里找，印一张空白的申请表。"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.residents.sign_on import provider
from yangguang.hub.search.rules import LONGEST

from ..applicants import KINDS, PERSONAL_PAPERS
from ..selectors import office_of
from .drafting import DELIVERIES
from .nine_links import NINE
from .pages import HOME, link_to, organisation_at, page
from .places import ACCEPTS, browsed, by_words, counties, place_of, superior
from .published import look, wanted


@require_safe
def find(http: HttpRequest) -> HttpResponse:
    """首页：凭名称找机构，或者按州、县市、乡镇看。"""
    today = reading_day()
    words = " ".join(http.GET.get("q", "").split())[:LONGEST]
    within = organisation_at(code) if (code := http.GET.get("in", "")) else None
    context: dict[str, Any] = {
        "words": words,
        "found": by_words(words, today) if words else [],
        "within": within,
        "groups": [] if words else browsed(within, today),
        "counties": counties(today),
        "again": again(http),
        "has_sign_on": provider() is not None,
    }
    return page(http, "find.html", HOME, context)


@require_safe
def office(http: HttpRequest, code: str) -> HttpResponse:
    """一个机构：受理机构在哪里、几点办公、怎样申请；不受理的说明它自己的办法。"""
    organisation = organisation_at(code)
    place = place_of(organisation)
    found = office_of(organisation) if place.way == ACCEPTS else None
    context = {
        "organisation": organisation,
        "way": place.way,
        "office": found,
        "superior": None if found else superior(organisation),
        "nine": NINE,
        "again": again(http),
    }
    return page(http, "office.html", f"向{organisation.short_name}申请公开", context)


@require_safe
def search(http: HttpRequest, code: str) -> HttpResponse:
    """先找一找：公开过的信息里也许就有。"""
    organisation = organisation_at(code)
    if place_of(organisation).way != ACCEPTS:
        raise Http404
    words = " ".join(http.GET.get("q", "").split())[:LONGEST]
    context = {
        "organisation": organisation,
        "words": words,
        "looked": look(http, words) if words else None,
    }
    return page(http, "search.html", "先找一找", context, parents=[link_to(organisation)])


search.drops_nul = True  # type: ignore[attr-defined]


@require_safe
def found(http: HttpRequest, code: str, publication: int) -> HttpResponse:
    """“这就是我要的”：不用申请了，去看那一条。"""
    organisation = organisation_at(code)
    item = wanted(http, publication)
    if item is None:
        raise Http404
    context = {"organisation": organisation, "item": item}
    return page(http, "found.html", "找到了", context, parents=[link_to(organisation)])


@require_safe
def blank(http: HttpRequest, code: str) -> HttpResponse:
    """一张空白的申请表，印出来填。"""
    organisation = organisation_at(code)
    here = office_of(organisation)
    if here is None:
        raise Http404
    context = {
        "organisation": organisation, "office": here, "kinds": KINDS, "papers": PERSONAL_PAPERS,
        "deliveries": DELIVERIES,
    }  # fmt: skip
    return page(http, "blank.html", "政府信息公开申请表", context, parents=[link_to(organisation)])


def again(http: HttpRequest) -> str:
    """由上一件申请来、要向另一个机关再申请的，一路带着。"""
    return "?again=1" if "again" in http.GET else ""
