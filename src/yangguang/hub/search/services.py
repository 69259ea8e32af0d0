"""检索的动作：记下没有结果的查询，过期的忘掉；维护同义词和推荐结果。"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, start
from yangguang.foundation.screening.rules import secret_mark
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import is_shown_on

from .curation import (
    address_faults,
    lines,
    personal_faults,
    phrase_faults,
    synonym_faults,
)
from .models import Curated, CurationStamp, FruitlessSearch, Promotion, SynonymGroup
from .rules import countable
from .selectors import sites_of

C = TypeVar("C", bound=Curated)
KEPT = timedelta(days=180)
"""没有结果的查询留多久。"""
DAILY = 1_000
"""一个站点一天最多记这么多个不同的词，免得被人灌满。"""


def count_fruitless(site: Site, text: str, day: date | None = None) -> None:
    """``text`` 没有查到，记一次。像是个人信息的不记，见 ``countable``。一至三次查询。"""
    words = countable(text)
    if not words:
        return
    day = day or timezone.localdate()
    same = FruitlessSearch.objects.filter(site=site, day=day, words=words)
    if same.update(count=F("count") + 1):
        return
    if FruitlessSearch.objects.filter(site=site, day=day).count() >= DAILY:
        return
    try:
        with transaction.atomic():
            FruitlessSearch.objects.create(site=site, day=day, words=words)
    except IntegrityError:
        # 另一个请求刚刚记下了同一个词
        same.update(count=F("count") + 1)


def forget_fruitless(before: date | None = None) -> int:
    """忘掉 ``before`` 之前的，默认是 ``KEPT`` 以前；返回删去几行。"""
    limit = before or timezone.localdate() - KEPT
    deleted, _ = FruitlessSearch.objects.filter(day__lt=limit).delete()
    return deleted


# ---- 同义词与推荐结果 ----


def add_synonyms(
    *, site: Site | None, words: str, reason: str, actor: Actor, key: str
) -> SynonymGroup:
    """新立一组同义词。``words`` 一行一个；有毛病抛出 ``Refused``，带上全部理由。"""
    group = SynonymGroup(organisation_id=actor.organisation_id)
    _fill(group, {"site": site, "words": words, "reason": reason})
    return _add(group, actor, key)


def add_promotion(
    *,
    site: Site | None,
    words: str,
    publication: Publication | None = None,
    address: str = "",
    label: str = "",
    valid_from: date,
    valid_until: date | None = None,
    reason: str,
    actor: Actor,
    key: str,
) -> Promotion:
    """新立一条推荐：一条信息，或站内的一个地址连同显示的文字。有毛病抛出 ``Refused``。"""
    promotion = Promotion(organisation_id=actor.organisation_id)
    values = {
        "site": site, "words": words, "publication": publication, "address": address,
        "label": label, "valid_from": valid_from, "valid_until": valid_until, "reason": reason,
    }  # fmt: skip
    _fill(promotion, values)
    return _add(promotion, actor, key)


@transaction.atomic
def edit_curated(record: Curated, changes: Mapping[str, Any], *, actor: Actor) -> None:
    """改一组同义词或一条推荐；没有改动的不再记。不在范围内抛出 ``OutOfScope``。"""
    model = type(record)
    if not model.policy.may_edit(actor, record):
        raise OutOfScope
    current = model._default_manager.select_for_update().get(pk=record.pk)
    before = _public(current)
    _fill(current, changes)
    changed = {name: value for name, value in _public(current).items() if before[name] != value}
    if not changed:
        return
    _check(current, actor)
    current.save()
    CurationStamp.renew()
    action = f"{model.lifecycle.name}.edit"
    record_event(action, actor=actor, target=current, public=changed)


@transaction.atomic
def _add(record: C, actor: Actor, key: str) -> C:
    if not type(record).policy.may_create(actor):
        raise OutOfScope
    _check(record, actor)
    start(record, actor=actor, key=key)
    CurationStamp.renew()
    return record


def _fill(record: Curated, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, "\n".join(lines(value)) if name == "words" else value)


def _check(record: Curated, actor: Actor) -> None:
    texts = [record.words, record.reason]
    words = record.terms if record.words else []
    if isinstance(record, Promotion):
        texts += [record.address, record.label]
        faults = phrase_faults(words) + _target_faults(record, actor)
    else:
        faults = synonym_faults(words)
    if any(secret_mark(text) for text in texts):
        raise Classified
    if not record.reason.strip():
        faults.append("请写明理由。")
    if not _site_is_within(record, actor):
        faults.append("这个站点不在您管的范围内。")
    if faults := faults + personal_faults(*texts):
        raise Refused(faults)


def _target_faults(record: Promotion, actor: Actor) -> list[str]:
    faults = []
    if record.publication:
        if record.address or record.label:
            faults.append("推荐一条信息，就不必再写地址和显示的文字；两样只能写一样。")
        if record.is_gone:
            faults.append("这条信息已经撤回，公众看不到，请换一条。")
        elif not _is_shown(record.publication, [record.site] if record.site else sites_of(actor)):
            faults.append("这条信息不在所选的站点上，请换一条，或另选站点。")
    elif not record.address:
        faults.append("请写明推荐哪条信息，或站内哪个页面的地址。")
    else:
        faults += address_faults(record.address)
        if not record.label:
            faults.append("推荐一个地址，须写明显示的文字。")
    if record.valid_until and record.valid_until < record.valid_from:
        faults.append("止日不能早于起日。")
    return faults


def _is_shown(publication: Publication, sites: Iterable[Site]) -> bool:
    shares = Publication.objects.prefetch_related("shares").get(pk=publication.pk)
    return any(is_shown_on(shares, site) for site in sites)


def _site_is_within(record: Curated, actor: Actor) -> bool:
    if record.site is None:
        return actor.includes_subtree
    return sites_of(actor).filter(pk=record.site.pk).exists()


def _public(record: Curated) -> dict[str, Any]:
    """审计里记下的值，都是公开的。"""
    found: dict[str, Any] = {
        "site": record.site.code if record.site else "",
        "words": record.terms,
        "reason": record.reason,
    }
    if isinstance(record, Promotion):
        found |= {
            "publication": record.publication.index_number if record.publication else "",
            "address": record.address,
            "label": record.label,
            "valid_from": record.valid_from.isoformat(),
            "valid_until": record.valid_until.isoformat() if record.valid_until else "",
        }
    return found
