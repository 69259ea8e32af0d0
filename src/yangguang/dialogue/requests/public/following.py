"""申请以后的几页：回执，凭编号和查询码看进度，补正、说明理由、撤回、确认收到，我的申请。"""

import secrets
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yangguang.foundation.accounts.services import client_address
from yangguang.foundation.calendar.rules import spoken
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.residents.access import require_resident
from yangguang.foundation.residents.selectors import SignedIn
from yangguang.foundation.typesetting import Untypeset

from ..models import DisclosureRequest
from ..panels import public_links_of
from ..selectors import by_query_code, deadline_of, normal_code, office_of
from ..services import acknowledge_by_applicant, withdraw_by_applicant
from ..states import OPEN, State
from .limits import in_words, note_wrong_try, wait_to_try
from .nine_links import track
from .pages import page, uploads
from .passes import Pass, give, held, take_back
from .places import named
from .receipts import receipt_pdf
from .services import Uploads, correct, give_reason, propose_publication
from .stale import TOLD, keeps_typed
from .standing import PLAIN, ending

REFUSED, TOO_MANY, NOT_HERE = 422, 429, 503
KEY = "public-step:"
LONGEST = 5000
CASE_TITLE, STATUS_TITLE = "申请的进度", "查申请的进度"


@require_safe
@never_cache
def receipt(http: HttpRequest) -> HttpResponse:
    """收件回执。"""
    pass_ = held(http)
    if pass_ is None or not pass_.code:
        return redirect("requests:status")
    case = pass_.request
    context = {"case": case, "code": pass_.code, "office": office_of(case.organisation)}
    return page(http, "receipt.html", "收件回执", context)


@require_safe
@never_cache
def receipt_file(http: HttpRequest) -> HttpResponse:
    """收件回执的 PDF。"""
    pass_ = held(http)
    if pass_ is None or not pass_.code:
        return redirect("requests:status")
    case = pass_.request
    try:
        content = receipt_pdf(case, pass_.code, office_of(case.organisation))
    except Untypeset:
        context = {"case": case}
        return page(http, "no_pdf.html", "排不出 PDF", context, status=NOT_HERE)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{case.number}.pdf"'
    return response


@never_cache
@keeps_typed
@require_http_methods(["GET", "POST"])
def status(http: HttpRequest, is_stale: bool) -> HttpResponse:
    """凭申请编号和查询码查。有一样不对都只说不对，不说是哪一样。"""
    number, code = (http.POST.get(name, "").strip()[:40] for name in ("number", "code"))
    if http.method == "GET" or is_stale:
        return _asked(http, number, [TOLD] if is_stale else [], REFUSED if is_stale else 200)
    if not number or not code:
        return _asked(http, number, ["请填写回执上的申请编号和查询码。"], REFUSED)
    address, now = client_address(http), timezone.now().timestamp()
    if wait := wait_to_try(address, number, now):
        told = (
            f"不对的次数太多了，请过 {in_words(wait)}再试。忘了查询码的，可以打电话到受理机构查。"
        )
        return _asked(http, number, [told], TOO_MANY)
    case = by_query_code(number, code)
    if case is None:
        note_wrong_try(address, number, now)
        told = "没有查到：申请编号和查询码对不上。请照回执核对，字母不分大小写，横线可以不写。"
        return _asked(http, number, [told], REFUSED)
    response = redirect("requests:case")
    give(response, case, _written(code))
    return response


def _written(code: str) -> str:
    """查询码照回执上的写法。"""
    plain = normal_code(code)
    return f"{plain[:5]}-{plain[5:]}"


def _asked(http: HttpRequest, number: str, told: list[str], answer: int) -> HttpResponse:
    return page(http, "status.html", STATUS_TITLE, {"number": number, "told": told}, status=answer)


@require_safe
@never_cache
def case(http: HttpRequest) -> HttpResponse:
    """一件申请：现在怎样，最迟哪天答复、为什么，走到九个环节的哪里，现在可以做什么。"""
    pass_ = held(http)
    if pass_ is None:
        return redirect("requests:status")
    return shown(http, pass_)


def shown(
    http: HttpRequest,
    pass_: Pass,
    *,
    told: list[str] | None = None,
    typed: str = "",
    answer: int = 200,
) -> HttpResponse:
    """印一件申请。至多三十次查询。"""
    found = pass_.request
    now_, next_ = PLAIN[found.state]
    deadline = deadline_of(found) if found.state in OPEN else None
    elsewhere = None
    if found.outcome == "not_responsible":
        decision = getattr(found, "decision", None)
        text = decision.answers.get("authority", "") if decision else ""
        elsewhere = {"told": text, "organisation": named(text, reading_day()) if text else None}
    context: dict[str, Any] = {
        "case": found,
        "office": office_of(found.organisation),
        "now": now_,
        "next": next_,
        "ending": ending(found.outcome),
        "deadline": deadline,
        "due": spoken(deadline.due) if deadline else "",
        "standstill": found.course().standstill if found.state in OPEN else "",
        "track": track(found),
        "letters": public_links_of(found),
        "parts": list(found.parts.order_by("pk")) if found.state == State.SPLIT else [],
        "can_withdraw": found.state in OPEN or found.state == State.SUBMITTED,
        "elsewhere": elsewhere,
        "key": KEY + secrets.token_urlsafe(18),
        "told": told or [],
        "typed": typed,
    }
    response = page(http, "case.html", CASE_TITLE, context, status=answer)
    give(response, found, pass_.code)
    return response


def _received(found: DisclosureRequest, text: str, files: Uploads, key: str) -> None:
    acknowledge_by_applicant(found, key=key)


def _proposed(found: DisclosureRequest, text: str, files: Uploads, key: str) -> None:
    propose_publication(found, key=key)


def _corrected(found: DisclosureRequest, text: str, files: Uploads, key: str) -> None:
    if not text and not files:
        raise Refused(["请写下要补充的内容，或者附上材料。"])
    correct(found, text, files, key=key)


def _reasoned(found: DisclosureRequest, text: str, files: Uploads, key: str) -> None:
    if not text:
        raise Refused(["请写明理由。"])
    give_reason(found, text, files, key=key)


def _withdrawn(found: DisclosureRequest, text: str, files: Uploads, key: str) -> None:
    withdraw_by_applicant(found, text, key=key)


STEPS: dict[str, tuple[Callable[[DisclosureRequest, str, Uploads, str], None], tuple[str, ...]]] = {
    "correct": (_corrected, ("correction",)),
    "reason": (_reasoned, ("reason",)),
    "received": (_received, ()),
    "propose": (_proposed, ()),
    "withdraw": (_withdrawn, ()),
}
"""申请人自己走的各步，和各步收哪一种材料。"""


@never_cache
@keeps_typed
@require_POST
def step(http: HttpRequest, is_stale: bool, name: str) -> HttpResponse:
    """申请人自己走一步。"""
    if name not in STEPS:
        raise Http404
    pass_ = held(http)
    if pass_ is None:
        return redirect("requests:status")
    typed, key = http.POST.get("text", "").strip(), http.POST.get("key", "")
    if is_stale:
        return shown(http, pass_, told=[TOLD], typed=typed, answer=REFUSED)
    if len(typed) > LONGEST:
        told = [f"最多写 {LONGEST} 个字，现在有 {len(typed)} 个。多的请写在文件里附上。"]
        return shown(http, pass_, told=told, typed=typed, answer=REFUSED)
    carry_out, kinds = STEPS[name]
    if not key.startswith(KEY) or len(key) > len(KEY) + 40:
        key = KEY + secrets.token_urlsafe(18)
    try:
        carry_out(pass_.request, typed, uploads(http, kinds), key)
    except (Refused, FileRefused) as refused:
        pass_ = held(http) or pass_
        kept = typed if refused.keeps_input else ""
        return shown(http, pass_, told=list(refused.reasons), typed=kept, answer=REFUSED)
    return redirect("requests:case")


step.takes_files = True  # type: ignore[attr-defined]


@require_safe
@never_cache
def withdrawing(http: HttpRequest) -> HttpResponse:
    """撤回以前再问一声。"""
    pass_ = held(http)
    if pass_ is None:
        return redirect("requests:status")
    context = {"case": pass_.request, "key": KEY + secrets.token_urlsafe(18)}
    return page(http, "withdraw.html", "撤回申请", context)


@require_safe
@never_cache
def part(http: HttpRequest, key: int) -> HttpResponse:
    """拆开的一件：与原件同一个查询码。"""
    pass_ = held(http)
    found = pass_.request.parts.filter(pk=key).first() if pass_ else None
    if pass_ is None or found is None:
        return redirect("requests:status")
    response = redirect("requests:case")
    give(response, found, pass_.code)
    return response


@require_POST
@never_cache
def leave(http: HttpRequest) -> HttpResponse:
    """不看了：这台设备上不再看得到。"""
    response = redirect("requests:status")
    take_back(response)
    return response


@require_safe
@never_cache
@require_resident()
def mine(http: HttpRequest, resident: SignedIn) -> HttpResponse:
    """实名登录着的人提出的申请，新的在前。"""
    rows = list(
        DisclosureRequest.objects.filter(resident=resident.key)
        .select_related("organisation").order_by("-pk")[:200]
    )  # fmt: skip
    context = {"rows": [(row, PLAIN[row.state][0]) for row in rows]}
    return page(http, "mine.html", "我的申请", context)


@require_safe
@never_cache
@require_resident()
def mine_one(http: HttpRequest, resident: SignedIn, key: int) -> HttpResponse:
    """我的一件：不用查询码。"""
    found = DisclosureRequest.objects.filter(pk=key, resident=resident.key).first()
    if found is None:
        raise Http404
    response = redirect("requests:case")
    give(response, found)
    return response
