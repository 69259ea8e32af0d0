"""巡查：有人绕过本系统改了、添了、删了网站的文件，一分钟之内发现并恢复。

先走一遍树（``scanning``），把可疑的挑出来；再独占着树、照此刻的账逐个确认，所以正在改名的页不会冤枉。
恢复不凭副本：页面照库里的现状重烘，附件从文件库再复制，清单照账重写，来历不明的移进隔离目录。
被改过的内容先留一份作证据。每一件都入审计，体检报警。
"""

import os
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from yangguang.foundation.audit.services import record
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication, PublicationFile

from .baker import Baker, MissingAttachment, tree_of
from .frame import Press
from .manifest import KEY_NAME, NAME, ROOT, Malformed, digest_of, folder_of, read
from .manifests import Manifests, signing_key, standing_on
from .models import BakedPage, Cursor, Manifest, PageFile, PatrolRound, TamperedFile
from .rules import ATTACHMENT, TOMBSTONE, file_of
from .scanning import Folder, scan
from .sealed_tree import content_of, file_faults, is_own, is_scratch, signature_faults
from .sheets import Copied
from .snapshot import Snapshot
from .sweeping import bake_marked, next_generation, reached
from .writer import TWINS, SiteNotWritable, Tree

SILENT = timedelta(minutes=5)
"""这么久没有巡查完一轮，就要报警。"""
REMEMBERED = timedelta(days=1)
"""恢复了的，一天之内体检还提，好让人去查是谁动的。"""
NAMED = 5


@dataclass(frozen=True)
class Round:
    """一个站点的一轮：看了多少个文件，其中算了多少个摘要，用了几秒，发现了什么。"""

    site: str
    files: int
    hashed: int
    seconds: float
    found: tuple[TamperedFile, ...]


def patrol(*, full: bool = False) -> list[Round]:
    """全部站点巡查一轮；``full`` 为真就每个文件都算一遍。已有别的进程在巡查时什么也不做。"""
    rounds: list[Round] = []
    with _alone() as mine:
        if mine:
            for site in Site.objects.select_related("organisation").order_by("pk"):
                rounds.append(_patrol(site, full))
    return rounds


@contextmanager
def _alone() -> Iterator[bool]:
    root = Path(settings.PATROL_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (root / ".patrol").open("w") as stream:
        try:
            flock(stream, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _patrol(site: Site, full: bool) -> Round:
    tree, began = tree_of(site), time.monotonic()
    last = PatrolRound.objects.filter(site=site).first()
    elapsed = (timezone.now() - last.finished_at).total_seconds() if last else 0.0
    digests = dict(Manifest.objects.filter(site=site).values_list("folder", "digest"))
    if not digests:
        # 还没有烘过，没有账可对
        return Round(site.name, 0, 0, 0.0, ())
    snapshot = Snapshot(Path(settings.PATROL_ROOT) / f"{site.code}.sqlite3")
    try:
        seen = scan(tree.root, digests, partial(_folder, site), snapshot, elapsed, full=full)
    finally:
        snapshot.close()
    suspects = sorted({*seen.suspects, *_unrestored(site)})
    found = tuple(_restored(site, tree, suspects)) if suspects else ()
    seconds = time.monotonic() - began
    PatrolRound.objects.update_or_create(
        site=site,
        defaults={
            "finished_at": timezone.now(), "seconds": seconds, "files": seen.files,
            "hashed": seen.hashed,
        },
    )  # fmt: skip
    return Round(site.name, seen.files, seen.hashed, seconds, found)


def _folder(site: Site, folder: str) -> Folder | None:
    row = Manifest.objects.filter(site=site, folder=folder).first()
    return Folder(row.entries, row.digest) if row else None


def _unrestored(site: Site) -> Iterator[str]:
    yield from TamperedFile.objects.filter(site=site, restored_at=None).values_list(
        "path", flat=True
    )


# ---- 确认 ----


def _restored(site: Site, tree: Tree, suspects: Sequence[str]) -> list[TamperedFile]:
    """确认、留证、恢复，返回真被动过的。"""
    known = set(_unrestored(site))
    with tree.locked():
        unsettled = _unsettled(site, suspects)
        confirmed = {
            name: fault
            for name, fault in _faults(site, tree, suspects).items()
            if name not in unsettled
        }
        kept = {n: _keep(tree, n, fault) for n, fault in confirmed.items() if n not in known}
    rows = [_tell(site, name, fault, kept.get(name, "")) for name, fault in confirmed.items()]
    if confirmed:
        _restore(site, tree, list(confirmed))
    with tree.locked():
        still = _faults(site, tree, suspects)
    healed = [name for name in suspects if name not in still]
    TamperedFile.objects.filter(site=site, path__in=healed, restored_at=None).update(
        restored_at=timezone.now()
    )
    for row in rows:
        row.refresh_from_db()
    return rows


def _faults(site: Site, tree: Tree, names: Sequence[str]) -> dict[str, str]:
    """照此刻的账，其中哪些不对、怎样不对。须独占着树。"""
    folders = {folder_of(name)[0] for name in names}
    rows = {r.folder: r for r in Manifest.objects.filter(site=site, folder__in=folders)}
    found = {}
    for name in names:
        folder, own = folder_of(name)
        if fault := _fault(tree, name, own, rows.get(folder)):
            found[name] = fault
    return found


def _fault(tree: Tree, name: str, own: str, row: Manifest | None) -> str:
    """一个文件怎样不对；没有不对是空串。"""
    is_there = os.path.lexists(tree.root / name)
    if row and own == NAME:
        if row.dirty:
            return ""
        content = content_of(tree.root / name)
        if content is not None and (digest_of(content) == row.digest or _is_ours(name, content)):
            return ""
    elif row and own in row.files:
        digest, size = row.files[own]
        if not any(file_faults(tree.root, name, digest, size)):
            return ""
    elif not is_there or is_scratch(name) or (row and is_own(own, row.files)):
        return ""
    else:
        return TamperedFile.Fault.ADDED.value
    return (TamperedFile.Fault.CHANGED if is_there else TamperedFile.Fault.MISSING).value


def _is_ours(name: str, content: bytes) -> bool:
    """根目录的清单是不是我们自己刚写的，断在记账之前：别人签不出落实到这里的。"""
    key = signing_key()
    if name != NAME or key is None:
        return False
    try:
        top = read(content, ROOT)
        is_current = top.standing == standing_on(
            Cursor.objects.get(pk=1).day or timezone.localdate()
        )
    except (Malformed, TypeError, Cursor.DoesNotExist):
        return False
    return is_current and not any(signature_faults(top, key.public_key()))


def _paths(name: str) -> set[str]:
    """树里的文件（副本算作它的页面）可能是哪个站内路径的。"""
    page, suffix = os.path.splitext(name)
    path = f"/{page if suffix in TWINS else name}"
    return {path, path.removesuffix("index.html")} if path.endswith("/index.html") else {path}


def _unsettled(site: Site, names: Sequence[str]) -> set[str]:
    """账上还没有落定的：页要重烘，附件所属的信息要重烘或正在撤下。"""
    owners: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for path in _paths(name):
            owners[path].add(name)
    pending = BakedPage.objects.filter(site=site, wanted__gt=F("baked"))
    found = set(pending.filter(path__in=owners).values_list("path", flat=True))
    files = PublicationFile.objects.filter(site=site, path__in=owners)
    found |= set(
        files.filter(publication__state=Publication.State.WITHDRAWN)
        .exclude(role=TOMBSTONE)
        .values_list("path", flat=True)
    )
    attached = dict(files.filter(role=ATTACHMENT).values_list("path", "publication"))
    busy = set(
        pending.filter(maker="record", subject__in=map(str, attached.values())).values_list(
            "subject", flat=True
        )
    )
    found |= {path for path, publication in attached.items() if str(publication) in busy}
    along = PageFile.objects.filter(page__site=site, path__in=owners)
    found |= set(along.filter(page__wanted__gt=F("page__baked")).values_list("path", flat=True))
    unsettled = {name for path in found for name in owners[path]}
    if Manifest.objects.filter(site=site, dirty=True).exists():
        unsettled |= {name for name in names if folder_of(name)[1] == NAME}
    return unsettled


# ---- 留证、恢复 ----


def _keep(tree: Tree, name: str, fault: str) -> str:
    """留一份作证据，来历不明的移走；返回留在哪里。本来就没有的没有证据。"""
    source = tree.root / name
    if fault == TamperedFile.Fault.MISSING or not os.path.lexists(source):
        # 没有了，或已随它所在的目录移走
        return ""
    moment = timezone.now().strftime("%Y%m%dT%H%M%S%f")
    quarantine = Path(settings.PATROL_ROOT) / "quarantine"
    quarantine.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = quarantine / moment / tree.root.name / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if fault == TamperedFile.Fault.ADDED or not source.is_file() or source.is_symlink():
        shutil.move(source, target)
    else:
        shutil.copy2(source, target)
    return str(target)


def _tell(site: Site, name: str, fault: str, kept: str) -> TamperedFile:
    """记下，入审计。还没有恢复的同一个文件不重复记。"""
    with transaction.atomic():
        row, is_new = TamperedFile.objects.get_or_create(
            site=site, path=name, restored_at=None,
            defaults={"fault": fault, "found_at": timezone.now(), "kept": kept},
        )  # fmt: skip
        if is_new:
            record(
                "website.tampered", actor=None, target=site, target_label=f"/{name}",
                public={"path": f"/{name}", "fault": fault},
            )  # fmt: skip
    return row


def _restore(site: Site, tree: Tree, names: Sequence[str]) -> None:
    """照库里的现状恢复。恢复不了的（例如文件库里也没有了）留给下一轮，体检一直报警。"""
    owners = {path for name in names for path in _paths(name)}
    cursor = Cursor.objects.first() or Cursor()
    press = Press(site, cursor.day or timezone.localdate())
    baker = Baker(press, tree, reached())
    mine = BakedPage.objects.filter(site=site, path__in=owners)
    mine.update(wanted=next_generation())
    failed: dict[str, Exception] = {}
    try:
        bake_marked(baker, list(mine.order_by("maker", "pk")), failed)
        with tree.locked():
            for copied in _attachments(site, owners):
                tree.remove(file_of(copied.path))
                baker.copy([copied])
        own = {folder_of(name)[0] for name in names if folder_of(name)[1] == NAME}
        own |= {ROOT} if KEY_NAME in names else set()
        if own:
            with tree.locked():
                Manifest.objects.filter(site=site, folder__in=own).update(dirty=True)
            Manifests({site: tree}, press.as_of).write()
    except (SiteNotWritable, MissingAttachment):
        # 写不进去，或文件库里也没有了：留给下一轮，体检一直报警
        return


def _attachments(site: Site, paths: set[str]) -> Iterator[Copied]:
    for rows in (
        PublicationFile.objects.filter(site=site, role=ATTACHMENT, path__in=paths),
        PageFile.objects.filter(page__site=site, path__in=paths),
    ):
        for path, digest, size in rows.values_list("path", "sha256", "size").distinct():
            yield Copied(path, digest, size)


# ---- 体检 ----


def warnings() -> list[str]:
    """被动过的文件，和停了的巡查。"""
    now = timezone.now()
    told = []
    for site in Site.objects.order_by("pk"):
        rows = TamperedFile.objects.filter(site=site).order_by("pk")
        if still := list(rows.filter(restored_at=None)):
            told.append(f"{site.name}的网站有文件被动过，还没有恢复：{_named(still)}。")
        if recent := list(rows.filter(restored_at__isnull=False, found_at__gt=now - REMEMBERED)):
            told.append(
                f"{site.name}的网站一天之内有文件被动过，已恢复：{_named(recent)}。"
                "有人能绕过本系统写网站的目录，请查明；证据留在隔离目录。"
            )
    silent = PatrolRound.objects.filter(finished_at__lt=now - SILENT).select_related("site")
    told += [
        f"{each.site.name}的网站从 {timezone.localtime(each.finished_at):%Y-%m-%d %H:%M} 起没有巡查。"
        "请看作业进程是否在运行（yangguang work）。"
        for each in silent
    ]
    return told


def _named(rows: Sequence[TamperedFile]) -> str:
    more = f"等 {len(rows)} 个" if len(rows) > NAMED else ""
    return "、".join(map(str, rows[:NAMED])) + more


def metrics() -> list[dict[str, object]]:
    """各站点最近一轮巡查。"""
    rows = PatrolRound.objects.select_related("site").order_by("site")
    return [
        {
            "site": each.site.code, "finished_at": each.finished_at.isoformat(),
            "seconds": round(each.seconds, 3), "files": each.files, "hashed": each.hashed,
            "unrestored": TamperedFile.objects.filter(site=each.site, restored_at=None).count(),
        }
        for each in rows
    ]  # fmt: skip
