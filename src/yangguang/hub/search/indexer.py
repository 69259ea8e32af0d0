"""跟进变更日志：把每一条有变更的信息**现在**的样子写进本机的索引，再推进进度。

内容与进度一次提交，所以断在哪里，从原来的进度再来一遍就对了；重做无害。
索引没有了、栏目的树变了，就由资源库整个重建。撤回不排队：每落实一批之前，先从索引里撤下并确认。
"""

import hashlib
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Prefetch
from django.utils import timezone

from yangguang.foundation.audit.rules import canonical_json
from yangguang.foundation.failpoints import reach
from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.extraction import read_text
from yangguang.foundation.files.storing import location
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.projectors.selectors import awaiting
from yangguang.hub.projectors.services import acknowledge, advance, enrol
from yangguang.hub.publications.kinds import kind
from yangguang.hub.publications.linking import is_printed
from yangguang.hub.publications.models import Change, ChangeSeal, Placement, Publication, Share
from yangguang.hub.publications.refreshing import PLACED
from yangguang.hub.publications.rules import readable_text
from yangguang.hub.publications.selectors import changes_after, path_of

from .engine import GAZETTE, Entry, Progress, column_key, stored
from .selectors import engine

BATCH = 200
ATTACHMENT_LENGTH = 200_000
"""一个附件最多有这么多字参与检索。"""
FAMILY = "search"

NOT_BODY = frozenset(
    {
        "title", "document_number", "form", "subject", "written_on", "issued_on", "organisation",
        "attachments", "texts",
    }
)  # fmt: skip
"""载荷里另有字段、或不是正文的；``texts`` 是历次的文本，检索只找现在的。"""


def own_code() -> str:
    """本机的索引作为一个出口的代码。"""
    return f"{FAMILY}:{socket.gethostname()}"


def catch_up() -> int:
    """跟到日志的末尾，返回落实了几笔变更。同一台主机上同时只有一个在跟，另一个等它做完。"""
    with _hold():
        progress, current = engine().progress(), release()
        label = f"检索（主机 {socket.gethostname()}）"
        enrol(FAMILY, {own_code(): label}, sequence=progress.sequence, whole=False)
        if engine().is_ready():
            _withdrawn_first(progress)
        if progress.release != current:
            rebuild()
            progress = engine().progress()
            advance(own_code(), progress.sequence)
        done = 0
        while True:
            batch = list(changes_after(progress.sequence, BATCH))
            if batch:
                progress = Progress(_sequence(batch[-1]), current)
                _apply(_touched(batch), progress)
                advance(own_code(), progress.sequence)
                done += len(batch)
            if len(batch) < BATCH:
                return done
            _withdrawn_first(progress)


def _withdrawn_first(progress: Progress) -> None:
    """还没有确认的撤回：从索引里撤下，然后确认。进度不动。没有就只有一次查询。"""
    waiting = list(awaiting(FAMILY, own_code()))
    if waiting:
        _apply(_touched([each.change for each in waiting]), progress)
        acknowledge([own_code()], waiting)


def rebuild() -> int:
    """由资源库重建整个索引，返回多少条。其间检索用的仍是旧的。"""
    last = ChangeSeal.objects.aggregate(last=Max("sequence"))["last"] or 0
    counted = 0

    def everything() -> Iterator[Entry]:
        nonlocal counted
        for entry in entries_of(Publication.objects.filter(state=Publication.State.PUBLISHED)):
            counted += 1
            yield entry

    reach("search.before_rebuild")
    engine().replace_all(everything(), Progress(last, release()))
    return counted


def has_work() -> bool:
    """有没有还没进索引的变更或撤回。两次查询。"""
    pending = changes_after(engine().progress().sequence, 1)
    return pending.exists() or awaiting(FAMILY, own_code()).exists()


def _touched(batch: Iterable[Change]) -> set[int]:
    """变了的信息，连同要重新归位的：它刊登在公报上没有，变了。"""
    found: set[int] = set()
    for change in batch:
        if change.publication_id is not None:
            found.add(change.publication_id)
        elif change.key.startswith(PLACED):
            found.add(int(change.key.removeprefix(PLACED)))
    return found


def _apply(touched: set[int], progress: Progress) -> None:
    """把这些信息现在的样子写进索引，连同进度一次提交。"""
    entries = list(
        entries_of(Publication.objects.filter(pk__in=touched, state=Publication.State.PUBLISHED))
    )
    engine().apply(entries, touched - {entry.publication for entry in entries}, progress)


@contextmanager
def _hold() -> Iterator[None]:
    root = Path(settings.SEARCH_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".indexer").open("w") as stream:
        flock(stream, LOCK_EX)
        yield


def _sequence(change: Change) -> int:
    number: int = change.seal.sequence  # type: ignore[attr-defined]
    return number


def release() -> str:
    """索引所依的站点与栏目树的指纹：一条信息在哪些上级栏目之下，由树定。两次查询。"""
    digest = hashlib.sha256()
    for rows in (
        Site.objects.order_by("pk").values_list("pk", "code"),
        Column.objects.order_by("pk").values_list("pk", "site", "code", "path"),
    ):
        digest.update(repr(list(rows)).encode())
    return digest.hexdigest()


def entries_of(publications: Iterable[Publication]) -> Iterator[Entry]:
    """化为索引里的条目，按编号。"""
    columns = list(Column.objects.select_related("site").order_by("path"))
    rows = (
        publications.order_by("pk")  # type: ignore[attr-defined]
        .select_related("organisation", "site", "current_version")
        .prefetch_related(
            Prefetch("placements", Placement.objects.select_related("column"), to_attr="placed"),
            Prefetch(
                "shares",
                Share.objects.filter(ended_at=None).select_related("site").order_by("site"),
                to_attr="shared",
            ),
        )
        .annotate(is_printed=is_printed())
    )
    for publication in rows.iterator(chunk_size=BATCH):
        yield _entry(publication, columns)


def _entry(publication: Publication, columns: Sequence[Column]) -> Entry:
    version = publication.current_version
    assert version is not None  # noqa: S101  公开的必有现行版本
    payload = version.payload
    placed: list[Placement] = publication.placed  # type: ignore[attr-defined]
    paths = [placement.column.path for placement in placed]
    above = [
        column_key(c.site.code, c.code)
        for c in columns
        if any(path.startswith(c.path) for path in paths)
    ]
    shared: list[Share] = publication.shared  # type: ignore[attr-defined]
    return Entry(
        publication=publication.pk,
        version=version.number,
        site=publication.site.code,
        sites=(publication.site.code, *(share.site.code for share in shared)),
        path=path_of(publication),
        title=publication.title,
        document_number=publication.document_number,
        index_number=publication.index_number,
        body=_body(payload),
        columns=tuple(dict.fromkeys(above)),
        organisation=publication.organisation.code,
        form=payload["form"],
        subject=payload.get("subject") or "",
        stage=publication.stage,
        validity=publication.validity,
        printed=GAZETTE if _in_periodical(publication) else "",
        published_at=int(publication.published_at.timestamp()),
        year=timezone.localtime(publication.published_at).year,
        is_demonstration=publication.is_demonstration,
    )


def _in_periodical(publication: Publication) -> bool:
    """是刊物，或者刊登在刊物上。"""
    is_printed: bool = publication.is_printed  # type: ignore[attr-defined]
    return is_printed or kind(publication.kind).is_periodical


def _body(payload: dict[str, object]) -> str:
    """正文和附件里公众能读到的文字，一段一行。"""
    lines = [readable_text({k: v for k, v in payload.items() if k not in NOT_BODY})]
    for file in payload.get("attachments") or []:  # type: ignore[attr-defined]
        lines.append(f"附件：{file['name']}")
        try:
            lines.append(read_text(location(file["sha256"])).text[:ATTACHMENT_LENGTH])
        except Unreadable:
            # 图片、扫描件、表格没有读得出的文字，只凭名称找
            continue
    return "\n".join(lines)


# ---- 核对 ----


def faults() -> Iterator[str]:
    """索引与资源库不符之处，每条一句。还没落实的变更不算；本机没有索引就不核对。"""
    if not engine().is_ready():
        return
    progress = engine().progress()
    if progress.release != release():
        yield "检索的索引所依的栏目树已经变了，尚未重建。"
        return
    awaited = _touched(Change.objects.exclude(seal__sequence__lte=progress.sequence))
    indexed = {entry.publication: _fingerprint(entry) for entry in engine().entries()}
    live = Publication.objects.filter(state=Publication.State.PUBLISHED)
    for entry in entries_of(live):
        if entry.publication in awaited:
            indexed.pop(entry.publication, None)
            continue
        found = indexed.pop(entry.publication, None)
        if found is None:
            yield f"{entry.index_number}：没有进检索的索引。"
        elif found != _fingerprint(entry):
            yield f"{entry.index_number}：检索的索引里不是现在的内容。"
    for publication in sorted(set(indexed) - awaited):
        yield f"检索的索引里有不该有的信息（编号 {publication}）。"


def _fingerprint(entry: Entry) -> str:
    return hashlib.sha256(canonical_json(stored(entry))).hexdigest()
