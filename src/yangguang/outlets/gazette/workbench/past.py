"""收入往期的一期：表上填期号、日期，传 PDF，列目录。"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..forms import PastIssueForm
from ..models import GazetteIssue
from ..services import take_past


class PastScreens(RecordViewSet[GazetteIssue]):
    """收入往期。"""

    def past_routes(self) -> Sequence[URLPattern]:
        """收入一期。"""
        return (self.route("past/", self.past_view, "past"),)

    def past_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """填表，传 PDF。"""
        if not self.may_create(actor):
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            pdf = form.cleaned_data["pdf"]
            record = take_past(
                form.values(), (pdf.name, pdf.read()), form.cleaned_data["contents"],
                organisation=Organisation.objects.get(pk=actor.organisation_id), actor=actor,
                key=form.idempotency_key, columns=list(form.cleaned_data["columns"]),
            )  # fmt: skip
            return self.after_create(request, record)

        context = {"heading": "收入往期", "submit_label": "收入", "record": None}
        blank = partial(PastIssueForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)
