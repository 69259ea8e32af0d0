"""词典的动作：起草新的一版，增、改、删词条，导入，样文，试，启用。"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import (
    Classified,
    OutOfScope,
    Refused,
    perform,
    start,
)
from yangguang.foundation.screening.rules import screen, secret_mark

from .entries import DICTIONARIES, Entry, faults
from .lexicon import entries_of
from .matching import Matcher
from .models import DictionaryEntry, DictionaryVersion, SampleText
from .packaged import packaged
from .versions import trial

BATCH = 2_000
CLOSED = "这一版用过了，不能再改；要改请另起一版。"


@transaction.atomic
def open_version(
    dictionary: str, *, note: str, actor: Actor, key: str, is_demonstration: bool = False
) -> DictionaryVersion:
    """在 ``actor`` 的机构名下起草新的一版：词条抄自使用中的一版，没有的抄自随产品发布的。

    已有一版在起草的抛出 ``Refused``；同一 ``key`` 只做一次。
    """
    own = DictionaryVersion.objects.filter(
        organisation=actor.organisation_id, dictionary=dictionary
    )
    if not DictionaryVersion.policy.may_create(actor):
        raise OutOfScope
    version = DictionaryVersion(
        organisation_id=actor.organisation_id,
        dictionary=dictionary,
        number=(own.aggregate(last=Max("number"))["last"] or 0) + 1,
        note=note,
        is_demonstration=is_demonstration,
    )
    try:
        with transaction.atomic():
            start(version, actor=actor, key=key)
    except IntegrityError as error:
        raise Refused(
            [f"{DICTIONARIES[dictionary].label}已有一版正在起草，请先启用或作废。"]
        ) from error
    if not version.entries.exists():
        current = own.filter(state="in_force").first()
        entries = entries_of(current.pk, dictionary) if current else packaged(dictionary)
        _add(version, entries)
    return version


@transaction.atomic
def replace_entries(version: DictionaryVersion, entries: Sequence[Entry], *, actor: Actor) -> int:
    """用导入的整表换掉起草中的词条，返回几条。用过的、有毛病的抛出 ``Refused``。"""
    current = _draft(version, actor)
    texts = "\n".join(t for e in entries for t in (e.text, e.right, e.note, *e.variants))
    _refuse_unfit(texts)
    DictionaryEntry.objects.filter(version=current).delete()
    _add(current, entries)
    _touched(current, actor, "screening.dictionary.import", {"entries": len(entries)})
    return len(entries)


@transaction.atomic
def put_entry(
    version: DictionaryVersion, entry: Entry, *, actor: Actor, pk: int | None = None
) -> DictionaryEntry:
    """加一条，或改第 ``pk`` 条。用过的、有毛病的抛出 ``Refused``。"""
    current = _draft(version, actor)
    _refuse_unfit("\n".join((entry.text, entry.right, entry.note, *entry.variants)))
    if wrong := [f"“{_heading(entry, name)}”{reason}" for name, reason in faults(entry)]:
        raise Refused(wrong)
    row = DictionaryEntry.of(current, entry)
    if pk is not None:
        if not current.entries.filter(pk=pk).exists():
            raise OutOfScope
        row.pk = pk
    row.save()
    _touched(current, actor, "screening.dictionary.put", {"text": entry.text})
    return row


@transaction.atomic
def remove_entry(version: DictionaryVersion, pk: int, *, actor: Actor) -> None:
    """删一条。用过的抛出 ``Refused``。"""
    current = _draft(version, actor)
    row = current.entries.filter(pk=pk).first()
    if row is not None:
        row.delete()
        _touched(current, actor, "screening.dictionary.remove", {"text": row.text})


@transaction.atomic
def put_sample(
    version: DictionaryVersion, text: str, expected: Iterable[str], *, actor: Actor
) -> SampleText:
    """添一篇样文。该查出的字样须在样文里。"""
    current = _locked(version, actor)
    wanted = list(dict.fromkeys(filter(None, (each.strip() for each in expected))))
    _refuse_unfit(text)
    if missing := [each for each in wanted if each not in text]:
        raise Refused([f"样文里没有“{each}”。" for each in missing])
    sample = SampleText.objects.create(
        organisation_id=current.organisation_id,
        dictionary=current.dictionary,
        text=text,
        expected=wanted,
    )
    _touched(current, actor, "screening.dictionary.sample", {"expected": wanted})
    return sample


@transaction.atomic
def remove_sample(version: DictionaryVersion, pk: int, *, actor: Actor) -> None:
    """去掉一篇样文。"""
    current = _locked(version, actor)
    current.samples().filter(pk=pk).delete()
    _touched(current, actor, "screening.dictionary.sample_removed", {"sample": pk})


def carry_out(version: DictionaryVersion, event: str, *, actor: Actor, at: datetime) -> None:
    """流转一步的后果。由流转引擎在同一事务里调用。"""
    if event == "test":
        version.digest = digest_of(entries_of(version.pk, version.dictionary))
    elif event == "adopt":
        version.in_force_at = at
        before = DictionaryVersion.objects.filter(
            organisation=version.organisation_id, dictionary=version.dictionary, state="in_force"
        ).first()
        if before is not None:
            perform(
                before, "replace", actor=actor, key=f"replaced:{before.pk}:{version.pk}",
                message=f"第 {version.number} 版启用", at=at,
            )  # fmt: skip


def digest_of(entries: Sequence[Entry]) -> str:
    """词条的摘要：一条不差才相同。"""
    return sha256(repr([vars(entry) for entry in entries]).encode()).hexdigest()


def trial_of(version: DictionaryVersion) -> list[str]:
    """样文试得怎样：对不上的每处一句。"""
    matcher = _matcher_of(version.pk, version.dictionary, version.updated_at)
    return trial(matcher, [sample.plain for sample in version.samples()], timezone.localdate())


@lru_cache(maxsize=4)
def _matcher_of(pk: int, dictionary: str, updated_at: datetime) -> Matcher:
    return Matcher(entries_of(pk, dictionary))


def _locked(version: DictionaryVersion, actor: Actor) -> DictionaryVersion:
    if not DictionaryVersion.policy.may_edit(actor, version):
        raise OutOfScope
    return DictionaryVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)


def _draft(version: DictionaryVersion, actor: Actor) -> DictionaryVersion:
    current = _locked(version, actor)
    if current.state != "draft":
        raise Refused([CLOSED])
    return current


def _add(version: DictionaryVersion, entries: Iterable[Entry]) -> None:
    rows = [DictionaryEntry.of(version, entry) for entry in entries]
    DictionaryEntry.objects.bulk_create(rows, batch_size=BATCH)


def _touched(
    version: DictionaryVersion, actor: Actor, action: str, public: Mapping[str, Any]
) -> None:
    version.save(update_fields=["updated_at"])
    record_event(action, actor=actor, target=version, public=dict(public))


def _refuse_unfit(text: str) -> None:
    if secret_mark(text):
        raise Classified
    if screen(text):
        raise Refused(["里面像是有个人的号码，请删去。"])


def _heading(entry: Entry, name: str) -> str:
    field = DICTIONARIES[entry.dictionary].field(name)
    return field.heading if field else name
