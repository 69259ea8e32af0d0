"""上线时转入旧案：一份表一个事务，转入过的不再转。"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import OutOfScope, perform, refuse_marked, start
from yangguang.foundation.organisations.models import Organisation

from .applicants import Applicant
from .models import DisclosureRequest
from .moving_in import OldCase, Reading
from .services import identity_values, number_of
from .states import OFFICER


@dataclass(frozen=True)
class Moved:
    """转入的结果：新转入几件，从前转过几件。"""

    made: int
    had: int


@transaction.atomic
def move_in(reading: Reading, *, organisation: Organisation, actor: Actor) -> Moved:
    """把读好的各件转入。要么都转，要么一件也不转；原编号转过的略过。带密级标志的抛出 ``Classified``。"""
    if actor.role not in OFFICER or actor.organisation_id != organisation.pk:
        raise OutOfScope
    numbers = [case.legacy_number for case in reading.cases]
    had = set(
        DisclosureRequest.objects.filter(organisation=organisation, legacy_number__in=numbers)
        .values_list("legacy_number", flat=True)
    )  # fmt: skip
    wanted = [case for case in reading.cases if case.legacy_number not in had]
    for case in wanted:
        refuse_marked(case.subject, case.document_number, case.description)
        _one(case, organisation, actor)
    if wanted:
        record_event(
            "requests.transfer", actor=actor, target=organisation, public={"count": len(wanted)}
        )
    return Moved(len(wanted), len(had))


def _one(case: OldCase, organisation: Organisation, actor: Actor) -> None:
    applicant = Applicant(case.applicant_kind, case.name, case.paper, case.phone, case.address)
    identity = identity_values(applicant)
    if not case.paper.number:
        identity["applicant_digest"] = ""
    request = DisclosureRequest(
        organisation=organisation, legacy_number=case.legacy_number, channel=case.channel,
        submitted_at=timezone.now(), came_on=case.received_on, **identity, subject=case.subject,
        document_number=case.document_number, description=case.description,
        delivery_form=case.delivery_form, delivery_way=case.delivery_way,
    )  # fmt: skip
    request.number = number_of(request)
    key = f"move-in:{organisation.pk}:{request.number}"
    start(request, actor=actor, key=key)
    inputs = {
        "received_on": case.received_on, "result": case.result, "finished_on": case.finished_on,
        "delivered_on": case.delivered_on,
    }  # fmt: skip
    perform(request, "move_in", actor=actor, key=f"{key}:in", inputs=inputs)
