"""由一次核对起草通报：成为一份起草中的公文，公开属性、送审、签发与别的公文一样。"""

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.sources.documents.codes import type_code
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import take_in

from .models import LedgerCheck
from .rules import summed
from .selectors import behind, entries_of, findings_of, ranked, reckoned, tallies
from .wording import MOST_LISTED, Behind, Found, blocks, text_of, title_of


@transaction.atomic
def draft_circular(check: LedgerCheck, *, actor: Actor, key: str) -> OfficialDocument:
    """起草通报，返回它；同一次核对只起草一份，再来返回那一份。

    不能起草公文抛出 ``OutOfScope``；核对还没有做完抛出 ``Refused``。
    """
    if not OfficialDocument.policy.may_create(actor):
        raise OutOfScope
    current = (
        LedgerCheck.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=check.pk)
    )
    if current.circular is not None:
        return current.circular
    if current.finished_at is None:
        raise Refused(["核对还没有做完，做完再起草通报。"])
    issuer = Organisation.objects.get(pk=actor.organisation_id)
    title = title_of(issuer.name, current.as_of)
    body = blocks(
        issuer.name,
        current.as_of,
        reading_day(),
        summed(tallies(entries_of(current), current.as_of).values()),
        ranked(current),
        _behind(current),
        [
            Found(
                each.code, each.organisation.short_name, each.document_number, each.title,
                each.address, each.detail,
            )
            for each in findings_of(current)
        ],
    )  # fmt: skip
    document = take_in(
        text_of(title, body),
        organisation=issuer,
        actor=actor,
        key=key,
        overrides={
            "title": title,
            "document_number": "",
            "issuers": [issuer.name],
            "addressees": ["各有关单位"],
            "document_type": type_code("通报"),
            "written_on": reading_day(),
            "issued_on": None,
            "disclosure": "",
            "disclosure_mark": "",
            "body": body,
        },
    )
    current.circular = document
    current.save(update_fields=["circular"])
    record_event(
        "ledger.draft_circular", actor=actor, target=current, public={"count": current.found}
    )
    return document


def _behind(check: LedgerCheck) -> list[Behind]:
    """通报里列得下的那些。"""
    return [
        Behind(
            entry.organisation.short_name,
            entry.document_number,
            entry.title,
            entry.issued_on.isoformat(),
            entry.publish_due_text,
            entry.online_on.isoformat() if entry.online_on and not standing.is_overdue else "",
            standing.days_late,
        )
        for entry, standing in reckoned(behind(check)[:MOST_LISTED], check.as_of)
    ]
