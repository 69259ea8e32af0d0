"""填申请的一页：一屏一组，随时可以回头改，最后核对、提交。"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yangguang.foundation.accounts.services import client_address
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.residents.selectors import SignedIn, resident_of
from yangguang.foundation.residents.sign_on import provider

from ..applicants import KINDS, PERSONAL_PAPERS
from ..models import RequestOffice
from ..selectors import applicant_of as unsealed
from ..selectors import office_of
from .drafting import (
    CHECK,
    DELIVERIES,
    STEPS,
    WANT,
    Draft,
    applicant_of,
    asked_of,
    first_faulty,
    like,
    new_draft,
    reopened,
    step_faults,
)
from .limits import admit_submission, in_words
from .pages import link_to, organisation_at, page, uploads
from .passes import give, held
from .places import ACCEPTS, place_of
from .services import apply
from .stale import TOLD, keeps_typed

REFUSED, TOO_MANY, CLOSED = 422, 429, 404
FILES = {"identity": "身份证明的照片", "proxy": "委托书"}


@never_cache
@keeps_typed
@require_http_methods(["GET", "POST"])
def application(http: HttpRequest, is_stale: bool, code: str) -> HttpResponse:
    """填一份申请。"""
    organisation = organisation_at(code)
    office = office_of(organisation) if place_of(organisation).way == ACCEPTS else None
    if office is None or not office.accepts_online:
        return redirect("requests:office", code)
    filling = Filling(http, organisation, office, resident_of(http))
    if http.method == "GET":
        return filling.opened()
    return filling.posted(is_stale)


application.takes_files = True  # type: ignore[attr-defined]


class Filling:
    """一次来往：打开、翻到哪一屏、提交。"""

    def __init__(
        self,
        http: HttpRequest,
        organisation: Organisation,
        office: RequestOffice,
        resident: SignedIn | None,
    ) -> None:
        self.http, self.organisation, self.office = http, organisation, office
        self.resident = resident
        self.real_name = resident.real_name if resident else None

    def opened(self) -> HttpResponse:
        """新的一份；由上一件申请来的，照它填好。"""
        if "again" in self.http.GET and (pass_ := held(self.http)):
            return self.shown(like(pass_.request, unsealed(pass_.request)), WANT)
        return self.shown(new_draft(subject=self.http.GET.get("subject", "")[:200]), WANT)

    def posted(self, is_stale: bool) -> HttpResponse:
        """写了一屏：不对的留在这一屏，对的翻到要去的一屏。"""
        given = self.http.POST.dict()
        draft = reopened(given.get("draft", "")) or new_draft()
        step = given.get("step", WANT)
        if step not in STEPS:
            step = WANT
        draft = draft.written(step, given)
        going = given.get("go", "")
        if is_stale:
            # 凭证没有对上的，封好的一份可能是别人塞进来的：写的都留着，键和查询码换新的
            draft = new_draft(**draft.values)
            return self.shown(draft, step, told=[TOLD], status=REFUSED)
        if going in STEPS and list(STEPS).index(going) < list(STEPS).index(step):
            # 回头看的，这一屏没有写完也不拦
            return self.shown(draft, going)
        if given.get("fresh"):
            return self.shown(draft, step)
        faults = step_faults(draft, step, self.real_name)
        if faults:
            return self.shown(draft, step, faults=faults, status=REFUSED)
        if step == CHECK:
            return self.submitted(draft)
        return self.shown(draft, list(STEPS)[list(STEPS).index(step) + 1])

    def submitted(self, draft: Draft) -> HttpResponse:
        """核对过了，提交。"""
        if (faulty := first_faulty(draft, self.real_name)) != CHECK:
            # 实名登录过了时候一类：回到要补的那一屏
            faults = step_faults(draft, faulty, self.real_name)
            return self.shown(draft, faulty, faults=faults, status=REFUSED)
        given = uploads(self.http, FILES)
        applicant = applicant_of(draft, self.real_name)
        if applicant.agent and "proxy" not in given:
            faults = {"proxy": "由代理人申请的，请附上委托书。"}
            return self.shown(draft, CHECK, faults=faults, status=REFUSED)
        now = timezone.now().timestamp()
        if wait := admit_submission(client_address(self.http), applicant, now):
            told = [
                f"这里一小时以内提交的申请太多了，请过 {in_words(wait)}再按“提交”。您写的都在，不用重写。",
                "着急的，可以打电话、当面或者寄信到受理机构申请。",
            ]
            return self.shown(draft, CHECK, told=told, status=TOO_MANY)
        try:
            receipt = apply(
                asked_of(draft), applicant, given, organisation=self.organisation,
                key=draft.key, query_code=draft.code,
                resident=self.resident.key if self.resident else None,
            )  # fmt: skip
        except (Refused, FileRefused) as refused:
            kept = draft if refused.keeps_input else new_draft()
            step = CHECK if refused.keeps_input else WANT
            return self.shown(kept, step, told=list(refused.reasons), status=REFUSED)
        response = redirect("requests:receipt")
        give(response, receipt.request, draft.code)
        return response

    def shown(
        self,
        draft: Draft,
        step: str,
        *,
        faults: dict[str, str] | None = None,
        told: list[str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """印这一屏。"""
        is_carried = bool(draft.carried) and self.real_name is None
        shows_who = step == CHECK or is_carried
        context: dict[str, Any] = {
            "organisation": self.organisation, "office": self.office, "draft": draft, "step": step,
            "steps": STEPS, "faults": faults or {}, "told": told or [], "kinds": KINDS,
            "papers": PERSONAL_PAPERS, "deliveries": DELIVERIES, "real_name": self.real_name,
            "applicant": applicant_of(draft, self.real_name) if shows_who else None,
            "is_carried": is_carried,
            "provider": provider(), "files": FILES,
        }  # fmt: skip
        return page(
            self.http, "apply.html", f"申请公开：{STEPS[step]}", context, status=status,
            parents=[link_to(self.organisation)],
        )  # fmt: skip
