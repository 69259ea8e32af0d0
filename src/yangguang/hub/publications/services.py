"""信息资源库的动作：发布、更正、撤回、换栏目、置顶。

每个动作在一个事务里写下版本、现状、变更和审计；封存、烘焙、索引都在提交之后。
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.failpoints import reach
from yangguang.foundation.files.baring import unbared
from yangguang.foundation.files.cleaning import CLEANED
from yangguang.foundation.files.quarantine import held
from yangguang.foundation.lifecycle.services import KeyTaken, Refused
from yangguang.foundation.numbering.rules import format_index_number
from yangguang.foundation.numbering.services import take
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import site_for
from yangguang.hub.projectors.services import expect

from .gate import Examined, gate
from .kinds import Attachment, PublicationKind, kind
from .linking import settle_links
from .models import Change, Placement, Publication, PublicationVersion
from .refreshing import place_again, place_linked
from .rules import digest, payload_faults
from .selectors import columns_on, locked
from .sharing import at_the_end, codes_of, reasons_against_closed, settle_share


@transaction.atomic
def publish(
    record: models.Model,
    kind_code: str,
    *,
    organisation: Organisation,
    columns: Sequence[Column],
    actor: Actor,
    key: str,
    published_at: datetime | None = None,
    published_at_source: str = "",
    is_demonstration: bool = False,
) -> PublicationVersion:
    """把记录发布为一条信息，返回新版本。

    ``columns`` 第一个是组配分类，须在本机构的站点；下级站点的栏目也可以列，等于同时转发到那里。
    同一人同一 ``key`` 只做一次，做过别的事的 ``key`` 抛出 ``KeyTaken``；曾经撤回的同一记录再次发布，
    沿用原来的站点、索引号和地址，还在转发的接着转发。``published_at`` 只用于补录，须注明来源；
    审计里仍是真实时间。
    不能发布时抛出 ``Refused``，带上全部理由。
    """
    if earlier := _earlier(key, PublicationVersion.Action.PUBLISH, actor):
        of = earlier.publication
        if (of.kind, of.source_label, of.source_id) != (
            kind_code, record._meta.label_lower, record.pk,
        ):  # fmt: skip
            raise KeyTaken
        return earlier
    if published_at and not published_at_source:
        raise Refused(["补录发布时间须注明来源。"])
    chosen = kind(kind_code)
    files = list(chosen.attachments(record))
    body, examined = _checked_payload(chosen, record, files)
    now = timezone.now()
    publication = _publication_of(record, chosen)
    if publication and publication.state == Publication.State.PUBLISHED:
        raise Refused(["这条信息已经发布；要改内容请用更正。"])
    site = publication.site if publication else site_for(organisation)
    if site is None or not columns:
        raise Refused(["没有可以发布的站点或栏目，请先指定。"])
    if reasons := _reasons_against_columns(site, columns):
        raise Refused(reasons)
    if publication is None:
        if not organisation.uscc:
            raise Refused([f"{organisation}没有统一社会信用代码，不能生成索引号。"])
        year = timezone.localtime(published_at or now).year
        number = take("publications.index", year, organisation)
        publication = Publication(
            kind=kind_code,
            organisation=organisation,
            site=site,
            index_number=format_index_number(organisation.uscc, year, number),
            published_at=published_at or now,
            published_at_source=published_at_source,
            is_demonstration=is_demonstration,
            source_label=record._meta.label_lower,
            source_id=record.pk,
        )
    publication.state = Publication.State.PUBLISHED
    publication.withdrawn_at = None
    publication.withdrawal_reason = ""
    version = _new_version(
        publication, chosen, body, PublicationVersion.Action.PUBLISH, "", actor, key, now
    )
    examined.note(actor=actor, at=now)
    own = [column for column in columns if column.site_id == site.pk]
    _place(publication, own)
    _append_change(version, Change.Action.PUBLISH, "", actor, now, own)
    for other in dict.fromkeys(column.site for column in columns if column.site_id != site.pk):
        settle_share(publication, [c for c in columns if c.site_id == other.pk], actor, now)
    return version


@transaction.atomic
def correct(
    publication: Publication, record: models.Model, *, actor: Actor, reason: str, key: str
) -> PublicationVersion:
    """按记录现在的内容更正一条已发布的信息，返回新版本。

    须写明更正说明；内容没有变化、信息已撤回时抛出 ``Refused``；做过别的事的 ``key`` 抛出
    ``KeyTaken``。
    """
    if earlier := _earlier(key, PublicationVersion.Action.CORRECT, actor):
        if earlier.publication_id != publication.pk:
            raise KeyTaken
        return earlier
    publication = locked(publication)
    reasons = []
    if publication.state != Publication.State.PUBLISHED:
        reasons.append("这条信息已经撤回，不能更正；可以重新发布。")
    if not reason.strip():
        reasons.append("更正须写明说明，公众会在变更记录里看到。")
    if reasons:
        raise Refused(reasons)
    chosen = kind(publication.kind)
    body, examined = _checked_payload(chosen, record, list(chosen.attachments(record)))
    now = timezone.now()
    current = publication.current_version
    if current is not None and current.digest == digest(_full(publication, body)):
        raise Refused(["内容与现行版本完全相同，没有可更正的。"])
    version = _new_version(
        publication, chosen, body, PublicationVersion.Action.CORRECT, reason, actor, key, now
    )
    examined.note(actor=actor, at=now)
    _append_change(version, Change.Action.CORRECT, reason, actor, now)
    return version


@transaction.atomic
def withdraw(publication: Publication, *, actor: Actor, reason: str) -> Change:
    """撤回一条信息，转发到别的站点的一并撤下：各出口先办撤回、再办别的，并逐个确认。

    版本仍在库里，公众不再能看到；须写明原因。

    已经撤回的再撤回一次，什么也不做，返回原来的变更。
    """
    publication = locked(publication)
    if not reason.strip():
        raise Refused(["撤回须写明原因。"])
    if publication.state == Publication.State.WITHDRAWN:
        return Change.objects.filter(publication=publication, action=Change.Action.WITHDRAW).latest(
            "pk"
        )
    now = timezone.now()
    publication.state = Publication.State.WITHDRAWN
    publication.withdrawn_at = now
    publication.withdrawal_reason = reason
    publication.save(update_fields=["state", "withdrawn_at", "withdrawal_reason"])
    reach("publications.before_change")
    change = Change.objects.create(
        action=Change.Action.WITHDRAW,
        publication=publication,
        version=publication.current_version,
        reason=reason,
        at=now,
    )
    expect(change)
    place_linked(publication)
    record_event(
        "publications.withdraw", actor=actor, target=publication, fields=("state",), note=reason,
        at=now,
    )  # fmt: skip
    at_the_end()
    return change


@transaction.atomic
def move(publication: Publication, columns: Sequence[Column], *, actor: Actor) -> Change | None:
    """换栏目：信息从此放在 ``columns`` 里，第一个是组配分类，都在原件所在的站点。内容不变，不成新版本。

    栏目没有变的什么也不做，返回空。已经撤回的、不是本站栏目的抛出 ``Refused``。
    """
    publication = locked(publication)
    reasons = []
    if publication.state != Publication.State.PUBLISHED:
        reasons.append("这条信息已经撤回，不能换栏目。")
    if not columns:
        reasons.append("请选定换到哪些栏目。")
    reasons += [
        f"“{column}”不是“{publication.site}”的栏目。"
        for column in columns
        if column.site_id != publication.site_id
    ]
    reasons += reasons_against_closed(columns)
    if reasons:
        raise Refused(reasons)
    if list(columns_on(publication, publication.site)) == list(columns):
        return None
    now = timezone.now()
    _place(publication, columns)
    change = Change.objects.create(
        action=Change.Action.MOVE,
        publication=publication,
        version=publication.current_version,
        columns=codes_of(columns),
        at=now,
    )
    place_linked(publication)
    record_event(
        "publications.move", actor=actor, target=publication, fields=("placements",),
        public={"columns": codes_of(columns)}, at=now,
    )  # fmt: skip
    at_the_end()
    return change


@transaction.atomic
def pin(publication: Publication, until: date | None, *, actor: Actor) -> None:
    """置顶：在各个列表的首页排在前面，到 ``until`` 当天为止；空的是不再置顶。没有变的什么也不做。"""
    publication = locked(publication)
    if publication.pinned_until == until:
        return
    publication.pinned_until = until
    publication.save(update_fields=["pinned_until"])
    record_event(
        "publications.pin", actor=actor, target=publication, fields=("pinned_until",),
        public={"until": until.isoformat() if until else ""},
    )  # fmt: skip
    place_again(publication)


def _earlier(key: str, action: str, actor: Actor) -> PublicationVersion | None:
    """同一把键从前做成的版本；不是这个人、不是这件事的抛出 ``KeyTaken``。"""
    version = (
        PublicationVersion.objects.filter(idempotency_key=key).select_related("publication").first()
    )
    if version and (version.action, version.created_by_id) != (action, actor.user_id):
        raise KeyTaken
    return version


def _publication_of(record: models.Model, chosen: PublicationKind) -> Publication | None:
    return (
        Publication.objects.select_for_update(of=("self",))
        .select_related("site__organisation")
        .filter(kind=chosen.code, source_label=record._meta.label_lower, source_id=record.pk)
        .first()
    )


def _checked_payload(
    chosen: PublicationKind, record: models.Model, files: Sequence[Attachment]
) -> tuple[dict[str, Any], Examined]:
    body = chosen.payload(record)
    body["attachments"] = [
        {"name": f.name, "sha256": f.sha256, "size": f.size, "media_type": f.media_type}
        for f in files
    ]
    examined = gate().examine(body, files, record)
    kept_back = held(file.sha256 for file in files)
    isolated = [f"附件“{f.name}”：{kept_back[f.sha256]}" for f in files if f.sha256 in kept_back]
    dirty = unbared(file.sha256 for file in files if file.media_type in CLEANED)
    isolated += [f"附件“{f.name}”{dirty[f.sha256]}" for f in files if f.sha256 in dirty]
    if reasons := [*payload_faults(body), *isolated, *examined.reasons]:
        raise Refused(reasons)
    return body, examined


def _full(publication: Publication, body: dict[str, Any]) -> dict[str, Any]:
    organisation = publication.organisation
    return body | {
        "index_number": publication.index_number,
        "organisation": {"code": organisation.code, "name": organisation.name},
    }


def _new_version(
    publication: Publication,
    chosen: PublicationKind,
    body: dict[str, Any],
    action: str,
    reason: str,
    actor: Actor,
    key: str,
    now: datetime,
) -> PublicationVersion:
    payload = _full(publication, body)
    project(publication, payload)
    publication.save()
    reach("publications.before_version")
    last = publication.versions.aggregate(models.Max("number"))["number__max"] or 0
    version = PublicationVersion.objects.create(
        publication=publication,
        number=last + 1,
        action=action,
        schema_version=chosen.schema_version,
        payload=payload,
        digest=digest(payload),
        reason=reason,
        created_at=now,
        created_by_id=actor.user_id,
        idempotency_key=key,
    )
    publication.current_version = version
    publication.save(update_fields=["current_version"])
    settle_links(publication, payload)
    return version


def project(publication: Publication, payload: dict[str, Any]) -> None:
    """由载荷得出条目的各个字段；重建时用的是同一个函数。"""
    publication.title = payload["title"]
    publication.document_number = payload.get("document_number") or ""
    publication.stage = payload["stage"]
    publication.validity = payload.get("validity") or ""
    publication.written_on = parse_date(payload.get("written_on") or "")


def _reasons_against_columns(site: Site, columns: Sequence[Column]) -> list[str]:
    reasons = []
    if columns[0].site_id != site.pk:
        reasons.append(f"组配分类须是“{site}”的栏目，“{columns[0]}”不是。")
    for other in dict.fromkeys(column.site for column in columns if column.site_id != site.pk):
        if not other.organisation.path.startswith(site.organisation.path):
            reasons.append(f"“{other}”不在下级，要在那里出现，请由那里的人转发。")
    return reasons + reasons_against_closed(columns)


def _place(publication: Publication, columns: Sequence[Column]) -> None:
    publication.placements.filter(column__site=publication.site_id).delete()
    Placement.objects.bulk_create(
        Placement(publication=publication, column=column, is_primary=position == 0)
        for position, column in enumerate(dict.fromkeys(columns))
    )


def _append_change(
    version: PublicationVersion,
    action: str,
    reason: str,
    actor: Actor,
    now: datetime,
    columns: Sequence[Column] = (),
) -> None:
    reach("publications.before_change")
    Change.objects.create(
        action=action,
        publication=version.publication,
        version=version,
        columns=codes_of(columns),
        reason=reason,
        at=now,
    )
    place_linked(version.publication)
    record_event(
        f"publications.{action}",
        actor=actor,
        target=version.publication,
        fields=("current_version",),
        public={"version": version.number, "digest": version.digest},
        note=reason,
        at=now,
    )
    at_the_end()
