"""清单的账与文件：烘一页、撤一页时在同一个事务里记下，一批做完再写出受影响的那一路目录，签名。

账上的清单不取自树，所以有人改了树里的清单，下一次写出的仍是对的。断在记下与写出之间，那几个目录
在账上还标着“要写”，下一趟补上。
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from yangguang.foundation.failpoints import reach
from yangguang.foundation.signing import BadKey, fingerprint, private_key, public_pem
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication, PublicationFile

from .manifest import (
    KEY_NAME,
    NAME,
    ROOT,
    Files,
    Standing,
    canonical,
    content,
    depth_of,
    digest_of,
    entry_of,
    folder_of,
    grow,
    parent_of,
    path_of_manifest,
    root_body,
    root_content,
)
from .models import BakedPage, Cursor, Manifest, PageFile
from .rules import ATTACHMENT, file_of
from .writer import Tree

PACE = 2.0
"""烘得久的一趟，每隔这么多秒写出一次清单。"""


def signing_key() -> Ed25519PrivateKey | None:
    """本站签名的私钥；没有或读不了为 ``None``：页面照烘，清单没有签名，体检报警。"""
    try:
        return private_key(Path(settings.SITE_KEY))
    except (OSError, BadKey):
        return None


def key_warnings() -> list[str]:
    """体检：钥匙没有、读不了，或别的用户也读得到。"""
    path = Path(settings.SITE_KEY)
    if not path.exists():
        return ["网站的清单没有签名：还没有造钥匙，请执行 yangguang site_key create。"]
    if signing_key() is None:
        return [f"网站的清单没有签名：{path} 读不了，或不是 Ed25519 的私钥，请从备份恢复。"]
    if path.stat().st_mode & 0o077:
        return [f"给网站签名的私钥 {path} 别的用户也读得到，请执行 chmod 600。"]
    return []


def standing_on(as_of: date) -> Standing:
    """网站此刻落实到哪里，页面截至 ``as_of``。一次查询。"""
    cursor = Cursor.objects.first() or Cursor()
    return Standing(cursor.sequence, as_of.isoformat(), cursor.release)


def note(site: Site, changed: Mapping[str, tuple[str, int] | None]) -> None:
    """记下树里的文件（相对路径）变成了什么样，``None`` 是没有了。须在记账的事务里，独占着树。"""
    inside: dict[str, dict[str, tuple[str, int] | None]] = {}
    for name, entry in changed.items():
        folder, own = folder_of(name)
        inside.setdefault(folder, {})[own] = entry
    known = {
        row.folder: row for row in Manifest.objects.filter(site=site, folder__in=inside.keys())
    }
    rows = []
    for folder, entries in inside.items():
        row = known.get(folder) or Manifest(site=site, folder=folder)
        files = dict(row.files)
        for own, entry in entries.items():
            if entry is None:
                files.pop(own, None)
            else:
                files[own] = list(entry)
        if files != row.files:
            row.files, row.dirty = files, True
            rows.append(row)
    _save(rows, ("files", "dirty"))


def _save(rows: Iterable[Manifest], fields: Iterable[str]) -> None:
    """写下各行的这几样；没有的行添上。"""
    Manifest.objects.bulk_create(
        [
            Manifest(
                site_id=row.site_id, folder=row.folder, files=row.files, folders=row.folders,
                digest=row.digest, dirty=row.dirty,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["site", "folder"],
        update_fields=list(fields),
        batch_size=100,
    )  # fmt: skip


def recount(site: Site) -> None:
    """由烘焙的账重新数出清单的账。须在事务里，独占着树。"""
    inside: dict[str, dict[str, list[object]]] = {ROOT: {}}
    for name, (digest, size) in files_of(site).items():
        folder, own = folder_of(name)
        inside.setdefault(folder, {})[own] = [digest, size]
    rows = {row.folder: row for row in Manifest.objects.filter(site=site)}
    for folder in inside.keys() - rows.keys():
        rows[folder] = Manifest(site=site, folder=folder)
    for row in rows.values():
        row.files, row.dirty = inside.get(row.folder, {}), True
    _save(rows.values(), ("files", "dirty"))


def files_of(site: Site) -> dict[str, tuple[str, int]]:
    """烘焙的账上，站点的树里该有的文件：相对路径 → 摘要、字节数。副本和清单不算。三次查询。"""
    pages = BakedPage.objects.filter(site=site).exclude(sha256="")
    attached = PublicationFile.objects.filter(
        site=site, role=ATTACHMENT, publication__state=Publication.State.PUBLISHED
    )
    along = PageFile.objects.filter(page__site=site)
    columns = ("path", "sha256", "size")
    return {
        file_of(path): (digest, size)
        for rows in (pages, attached, along)
        for path, digest, size in rows.values_list(*columns).iterator()
    }


@dataclass
class Manifests:
    """这一趟跟进里写清单的人：各站点、它的树，页面截至哪一天。"""

    trees: Mapping[Site, Tree]
    as_of: date
    written_at: float = field(default_factory=time.monotonic)

    def now_and_then(self) -> None:
        """离上次写出有一会儿了，就再写出一次。"""
        if time.monotonic() - self.written_at > PACE:
            self.write()

    def recount(self) -> None:
        """清单的账不凭从前的，重新数。"""
        for site, tree in self.trees.items():
            with tree.locked(), transaction.atomic():
                recount(site)

    def write(self) -> None:
        """把变了的目录的清单写出来，根目录的一份签名。什么也没有变的，只有两次查询。"""
        key, standing = signing_key(), standing_on(self.as_of)
        seen: dict[int, list[Manifest]] = defaultdict(list)
        for row in Manifest.objects.filter(Q(dirty=True) | Q(folder=ROOT)):
            seen[row.site_id].append(row)
        for site, tree in self.trees.items():
            rows = seen[site.pk]
            if not rows:
                with tree.locked(), transaction.atomic():
                    recount(site)
            if not rows or any(row.dirty or _is_behind(site, row, standing, key) for row in rows):
                with tree.locked():
                    _write(site, tree, standing, key)
        self.written_at = time.monotonic()


def _write(site: Site, tree: Tree, standing: Standing, key: Ed25519PrivateKey | None) -> None:
    marked = Manifest.objects.filter(Q(dirty=True) | Q(folder=ROOT), site=site)
    rows = {row.folder: row for row in marked}
    written = _climb(site, rows)
    root = rows[ROOT]
    if key:
        written[KEY_NAME] = public_pem(key)
        root.files[KEY_NAME] = entry_of(written[KEY_NAME])
    else:
        root.files.pop(KEY_NAME, None)
    written[NAME] = _root_content(site, root, standing, key)
    root.digest, root.dirty = digest_of(written[NAME]), False
    reach("manifests.before_write")
    tree.write_plain(written)
    empty = [row for row in rows.values() if not row.files and not row.folders]
    for row in empty:
        tree.remove(path_of_manifest(row.folder))
    if not key:
        tree.remove(KEY_NAME)
    reach("manifests.before_recording")
    with transaction.atomic():
        _save(
            [row for row in rows.values() if row not in empty],
            ("files", "folders", "digest", "dirty"),
        )
        Manifest.objects.filter(pk__in=[row.pk for row in empty]).delete()
    reach("manifests.after_recording")


def _climb(site: Site, rows: dict[str, Manifest]) -> dict[str, bytes]:
    """从最深的目录起，逐层算出清单，记进上级的一行；返回要写的（相对路径 → 内容），深的在前。"""
    written: dict[str, bytes] = {}
    for depth in range(max(map(depth_of, rows)), 0, -1):
        here = [row for row in rows.values() if depth_of(row.folder) == depth]
        above = {parent_of(row.folder)[0] for row in here} - rows.keys()
        rows |= {folder: Manifest(site=site, folder=folder) for folder in above}
        rows |= {r.folder: r for r in Manifest.objects.filter(site=site, folder__in=above)}
        for row in here:
            parent, own = parent_of(row.folder)
            if row.files or row.folders:
                data = content(row.folder, row.entries, row.folders)
                row.digest, row.dirty = digest_of(data), False
                rows[parent].folders[own] = row.digest
                written[path_of_manifest(row.folder)] = data
            else:
                rows[parent].folders.pop(own, None)
    return written


def _is_behind(
    site: Site, row: Manifest, standing: Standing, key: Ed25519PrivateKey | None
) -> bool:
    """根目录的清单上写着的（序号、日期、钥匙）已经不是现在的。"""
    return row.folder == ROOT and row.digest != digest_of(_root_content(site, row, standing, key))


def _root_content(
    site: Site, root: Manifest, standing: Standing, key: Ed25519PrivateKey | None
) -> bytes:
    return signed_root(site.code, standing, root.entries, root.folders, key)


def signed_root(
    site: str,
    standing: Standing,
    files: Files,
    folders: Mapping[str, str],
    key: Ed25519PrivateKey | None,
) -> bytes:
    """根目录的清单，签了名的；没有钥匙就没有签名。"""
    body = root_body(site, standing, files, folders, fingerprint(key) if key else "")
    return root_content(body, key.sign(canonical(body)) if key else b"")


def seal_afresh(site: Site, files: Files, as_of: date) -> dict[str, bytes]:
    """由一棵树的全部文件从头做出清单，连同公钥：要写的（相对路径 → 内容），深的在前。不看也不改账。"""
    key = signing_key()
    own = {KEY_NAME: public_pem(key)} if key else {}
    grown = grow({**files, **{name: entry_of(data) for name, data in own.items()}})
    root = signed_root(site.code, standing_on(as_of), grown.root_files, grown.root_folders, key)
    written = {path_of_manifest(folder): data for folder, data in grown.contents.items()}
    return written | own | {NAME: root}
