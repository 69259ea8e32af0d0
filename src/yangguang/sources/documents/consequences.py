"""公文运转每一步的后果：会签、编号、印发、补审的记录，期限，三关，发布。在流转引擎的事务里。"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.notify.audiences import Recipient
from yangguang.foundation.notify.registry import notices_of
from yangguang.foundation.notify.rules import WAITING
from yangguang.foundation.notify.telling import Notice, tell
from yangguang.hub.publications.services import correct, publish, withdraw
from yangguang.hub.screening.services import sign_in_passing
from yangguang.hub.topics.services import gather_chosen

from . import countersigning, register
from .due import INTERPRETATION_DUE, PUBLISH_DUE
from .models import Countersignature, EmergencyRelease, FairnessSheet, OfficialDocument
from .routes import ORDER
from .selectors import holders_of, path_for
from .services import publication_of

GATES_PASSED = {
    "pass": ("policy", "text"),
    "pass_disclosure": ("policy", "text"),
    "approve": ("political",),
}
"""按下哪一步，就是把过了哪几关：审核人把政策关、文字关，签发人把政治关。"""


@dataclass(frozen=True)
class Done:
    """办了的一步：哪份公文、谁、填了什么、什么时候。"""

    document: OfficialDocument
    event: str
    actor: Actor
    inputs: Mapping[str, Any]
    at: datetime

    @property
    def message(self) -> str:
        """意见、理由。"""
        return str(self.inputs["message"])

    @property
    def key(self) -> str:
        """这一步的幂等键：公文和它是第几步。"""
        return f"{self.document.pk}:{history(self.document).count()}"


def carry_out(
    document: OfficialDocument,
    event: str,
    *,
    actor: Actor,
    inputs: Mapping[str, Any],
    at: datetime,
) -> None:
    """运转一步的后果。由流转引擎在同一事务里调用。"""
    done = Done(document, event, actor, inputs, at)
    if event in GATES_PASSED and document.disclosure == "proactive":
        sign_in_passing(document, GATES_PASSED[event], actor=actor, at=at)
    if event not in ("delegate", "urge", "countersign"):
        document.assigned_to = None
    if (act := CONSEQUENCES.get(event)) is not None:
        act(done)
    if document.state == "in_countersign" and event != "countersign":
        countersigning.show_to_signatories(document)


def _countersign(done: Done) -> None:
    agreed = done.event == "countersign"
    standing = Countersignature.Standing.AGREED if agreed else Countersignature.Standing.DECLINED
    countersigning.sign(
        done.document, standing, actor=done.actor, opinion=done.message, at=done.at
    )  # fmt: skip


def _submit(done: Done) -> None:
    countersigning.send_out(done.document)


def _delegate(done: Done) -> None:
    person = int(done.inputs["person"])
    held = holders_of(done.document).filter(user=person).first()
    if held is None:
        raise Refused(["这个人现在不能办这一步，请另选。"])
    done.document.assigned_to = held.user
    why = f"{done.actor.signature}转请您办" + (f"：{done.message}" if done.message else "")
    _tell(done, [Recipient(held.user_id, held.pk)], why)


def _urge(done: Done) -> None:
    notices, document = notices_of(OfficialDocument), done.document
    audience = notices.waits.get(document.state) if notices else None
    people = audience.of([document])[document.pk] if audience else []
    if document.assigned_to_id:
        people = [to for to in people if to.user == document.assigned_to_id]
    _tell(
        done, people, f"{done.actor.signature}催办" + (f"：{done.message}" if done.message else "")
    )


def _tell(done: Done, people: list[Recipient], why: str) -> None:
    document, notices = done.document, notices_of(OfficialDocument)
    if notices is not None:
        tell(
            [
                Notice(
                    to, WAITING, notices.code, str(document), notices.href(document),
                    f"{done.event}:{done.key}", why, due_on=document.deadline, record=document,
                )
                for to in people
            ]
        )  # fmt: skip


def _sheet(done: Done) -> None:
    FairnessSheet.objects.create(
        document=done.document, content=dict(done.inputs["sheet"]), by_id=done.actor.user_id,
        at=done.at,
    )  # fmt: skip


def _approve(done: Done) -> None:
    document, path = done.document, path_for(done.document)
    document.written_on = document.written_on or timezone.localdate(done.at)
    if "issued" not in path:
        document.issued_on = document.issued_on or document.written_on
    _count(document)


def _number(done: Done) -> None:
    register.assign(done.document, done.inputs["series"], actor=done.actor, at=done.at)


def _void(done: Done) -> None:
    register.void(done.document, actor=done.actor, reason=done.message, at=done.at)


def _issue(done: Done) -> None:
    done.document.issued_on = done.inputs["issued_on"]
    _count(done.document)


def _count(document: OfficialDocument) -> None:
    calendar = Calendars().of(document.organisation)
    PUBLISH_DUE.write(document, calendar)
    INTERPRETATION_DUE.write(document, calendar)


def _publish(done: Done) -> None:
    document = done.document
    version = publish(
        document,
        "document",
        organisation=document.organisation,
        columns=list(document.columns.order_by("path")),
        actor=done.actor,
        key=f"document:{done.key}",
        published_at=document.back_filled_at,
        published_at_source=document.back_filled_from,
        is_demonstration=document.is_demonstration,
    )
    gather_chosen(version.publication, document.topics, actor=done.actor)


def _release(done: Done) -> None:
    """紧急发布：记下没有走的步骤，等人补审。"""
    document, states = done.document, done.document.lifecycle.states
    today = timezone.localdate(done.at)
    was = OfficialDocument.objects.values_list("state", flat=True).get(pk=document.pk)
    skipped = [
        states[each].removeprefix("已")
        for each in path_for(document)
        if ORDER.index(was) <= ORDER.index(each) and each not in ("draft", "approved", "published")
    ]
    EmergencyRelease.objects.create(
        document=document, reason=done.message, skipped=skipped, by_id=done.actor.user_id,
        at=done.at,
    )  # fmt: skip
    if done.inputs.get("series"):
        _number(done)
    document.written_on = document.written_on or today
    document.issued_on = document.issued_on or document.written_on
    _count(document)
    _publish(done)


def _review_afterwards(done: Done) -> None:
    sound = done.event == "endorse"
    outcome = EmergencyRelease.Outcome.SOUND if sound else EmergencyRelease.Outcome.FAULTY
    done.document.releases.filter(outcome=EmergencyRelease.Outcome.PENDING).update(
        outcome=outcome, reviewed_by=done.actor.user_id, reviewed_at=done.at, opinion=done.message
    )


def _correct(done: Done) -> None:
    publication = publication_of(done.document)
    correct(
        publication,
        done.document,
        actor=done.actor,
        reason=done.message,
        key=f"document:{done.key}",
    )
    gather_chosen(publication, done.document.topics, actor=done.actor)


def _withdraw(done: Done) -> None:
    withdraw(publication_of(done.document), actor=done.actor, reason=done.message)


CONSEQUENCES: Mapping[str, Callable[[Done], None]] = {
    "submit": _submit,
    "pass_fairness": _sheet,
    "countersign": _countersign,
    "decline": _countersign,
    "delegate": _delegate,
    "urge": _urge,
    "approve": _approve,
    "number": _number,
    "void_number": _void,
    "issue": _issue,
    "publish": _publish,
    "republish": _publish,
    "release": _release,
    "endorse": _review_afterwards,
    "object": _review_afterwards,
    "correct": _correct,
    "withdraw": _withdraw,
}
"""各步的后果。没有列的只改状态。"""
