"""烘焙：把标记了的页成批印好、写进树、记下账。只有更新的世代能替换一页。"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from yangguang.foundation.failpoints import reach
from yangguang.foundation.files.storing import location
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication, PublicationFile

from . import feeds, libraries, listings, records, workdays  # noqa: F401  载入即登记各印手
from .frame import Press
from .manifest import Files, entry_of
from .manifests import note, seal_afresh
from .models import BakedPage, PageFile, PageKey
from .page_files import foretell, left_behind, unused
from .rules import ATTACHMENT, TOMBSTONE, file_of, sha256
from .sheets import Copied, PageRef, Sheet, make_all
from .writer import COMPRESSED, TWINS, Tree, Written

BATCHED = frozenset({"record", "payload", "list"})
"""页数随信息增长的几种页。"""
BATCH = 100
"""一批多少页：一次读齐、一起落盘、一次记账。"""


class MissingAttachment(Exception):  # noqa: N818  说的是文件，不是程序
    """附件的内容找不到或对不上摘要：不能让公众下到别的东西。"""


def tree_of(site: Site, root: Path | None = None, *, durable: bool = True) -> Tree:
    """站点的静态树。"""
    return Tree((root or Path(settings.SITE_ROOT)) / site.code, durable)


def sha256_of(path: Path) -> str:
    """文件的摘要，不整个读进内存：视频有一两个 GB。"""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Done:
    """一页印好、写好的：账上的页，印好的内容，写下的文件，复制的附件。"""

    page: BakedPage
    sheet: Sheet | None
    written: Sequence[Written] = ()

    @property
    def attachments(self) -> Sequence[Copied]:
        """随它公开的附件。"""
        return self.sheet.attachments if self.sheet else ()


@dataclass(frozen=True)
class Baker:
    """往一个站点的树里烘焙。``sequence`` 是此刻读库所能见到的最后一个封存序号，记在页上备查。"""

    press: Press
    tree: Tree
    sequence: int

    def bake(self, pages: Sequence[BakedPage]) -> int:
        """烘一批页，返回烘了几页；已有更新的世代的不动。

        有一页印不出，整批都不动，异常原样抛出。
        """
        sheets = make_all(
            self.press, [PageRef(page.path, page.maker, page.subject) for page in pages]
        )
        reach("baker.after_making")
        with self.tree.locked():
            baked = dict(
                BakedPage.objects.filter(pk__in=[page.pk for page in pages]).values_list(
                    "pk", "baked"
                )
            )
            due = [
                Done(page, sheet)
                for page, sheet in zip(pages, sheets, strict=True)
                if baked[page.pk] < page.wanted
            ]
            self._foretell(due)
            foretell([(each.page, each.sheet) for each in due])
            self.copy([copied for each in due for copied in each.attachments])
            done = self._write(due)
            stale = self._stale(done)
            left = left_behind([(each.page, each.sheet) for each in done])
            dropped = [*(file.path for file in stale), *unused(left)]
            for path in dropped:
                self.tree.remove(file_of(path))
            reach("baker.before_recording")
            self._record(done, stale, left, dropped)
            reach("baker.after_recording")
        return len(done)

    def _foretell(self, due: Sequence[Done]) -> None:
        """附件先记账后复制：断在中间、信息随即撤回，也知道要撤下哪些文件。"""
        rows = [
            PublicationFile(
                publication_id=each.sheet.publication_id, site=self.press.site, path=copied.path,
                role=ATTACHMENT, sha256=copied.sha256, size=copied.size,
            )
            for each in due
            if each.sheet and each.sheet.publication_id
            for copied in each.attachments
        ]  # fmt: skip
        if rows:
            _upsert_files(rows)
            reach("baker.after_foretelling")

    def copy(self, attachments: Sequence[Copied]) -> None:
        """把附件复制到树里，先于页面：页面上的链接从来有去处。"""
        for attachment in attachments:
            target = self.tree.root / file_of(attachment.path)
            if target.exists() and sha256_of(target) == attachment.sha256:
                continue
            source = location(attachment.sha256)
            if not source.exists() or sha256_of(source) != attachment.sha256:
                raise MissingAttachment(
                    f"附件 {attachment.sha256[:12]}… 的内容缺失或与登记的摘要不符，页面没有更新。"
                )
            if target.suffix in COMPRESSED:
                self.tree.write(file_of(attachment.path), source.read_bytes())
            else:
                self.tree.copy(file_of(attachment.path), source)
            reach("baker.after_attachment")

    def _write(self, due: Sequence[Done]) -> list[Done]:
        """写下该有的页，撤下不该再有的页。"""
        for each in due:
            if each.sheet is None:
                self.tree.remove(file_of(each.page.path))
        wanted = [(file_of(d.page.path), d.sheet.content) for d in due if d.sheet is not None]
        written: dict[str, list[Written]] = defaultdict(list)
        for file in self.tree.write_all(wanted):
            written[file.page].append(file)
        return [replace(each, written=written[file_of(each.page.path)]) for each in due]

    def _stale(self, done: Sequence[Done]) -> list[PublicationFile]:
        """信息页上不再有的附件。"""
        shown = {
            each.sheet.publication_id: {copied.path for copied in each.attachments}
            for each in done
            if each.sheet and each.page.maker == "record"
        }
        files = PublicationFile.objects.filter(
            site=self.press.site, role=ATTACHMENT, publication__in=shown
        )
        return [file for file in files if file.path not in shown[file.publication_id]]

    def _record(
        self,
        done: Sequence[Done],
        stale: Sequence[PublicationFile],
        left: Sequence[PageFile],
        dropped: Sequence[str],
    ) -> None:
        """一个事务里记下：各页烘成的样子、用到的键、名下的文件，和清单。"""
        pages = [
            BakedPage(
                site=self.press.site, path=each.page.path, maker=each.page.maker,
                wanted=each.page.wanted, baked=each.page.wanted, sequence=self.sequence,
                sha256=sha256(each.sheet.content) if each.sheet else "",
                size=len(each.sheet.content) if each.sheet else 0,
            )
            for each in done
        ]  # fmt: skip
        files = [row for each in done for row in self._files(each)]
        gone = [each.page.path + s for each in done if not each.sheet for s in ("", *TWINS)]
        used = {(d.page.pk, key) for d in done for key in (d.sheet.keys if d.sheet else ())}
        known = set(
            PageKey.objects.filter(page__in=[each.page.pk for each in done]).values_list(
                "page", "key"
            )
        )
        with transaction.atomic():
            BakedPage.objects.bulk_create(
                pages,
                update_conflicts=True,
                unique_fields=["site", "path"],
                update_fields=["baked", "sequence", "sha256", "size"],
            )
            for page, key in known - used:
                PageKey.objects.filter(page=page, key=key).delete()
            PageKey.objects.bulk_create(
                PageKey(page_id=page, key=key) for page, key in used - known
            )
            mine = PublicationFile.objects.filter(site=self.press.site)
            mine.filter(path__in=gone).delete()
            mine.filter(pk__in=[file.pk for file in stale]).delete()
            _upsert_files(files)
            PageFile.objects.filter(pk__in=[row.pk for row in left]).delete()
            note(self.press.site, dict(_in_the_tree(pages, done, dropped)))
            reach("baker.before_commit")

    def _files(self, done: Done) -> Iterator[PublicationFile]:
        """一页名下的文件：页面和副本。不属于哪条信息的页没有。"""
        sheet = done.sheet
        if sheet is None or sheet.publication_id is None:
            return
        for file in done.written:
            yield PublicationFile(
                publication_id=sheet.publication_id,
                site=self.press.site,
                path=done.page.path + file.path.removeprefix(file.page),
                role=TOMBSTONE if sheet.is_tombstone else file.role,
                sha256=sha256(file.content),
                size=len(file.content),
            )


def _in_the_tree(
    pages: Iterable[BakedPage], done: Iterable[Done], dropped: Iterable[str]
) -> Iterator[tuple[str, tuple[str, int] | None]]:
    """烘过以后，树里的这些文件（相对路径）成了什么样；``None`` 是没有了。"""
    for path in dropped:
        yield file_of(path), None
    for each in done:
        for copied in each.attachments:
            yield file_of(copied.path), (copied.sha256, copied.size)
    for page in pages:
        yield file_of(page.path), (page.sha256, page.size) if page.sha256 else None


def _upsert_files(rows: Iterable[PublicationFile]) -> None:
    PublicationFile.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["site", "path"],
        update_fields=["role", "sha256", "size"],
    )


def clear_withdrawn(site: Site, tree: Tree, publications: Collection[int]) -> int:
    """把这些信息中已撤回的、名下的文件全部撤下，返回撤下几个文件。账上也就没有这些页的文件。"""
    files = PublicationFile.objects.filter(
        site=site, publication__in=publications, publication__state=Publication.State.WITHDRAWN
    ).exclude(role=TOMBSTONE)
    found = list(files)
    if not found:
        return 0
    with tree.locked():
        for each in found:
            tree.remove(file_of(each.path))
            reach("baker.after_clearing")
        with transaction.atomic():
            PublicationFile.objects.filter(pk__in=[each.pk for each in found]).delete()
            BakedPage.objects.filter(site=site, path__in=[each.path for each in found]).update(
                sha256="", size=0
            )
            note(
                site,
                {file_of(each.path): None for each in found if each.role not in TWINS.values()},
            )
        reach("baker.after_forgetting")
    return len(found)


@dataclass(frozen=True)
class Baked:
    """整个站点烘出来的：几页，有哪些文件（不含副本，含附件和清单）。"""

    pages: int
    files: Files


def bake_everything(press: Press, out: Path) -> Baked:
    """从库里把整个站点烘到 ``out`` 下，连同签了名的清单，不看也不改账。"""
    return sealed(press.site, press.as_of, out, [bake_part(press, out)])


def bake_part(press: Press, out: Path, part: int = 0, of: int = 1) -> Baked:
    """同上，还没有清单。几个进程分着烘时，一共 ``of`` 份，烘第 ``part`` 份（从 0 起）。"""
    from .placing import every_page

    tree = tree_of(press.site, out, durable=False)
    baker = Baker(press, tree, sequence=0)
    count = 0
    files: dict[str, tuple[str, int]] = {}
    for number, refs in enumerate(batches(every_page(press))):
        # 只有成批的才分；别的页可能共用图片，由第一份烘，免得两个进程写同一个文件
        if part != (number % of if refs[0].maker in BATCHED else 0):
            continue
        wanted = []
        for ref, sheet in zip(refs, make_all(press, refs), strict=True):
            if sheet is not None:
                baker.copy(sheet.attachments)
                files |= {
                    file_of(each.path): (each.sha256, each.size) for each in sheet.attachments
                }
                wanted.append((file_of(ref.path), sheet.content))
        tree.write_all(wanted)
        files |= {path: entry_of(content) for path, content in wanted}
        count += len(wanted)
    return Baked(count, files)


def sealed(site: Site, as_of: date, out: Path, parts: Iterable[Baked]) -> Baked:
    """各份都烘好了，写上签了名的清单。"""
    pages, files = 0, dict[str, tuple[str, int]]()
    for part in parts:
        pages += part.pages
        files |= part.files
    manifests = seal_afresh(site, files, as_of)
    tree_of(site, out, durable=False).write_plain(manifests)
    return Baked(pages, files | {name: entry_of(data) for name, data in manifests.items()})


def batches(refs: Iterable[PageRef]) -> Iterator[list[PageRef]]:
    """一批一批：同一个印手的在一起，一次读齐要用的数据。"""
    ordered = sorted(refs, key=lambda ref: (ref.maker, ref.path))
    for _, alike in groupby(ordered, key=lambda ref: ref.maker):
        waiting = iter(alike)
        while batch := list(islice(waiting, BATCH)):
            yield batch


def write_directory(sites: list[Site], root: Path) -> None:
    """站点名录：静态服务凭它把域名、路径前缀对到树，不查数据库。"""
    rows = [
        {
            "code": site.code,
            "domain": site.domain,
            "prefix": site.path_prefix.strip("/"),
            "other_hosts": site.other_hosts,
        }
        for site in sites
    ]
    content = json.dumps(rows, ensure_ascii=False, indent=1).encode()
    path = root / "sites.json"
    if not path.exists() or path.read_bytes() != content:
        Tree(root, durable=True).write_plain({"sites.json": content})
