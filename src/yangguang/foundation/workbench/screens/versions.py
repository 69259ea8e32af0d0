"""一条记录存过的各版、两版对照，和打印的样子。"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.selectors import history

from ..comparing import comparison, items_of
from ..models import RecordVersion
from ..steps import sentences, signed, steps
from ..versions import MOST_SHOWN, contents, versions_of
from .declared import M
from .records import RecordScreens


@dataclass(frozen=True)
class Line:
    """各版里的一行：哪一版，谁存的，这一版期间办了哪些事，填进修改表的地址。"""

    version: RecordVersion
    who: str
    meanwhile: Sequence[str]
    refill_href: str


class VersionScreens(RecordScreens[M]):
    """各版、对照、打印。看得见记录的才看得见。"""

    def versions_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """存过的各版，和其中两版的对照；没有指明的，拿最近一版和它的前一版。"""
        record = self.get(actor, pk)
        versions = versions_of(record)
        newest = versions[0].number if versions else 0
        new = _number(request.GET.get("new", ""), newest)
        old = _number(request.GET.get("old", ""), max(new - 1, 0))
        old, new = sorted((old, new))
        chosen = contents(record, old, new) if versions else {}
        asked = {"old", "new"} & set(request.GET)
        if asked and not {old, new} <= set(chosen):
            raise Http404
        edit_href = (
            reverse(f"workbench:{self.slug}-edit", args=[pk])
            if self.may_edit(record, actor)
            else ""
        )
        context = {
            "record": record,
            "record_href": self.record_href(pk),
            "lines": _lines(versions, list(history(record)), edit_href),
            "is_cut": len(versions) == MOST_SHOWN and versions[-1].number > 1,
            "old": chosen.get(old),
            "new": chosen.get(new),
            "comparison": (
                comparison(items_of(chosen[old].content), items_of(chosen[new].content))
                if old != new and {old, new} <= set(chosen)
                else None
            ),
        }
        return render(request, "workbench/versions.html", self._context(actor) | context)

    def print_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """打印的样子：A4 纸上的记录、走到哪一步、经过。"""
        record = self.get(actor, pk)
        context = {
            "record": record,
            "record_href": self.record_href(pk),
            "facts": [(k, v) for k, v in self.facts(record, actor) if v not in ("", None)],
            "steps": steps(record),
            "history": list(reversed(sentences(record, history(record)))),
            "printed_at": timezone.now(),
        }
        return render(
            request,
            self.print_template,
            self._context(actor) | context | self.record_context(record, actor),
        )


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _lines(
    versions: Sequence[RecordVersion], done: Sequence[TransitionRecord], edit_href: str
) -> list[Line]:
    lines: list[Line] = []
    until = None
    for version in versions:
        during = [
            row.label
            for row in done
            if row.event != "create" and row.at >= version.at and (until is None or row.at < until)
        ]
        who = _who(version)
        refill = f"{edit_href}?version={version.number}" if edit_href and lines else ""
        lines.append(Line(version, who, during, refill))
        until = version.at
    return lines


def _who(version: RecordVersion) -> str:
    """谁、以什么身份；不知道的为空。"""
    if version.user is None:
        return ""
    if version.assignment is None:
        return version.user.display_name
    post = f"{version.assignment.organisation.short_name}{Role(version.assignment.role).label}"
    return f"{post}{signed(version.user, version.assignment)}"
