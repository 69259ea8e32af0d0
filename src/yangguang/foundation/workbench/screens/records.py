"""一条记录的界面：是什么、到哪一步、现在能办什么、经过；办一个动作。"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import (
    CUSTODY,
    Action,
    actions,
    facts_for,
    has_done,
    has_step,
    history,
)

from ..forms import ActionForm, new_key
from ..steps import sentences, steps
from .declared import M
from .forms import FormScreens


class RecordScreens(FormScreens[M]):
    """记录页和动作。"""

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一条记录：是什么、到哪一步、现在能办什么、经过。"""
        record = self.get(actor, pk)
        prefetch_related_objects([record], CUSTODY, *self.gathered)
        done, facts = list(history(record)), facts_for(record, actor)
        may_edit = self.may_edit(record, actor)
        return render(
            request,
            self.record_template,
            self._context(actor)
            | {
                "record": record,
                "facts": [(k, v) for k, v in self.facts(record, actor) if v not in ("", None)],
                "steps": steps(record, facts),
                "actions": self._buttons(record, actions(record, actor, facts)),
                "may_edit": may_edit,
                "edit_href": reverse(f"workbench:{self.slug}-edit", args=[pk]) if may_edit else "",
                "history": sentences(record, done),
                "print_href": reverse(f"workbench:{self.slug}-print", args=[pk]),
                "versions_href": (
                    reverse(f"workbench:{self.slug}-versions", args=[pk])
                    if self.keeps_versions
                    else ""
                ),
            }
            | self.record_context(record, actor)
            | self.told(record, done)
            | self.queried_context(record, actor, request.GET),
        )

    def action_view(self, request: HttpRequest, actor: Actor, pk: int, event: str) -> HttpResponse:
        """一个动作：要填的先填，不能办的说明缘由，填的都留着。"""
        record = self.get(actor, pk)
        transition = self._transition(event, actor)
        if not has_step(record, transition, actor) and not has_done(
            request.POST.get("key", ""), actor
        ):
            raise Http404
        blank = self.action_form(actor, record, transition)

        def attempt(filled: Any) -> HttpResponse:
            self.act(record, event, filled, actor)
            messages.success(request, self.done_message(record, transition))
            return redirect(self.record_href(pk))

        context = {
            "heading": f"{transition.label}：{record}",
            "submit_label": transition.label,
            "record": record,
            "transition": transition,
        }
        template = self.action_templates.get(event, "workbench/form.html")
        return self.fill(request, actor, blank, attempt, template, context)

    def action_form(
        self, actor: Actor, record: M, transition: Transition
    ) -> Callable[..., ActionForm]:
        """动作的表单，还没有填。"""
        chosen = self.action_forms.get(transition.event, ActionForm)
        return partial(chosen, actor=actor, transition=transition)

    def _buttons(self, record: M, found: Iterable[Action]) -> list[dict[str, Any]]:
        """记录页上的按钮：按一下就往前走的排在头里，其余照转换表的次序。"""
        made = [
            self._button(record, action)
            for action in found
            if action.transition.event not in self.elsewhere
        ]
        return sorted(made, key=lambda button: not button["is_main"])

    def _button(self, record: M, action: Action) -> dict[str, Any]:
        event = action.transition.event
        is_immediate = not action.transition.needs_message and event not in self.action_forms
        return {
            "transition": action.transition,
            "allowed": action.allowed,
            "refusals": action.refusals,
            "href": reverse(f"workbench:{self.slug}-do", args=[record.pk, event]),
            "is_immediate": is_immediate,
            "is_main": action.allowed
            and is_immediate
            and record.lifecycle.leads_on(record.state, action.transition.lands(action.context)),
            "key": new_key(),
        }
