"""上网核对：一件一件到网上去看，一批一批地记，断了接着做；最后反过来，看网上有、台账里没有的。"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.failpoints import reach
from yangguang.foundation.fetching.pages import Fetcher
from yangguang.foundation.files.storing import location
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.services import KeyTaken, OutOfScope, Refused
from yangguang.foundation.notify.audiences import Recipient
from yangguang.foundation.notify.rules import WAITING
from yangguang.foundation.notify.telling import Notice, tell
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.sources.documents.models import DocumentAttachment, OfficialDocument

from .comparing import Issued, issued, issued_from_text
from .looking import Attached, Fault, Subject, look_at
from .models import Finding, LedgerCheck, LedgerEntry
from .rules import ENTERERS
from .selectors import Reckoner, entries_of, listed_in

CHECK = "ledger.check"
BATCH = 200
"""一批看几件，看完一批记一次。"""
TURN = 20.0
"""一项作业连着做几秒，再让别的作业有机会。"""
DOCUMENTS = "documents.officialdocument"


@transaction.atomic
def start_check(*, actor: Actor, key: str) -> LedgerCheck:
    """发起一次核对：``actor`` 的机构，含下级的连同下级。同一 ``key`` 只发起一次。

    没有这个身份抛出 ``OutOfScope``；上一次还没有做完、台账是空的抛出 ``Refused``。
    """
    if actor.role not in ENTERERS:
        raise OutOfScope
    earlier = LedgerCheck.objects.filter(key=key).first()
    if earlier is not None:
        if earlier.started_by_id != actor.user_id:
            raise KeyTaken
        return earlier
    organisation = Organisation.objects.get(pk=actor.organisation_id)
    entries = listed_in(organisation, includes_subtree=actor.includes_subtree)
    last = entries.aggregate(last=Max("pk"))["last"]
    if last is None:
        raise Refused(["台账里还没有文件，没有可以核对的。"])
    check = LedgerCheck(
        organisation=organisation, includes_subtree=actor.includes_subtree, as_of=reading_day(),
        started_by_id=actor.user_id, started_at=timezone.now(), key=key, last=last,
        total=entries.filter(pk__lte=last).count(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            check.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(["上一次核对还没有做完，做完再发起下一次。"]) from error
    record_event("ledger.start_check", actor=actor, target=check, public={"count": check.total})
    _next(check)
    return check


def check_some(pk: int) -> bool:
    """接着做一次核对，做 ``TURN`` 秒左右；返回还有没有。重做无害：记过的不再记。"""
    until = time.monotonic() + TURN
    while time.monotonic() < until:
        check = LedgerCheck.objects.select_related("organisation").get(pk=pk)
        if check.finished_at is not None:
            return False
        batch = list(
            entries_of(check)
            .filter(pk__gt=check.cursor)
            .select_related("organisation")
            .order_by("pk")[:BATCH]
        )
        if not batch:
            _finish(check)
            return False
        faults = _look(batch, check)
        reach("ledger.looked")
        _record(check, batch, faults)
    return True


def go_on(pk: int) -> None:
    """排上下一段。"""
    with transaction.atomic():
        _next(LedgerCheck.objects.get(pk=pk))


def _next(check: LedgerCheck) -> None:
    enqueue(CHECK, {"check": check.pk}, key=f"{check.pk}:{check.cursor}")


# ---- 一批 ----


def fetcher() -> Fetcher:
    """去取网页的：写明是谁，本平台的网站在哪里应答，另外准许连哪里。一次查询。"""
    return _fetcher(own_hosts())


def own_hosts() -> frozenset[str]:
    """本平台各站点的主机名。一次查询。"""
    sites = Site.objects.values_list("domain", "other_hosts")
    return frozenset(host for domain, others in sites for host in (domain, *others))


def _fetcher(own: frozenset[str]) -> Fetcher:
    agent = "Yangguang-ledger/1 (+https://{}/)".format(min(own, default="localhost"))
    return Fetcher(
        agent, own=own, served_at=settings.SITES_SERVED_AT, also=frozenset(settings.FETCH_ALSO)
    )


def _look(batch: Sequence[LedgerEntry], check: LedgerCheck) -> dict[int, list[Fault]]:
    """这一批各行查出的问题。数据库里的先取齐，网络上的事不在事务里。"""
    reckoner, found = Reckoner(check.as_of), {}
    kept = _Issued([entry for entry in batch if entry.document_id is not None])
    subjects = []
    for entry in batch:
        standing = reckoner.of(entry)
        if standing.is_overdue and not entry.withdrawn_on:
            found[entry.pk] = [
                ("overdue", f"应在 {entry.publish_due_text} 以前上网。{standing.told}。")
            ]
        elif not entry.address:
            if standing.code in ("on_time", "late"):
                found[entry.pk] = [("no_address", "不知道到哪里去看，请补登网址。")]
        elif standing.code != "not_online":
            subjects.append(kept.subject(entry, standing.code))
    own = own_hosts()
    return found | look_at(subjects, lambda: _fetcher(own), own)


class _Issued:
    """一批公文印发的内容：文字和附件。三次查询。

    正在修订的，网上还是发布着的那一版，与那一版比。
    """

    def __init__(self, entries: Sequence[LedgerEntry]) -> None:
        keys = [entry.document_id for entry in entries]
        self._documents = OfficialDocument.objects.only(
            "title", "document_number", "body", "state"
        ).in_bulk(keys)
        self._files: dict[int, list[Attached]] = defaultdict(list)
        rows = DocumentAttachment.objects.filter(document__in=keys).order_by("position")
        for row in rows.select_related("file"):
            attached = Attached(row.file.name, location(row.file.public_sha256))
            self._files[row.document_id].append(attached)
        revising = [pk for pk, each in self._documents.items() if each.state == "revising"]
        self._payloads: dict[int, Mapping[str, Any]] = dict(
            Publication.objects.filter(
                kind="document", source_label=DOCUMENTS, source_id__in=revising
            ).values_list("source_id", "current_version__payload")
        )

    def subject(self, entry: LedgerEntry, standing: str) -> Subject:
        """要去看的一件。"""
        wants = "hidden" if standing == "not_public" else "online"
        if entry.withdrawn_on is not None:
            wants = "gone"
        found, files = self._content(entry)
        return Subject(entry.pk, wants, entry.address, found, tuple(files))

    def _content(self, entry: LedgerEntry) -> tuple[Issued, list[Attached]]:
        document = self._documents.get(entry.document_id or 0)
        if document is None:
            return issued_from_text(entry.title, entry.document_number, entry.text), []
        payload = self._payloads.get(document.pk)
        if payload is None:
            found = issued(document.title, document.document_number, document.body, whole=True)
            return found, self._files[document.pk]
        found = issued(payload["title"], payload["document_number"], payload["body"], whole=True)
        files = [
            Attached(each["name"], location(each["sha256"])) for each in payload["attachments"]
        ]
        return found, files


@transaction.atomic
def _record(
    check: LedgerCheck, batch: Sequence[LedgerEntry], faults: Mapping[int, Sequence[Fault]]
) -> None:
    """记下一批。别的进程先记过的不再记。"""
    end, now = batch[-1].pk, timezone.now()
    moved = LedgerCheck.objects.filter(pk=check.pk, cursor=check.cursor, finished_at=None)
    if not moved.update(cursor=end, done=check.done + len(batch)):
        return
    Finding.objects.bulk_create(
        [
            Finding(
                check_run=check, organisation_id=entry.organisation_id, code=code, entry=entry,
                document_number=entry.document_number, title=entry.title, address=entry.address,
                detail=detail,
            )
            for entry in batch
            for code, detail in faults.get(entry.pk, ())
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    LedgerEntry.objects.filter(pk__in=[entry.pk for entry in batch]).update(checked_at=now)


# ---- 反过来 ----


@transaction.atomic
def _finish(check: LedgerCheck) -> None:
    """反过来看一遍，收尾，告诉发起的人。"""
    current = LedgerCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if current.finished_at is not None:
        return
    Finding.objects.bulk_create(_reverse(check), batch_size=500, ignore_conflicts=True)
    current.found = current.findings.count()
    current.done, current.finished_at = current.total, timezone.now()
    current.save(update_fields=["found", "done", "finished_at"])
    record_event(
        "ledger.finish_check", actor=None, target=current,
        public={"checked": current.total, "count": current.found},
    )  # fmt: skip
    tell(
        [
            Notice(
                Recipient(current.started_by_id), WAITING, LedgerEntry._meta.label_lower,
                str(check), reverse("workbench:ledger-checks-record", args=[check.pk]),
                f"ledger-check:{check.pk}", f"做完了，查出 {current.found} 个问题",
            )
        ]
    )  # fmt: skip


def _reverse(check: LedgerCheck) -> Iterable[Finding]:
    """网上有、台账里没有的；不是主动公开的、网上却有的。两次查询。"""
    online = _published(check)
    numbered = LedgerEntry.objects.filter(
        state="listed", document_number=OuterRef("document_number")
    )
    own = LedgerEntry.objects.filter(document=OuterRef("source_id"))
    unlisted = online.exclude(Exists(numbered) & ~Q(document_number="")).exclude(
        Q(kind="document") & Exists(own)
    )
    for publication in unlisted.iterator(chunk_size=2_000):
        yield _on_site(
            check, "unlisted", publication, None, "请补进台账，或者说明它为什么不是印发的文件。"
        )
    hidden = entries_of(check).exclude(disclosure="proactive").exclude(document_number="")
    shown = Publication.objects.filter(
        state=Publication.State.PUBLISHED, document_number=OuterRef("document_number")
    )
    matches = hidden.filter(Exists(shown)).select_related("organisation").in_bulk()
    by_number = {entry.document_number: entry for entry in matches.values()}
    for publication in (
        Publication.objects.filter(state=Publication.State.PUBLISHED, document_number__in=by_number)
        .select_related("site", "organisation")
        .order_by("pk")
    ):
        entry = by_number[publication.document_number]
        told = f"台账上是“{entry.get_disclosure_display()}”，网上却公开着同一文号的信息。"
        yield _on_site(check, "not_public", publication, entry, told)


def _published(check: LedgerCheck) -> "QuerySet[Publication]":
    """范围里的机构现在公开着的公文，和别的有文号的信息；核对开始以后才公开的下次再看。"""
    inside = (
        Q(organisation__path__startswith=check.organisation.path)
        if check.includes_subtree
        else Q(organisation=check.organisation_id)
    )
    return (
        Publication.objects.filter(inside, state=Publication.State.PUBLISHED)
        .filter(Q(kind="document") | ~Q(document_number=""))
        .filter(published_at__lte=check.started_at)
        .select_related("site", "organisation")
        .order_by("pk")
    )


def _on_site(
    check: LedgerCheck, code: str, publication: Publication, entry: LedgerEntry | None, told: str
) -> Finding:
    return Finding(
        check_run=check,
        organisation_id=entry.organisation_id if entry else publication.organisation_id,
        code=code,
        entry=entry,
        publication=publication,
        document_number=publication.document_number,
        title=publication.title,
        address=publication.site.address + path_of(publication),
        detail=told,
    )
