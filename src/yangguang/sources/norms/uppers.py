"""上位依据的动作：登记、改名称，登记它变了，标出依据它的文件。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Refused, start
from yangguang.foundation.organisations.models import Organisation

from .models import Flag, Norm, UpperChange, UpperText
from .selectors import PUBLIC

EDITABLE = ("kind", "title", "document_number", "effective_on", "href")


@transaction.atomic
def enter_upper(
    values: Mapping[str, Any], *, organisation: Organisation, actor: Actor, key: str
) -> UpperText:
    """登记一份上位依据。同名的抛出 ``Refused``：各机构共用一份。"""
    title = str(values["title"])
    if UpperText.objects.filter(title=title).exists():
        raise Refused([f"《{title}》已经登记过，各机构共用一份，直接选用就行。"])
    upper = UpperText(
        organisation=organisation, **{name: values[name] for name in EDITABLE if name in values}
    )
    start(upper, actor=actor, key=key)
    return upper


@transaction.atomic
def edit_upper(upper: UpperText, changes: Mapping[str, Any], *, actor: Actor) -> None:
    """改名称、文号、地址。不能改的、同名的抛出 ``Refused``。"""
    current = UpperText.objects.select_for_update().get(pk=upper.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused(["上位依据由信息员改。"])
    if UpperText.objects.filter(title=changes["title"]).exclude(pk=upper.pk).exists():
        raise Refused([f"《{changes['title']}》已经登记过。"])
    changed = [name for name in EDITABLE if getattr(current, name) != changes.get(name)]
    if not changed:
        return
    for name in changed:
        setattr(current, name, changes[name])
    current.save(update_fields=[*changed, "updated_at"])
    record_event("upper_texts.edit", actor=actor, target=current, fields=changed)


def flag_dependents(
    upper: UpperText, *, actor: Actor, inputs: Mapping[str, Any], at: datetime
) -> None:
    """记下上位依据的变动，标出依据、实施它的、公布着的文件，告诉经办人。在那一步的事务里。"""
    from .notices import tell_of_change

    change = UpperChange.objects.create(
        upper=upper,
        changed_on=inputs["changed_on"],
        articles=str(inputs.get("articles") or ""),
        what=str(inputs["message"])[:500],
    )
    dependent = Norm.objects.filter(relations__upper=upper, state__in=PUBLIC).distinct()
    norms = list(dependent.select_related("organisation").order_by("pk"))
    Flag.objects.bulk_create(Flag(norm=norm, change=change) for norm in norms)
    tell_of_change(norms, upper, change.pk)
