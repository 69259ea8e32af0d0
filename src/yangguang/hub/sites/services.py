"""站点的动作：改名称和标识，起草开设的申请。下线、关停、批准开通走流转。"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import secret_mark
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.gate import text_faults

from .models import SiteOpening


@transaction.atomic
def edit_site(site: Site, values: Mapping[str, Any], *, actor: Actor) -> Site:
    """改名称、页脚的标识、主色，各页随即更新。没有变的什么也不做。不归此人管抛出 ``OutOfScope``。"""
    current = Site.objects.select_for_update(of=("self",)).filter(pk=site.pk).first()
    if current is None or not Site.policy.may_edit(actor, current):
        raise OutOfScope
    changed = [name for name, value in values.items() if getattr(current, name) != value]
    if not changed:
        return current
    words = (values["name"], values["short_name"], values["undertaken_by"], values["contact"])
    if faults := text_faults("\n".join(words), ""):
        raise Refused(faults)
    before = current.name
    for name in changed:
        setattr(current, name, values[name])
    current.save()
    record_event(
        "site.edit", actor=actor, target=current, fields=changed,
        public={"from": before, "name": current.name} if before != current.name else None,
    )  # fmt: skip
    site.refresh_from_db()
    return site


@transaction.atomic
def propose_site(values: Mapping[str, Any], *, actor: Actor, key: str) -> SiteOpening:
    """起草一份开设站点的申请。同一 ``key`` 只起草一次。单位不在范围内抛出 ``OutOfScope``。"""
    unit: Organisation = values["organisation"]
    if not SiteOpening.policy.may_create(actor) or not actor.covers(unit.pk, unit.path):
        raise OutOfScope
    opening = SiteOpening(**values)
    _refuse_bad_words(opening)
    start(opening, actor=actor, key=key)
    return opening


@transaction.atomic
def edit_opening(opening: SiteOpening, values: Mapping[str, Any], *, actor: Actor) -> SiteOpening:
    """改还没有报批的申请。没有变的什么也不做。"""
    current = SiteOpening.objects.select_for_update(of=("self",)).filter(pk=opening.pk).first()
    unit: Organisation = values["organisation"]
    if (
        current is None
        or not SiteOpening.policy.may_edit(actor, current)
        or not actor.covers(unit.pk, unit.path)
    ):
        raise OutOfScope
    changed = [name for name, value in values.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, values[name])
    if changed:
        _refuse_bad_words(current)
        current.save()
        record_event("site_opening.edit", actor=actor, target=current, fields=changed)
    opening.refresh_from_db()
    return opening


def _refuse_bad_words(opening: SiteOpening) -> None:
    texts = (
        opening.name, opening.short_name, opening.undertaken_by, opening.contact, opening.reason,
        opening.exception,
    )  # fmt: skip
    if secret_mark("\n".join(texts)):
        raise Classified
    if faults := text_faults("\n".join(texts[:4]), ""):
        raise Refused(faults)
