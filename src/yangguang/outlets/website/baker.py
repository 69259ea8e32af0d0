"""烘焙：把标记了的页印好、写进树、记下账。只有更新的世代能替换一页。"""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from yangguang.foundation.failpoints import reach
from yangguang.foundation.files.services import location
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication, PublicationFile

from . import feeds, listings, records  # noqa: F401  载入即登记各印手
from .frame import Press
from .models import BakedPage, PageKey
from .rules import file_of, sha256
from .sheets import Copied, PageRef, Sheet, make
from .writer import Tree, Written

TOMBSTONE = "tombstone"
ATTACHMENT = "attachment"


class MissingAttachment(Exception):  # noqa: N818  说的是文件，不是程序
    """附件的内容找不到或对不上摘要：不能让公众下到别的东西。"""


def tree_of(site: Site, root: Path | None = None) -> Tree:
    """站点的静态树。"""
    return Tree((root or Path(settings.SITE_ROOT)) / site.code)


@dataclass(frozen=True)
class Baker:
    """往一个站点的树里烘焙。``sequence`` 是此刻读库所能见到的最后一个封存序号，记在页上备查。"""

    press: Press
    tree: Tree
    sequence: int

    def bake(self, page: BakedPage) -> bool:
        """烘一页；已有更新的世代时什么也不做，返回假。"""
        generation = page.wanted
        sheet = make(self.press, PageRef(page.path, page.maker, page.subject))
        reach("baker.after_making")
        with self.tree.locked():
            if BakedPage.objects.values_list("baked", flat=True).get(pk=page.pk) >= generation:
                return False
            copied = self.copy(sheet)
            if sheet is None:
                self.tree.remove(file_of(page.path))
                written: list[Written] = []
            else:
                written = self.tree.write(file_of(page.path), sheet.content)
            reach("baker.before_recording")
            with transaction.atomic():
                self._record(page, sheet, written, copied, generation)
                reach("baker.before_commit")
            reach("baker.after_recording")
        return True

    def copy(self, sheet: Sheet | None) -> list[Copied]:
        """把附件复制到树里，先于页面：页面上的链接从来有去处。"""
        attachments = list(sheet.attachments) if sheet else []
        for attachment in attachments:
            target = self.tree.root / file_of(attachment.path)
            if target.exists() and sha256(target.read_bytes()) == attachment.sha256:
                continue
            source = location(attachment.sha256)
            content = source.read_bytes() if source.exists() else b""
            if sha256(content) != attachment.sha256:
                raise MissingAttachment(
                    f"附件 {attachment.sha256[:12]}… 的内容缺失或与登记的摘要不符，页面没有更新。"
                )
            self.tree.write(file_of(attachment.path), content)
            reach("baker.after_attachment")
        return attachments

    def _record(
        self,
        page: BakedPage,
        sheet: Sheet | None,
        written: list[Written],
        copied: list[Copied],
        generation: int,
    ) -> None:
        content = sheet.content if sheet else b""
        BakedPage.objects.filter(pk=page.pk, baked__lt=generation).update(
            baked=generation,
            sequence=self.sequence,
            sha256=sha256(content) if sheet else "",
            size=len(content),
        )
        keys = sheet.keys if sheet else frozenset()
        known = set(PageKey.objects.filter(page=page).values_list("key", flat=True))
        if known != keys:
            PageKey.objects.filter(page=page, key__in=known - keys).delete()
            PageKey.objects.bulk_create(PageKey(page=page, key=key) for key in keys - known)
        self._record_files(page, sheet, written, copied)

    def _record_files(
        self,
        page: BakedPage,
        sheet: Sheet | None,
        written: list[Written],
        copied: list[Copied],
    ) -> None:
        """信息名下的文件：页面、副本、附件。不再有的附件从树里撤下。"""
        mine = PublicationFile.objects.filter(site=page.site_id)
        if sheet is None:
            mine.filter(path__in=[page.path + suffix for suffix in ("", ".br", ".gz")]).delete()
        if sheet is None or sheet.publication_id is None:
            return
        rows = [
            PublicationFile(
                publication_id=sheet.publication_id,
                site_id=page.site_id,
                path=page.path + each.path.removeprefix(file_of(page.path)),
                role=TOMBSTONE if sheet.is_tombstone else each.role,
                sha256=sha256(each.content),
                size=len(each.content),
            )
            for each in written
        ]
        rows += [
            PublicationFile(
                publication_id=sheet.publication_id, site_id=page.site_id, path=each.path,
                role=ATTACHMENT, sha256=each.sha256, size=each.size,
            )
            for each in copied
        ]  # fmt: skip
        PublicationFile.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["site", "path"],
            update_fields=["role", "sha256", "size"],
        )
        if page.maker == "record":
            stale = mine.filter(publication_id=sheet.publication_id, role=ATTACHMENT).exclude(
                path__in=[each.path for each in copied]
            )
            for path in stale.values_list("path", flat=True):
                self.tree.remove(file_of(path))
            stale.delete()


def clear_withdrawn(site: Site, tree: Tree) -> int:
    """撤回优先于一切：把已撤回信息名下的文件先全部撤下，再谈别的。返回撤下几个文件。"""
    files = PublicationFile.objects.filter(
        site=site, publication__state=Publication.State.WITHDRAWN
    ).exclude(role=TOMBSTONE)
    found = list(files)
    if not found:
        return 0
    with tree.locked():
        for each in found:
            tree.remove(file_of(each.path))
            reach("baker.after_clearing")
        PublicationFile.objects.filter(pk__in=[each.pk for each in found]).delete()
        reach("baker.after_forgetting")
    return len(found)


@dataclass(frozen=True)
class Baked:
    """整个站点烘出来的：几页，有哪些文件（不含副本，含附件）。"""

    pages: int
    files: frozenset[str]


def bake_everything(press: Press, out: Path) -> Baked:
    """从库里把整个站点烘到 ``out`` 下，不看也不改账。"""
    from .placing import every_page

    tree = Tree(out / press.site.code, durable=False)
    baker = Baker(press, tree, sequence=0)
    count = 0
    files: set[str] = set()
    for ref in sorted(every_page(press), key=lambda ref: ref.path):
        sheet = make(press, ref)
        if sheet is not None:
            files |= {file_of(each.path) for each in baker.copy(sheet)}
            files.add(file_of(ref.path))
            tree.write(file_of(ref.path), sheet.content)
            count += 1
    return Baked(count, frozenset(files))


def write_directory(sites: list[Site], root: Path) -> None:
    """站点名录：静态服务凭它把域名、路径前缀对到树，不查数据库。"""
    rows = [
        {"code": site.code, "domain": site.domain, "prefix": site.path_prefix.strip("/")}
        for site in sites
    ]
    content = json.dumps(rows, ensure_ascii=False, indent=1).encode()
    path = root / "sites.json"
    if not path.exists() or path.read_bytes() != content:
        Tree(root, durable=True).write_plain("sites.json", content)
