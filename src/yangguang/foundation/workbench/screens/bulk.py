"""成批办理的界面：选中几条，看各条能不能办，办一个动作，看哪些办成了、哪些没有、为什么。"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import judged
from yangguang.foundation.lifecycle.services import OutOfScope, Refused

from ..bulking import GONE, begin, finish, key_of, picked
from ..listing import kept_query
from ..models import BulkRun
from .declared import M
from .records import RecordScreens


class BulkScreens(RecordScreens[M]):
    """成批办理。每一条各按各的规矩，一条办不成不碍别的。"""

    def bulk_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """选中的几条：先列出各条能不能办，确认之后逐条去办。"""
        given = request.POST if request.method == "POST" else request.GET
        event = given.get("event", "")
        transition = next((t for t in self.bulk_transitions(actor) if t.event == event), None)
        if transition is None:
            raise Http404
        query = kept_query(given.get("query", ""))
        back = f"{self.list_href()}?{query}" if query else self.list_href()
        numbers = picked(given.getlist("pk"))
        if not numbers:
            messages.warning(request, f"请先勾选要{transition.label}的，再按。")
            return redirect(back)
        records = self._picked_records(actor, numbers)
        if not records:
            raise Http404
        against = judged(records, transition.event, actor)

        def attempt(form: Any) -> HttpResponse:
            key = form.idempotency_key
            run = begin(key, self.slug, transition, actor=actor)
            if run.finished_at is None:
                found = {record.pk: record for record in records}
                outcomes = [
                    {
                        "pk": pk,
                        "reasons": self._attempt_one(request, found[pk], transition, key, actor)
                        if pk in found
                        else [GONE],
                    }
                    for pk in numbers
                ]
                finish(run, outcomes, actor=actor)
            return redirect(reverse("workbench:bulk-result", args=[self.slug, run.pk]))

        context = {
            "heading": f"{transition.label}：选中 {len(numbers)} 条",
            "record": None,
            "transition": transition,
            "ready": [each for each in records if not against[each.pk]],
            "blocked": [(each, against[each.pk]) for each in records if against[each.pk]],
            "gone": len(numbers) - len(records),
            "query": query,
            "back": back,
        }
        blank = self.action_form(actor, records[0], transition)
        return self.fill(request, actor, blank, attempt, "workbench/bulk.html", context)

    def bulk_result_view(self, request: HttpRequest, actor: Actor, run: int) -> HttpResponse:
        """一批的结果：办成的、没有办成的和缘由。只有办的人看得到。"""
        mine = BulkRun.objects.filter(assignment=actor.assignment_id, slug=self.slug)
        found = get_object_or_404(mine, pk=run)
        known = self.queryset(actor).in_bulk([each["pk"] for each in found.outcomes])
        rows = [
            (known.get(each["pk"]), self.record_href(each["pk"]), each["reasons"])
            for each in found.outcomes
        ]
        context = {
            "run": found,
            "done": [row for row in rows if not row[2]],
            "not_done": [row for row in rows if row[2]],
        }
        return render(request, "workbench/bulk_result.html", self._context(actor) | context)

    def _picked_records(self, actor: Actor, numbers: Sequence[int]) -> list[M]:
        found = {each.pk: each for each in self.queryset(actor).filter(pk__in=numbers)}
        return [found[pk] for pk in numbers if pk in found]

    def _attempt_one(
        self, request: HttpRequest, record: M, transition: Transition, key: str, actor: Actor
    ) -> list[str]:
        """办一条，返回没有办成的理由；办成了为空。"""
        data = request.POST.copy()
        data["key"] = key_of(key, record.pk)
        form = self.action_form(actor, record, transition)(data=data)
        if not form.is_valid():
            return [str(error) for errors in form.errors.values() for error in errors]
        try:
            self.act(record, transition.event, form, actor)
        except OutOfScope:
            return [GONE]
        except (Refused, FileRefused) as refused:
            return list(refused.reasons)
        return []
