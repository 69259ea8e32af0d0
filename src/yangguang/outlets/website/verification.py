"""核对静态树：每个文件与账上的摘要一致，副本就是页面，清单和签名属实，没有来历不明的文件。"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.utils import timezone

from yangguang.hub.columns.models import Site

from .baker import tree_of
from .manifest import NAME, ROOT, Files, Malformed, read
from .manifests import files_of, seal_afresh, signing_key
from .models import Cursor
from .projector import hold
from .sealed_tree import (
    content_of,
    file_faults,
    files_under,
    is_own,
    is_scratch,
    signature_faults,
)


@dataclass(frozen=True)
class SiteVerification:
    """核对的结果：查了多少个文件，哪些不符（每条一句）。"""

    checked: int
    broken: tuple[str, ...]


def verify_site() -> SiteVerification:
    """核对全部站点的树。只读。

    核对的时候树可能正在更新，所以有不符的，等手上的跟进做完，把这几个文件再看一遍。
    """
    checked = 0
    broken: list[str] = []
    for site in Site.objects.order_by("pk"):
        expected = Expected(site)
        checked += len(expected.files) + len(expected.manifests)
        wrong = [name for name in expected.names() if any(expected.faults(name))]
        if wrong:
            with hold():
                now = Expected(site)
                broken += [f"{site.name}：{fault}" for name in wrong for fault in now.faults(name)]
    return SiteVerification(checked, tuple(broken))


@dataclass(frozen=True)
class Expected:
    """一个站点的树该是什么样，凭账上的说。"""

    site: Site

    @property
    def root(self) -> Path:
        """树的位置。"""
        return tree_of(self.site).root

    @cached_property
    def files(self) -> Files:
        """页面和附件：相对路径 → 摘要、字节数。"""
        return files_of(self.site)

    @cached_property
    def manifests(self) -> dict[str, bytes]:
        """各目录的清单和公钥：相对路径 → 内容。还没有烘过的站点没有。"""
        if not self.files:
            return {}
        cursor = Cursor.objects.first() or Cursor()
        return seal_afresh(self.site, self.files, cursor.day or timezone.localdate())

    def names(self) -> Iterable[str]:
        """要看的全部文件：该有的，和树里有的。"""
        own = {*self.files, *self.manifests}
        others = (name for name in files_under(self.root) if not is_own(name, own))
        return sorted(own.union(others))

    def faults(self, name: str) -> Iterator[str]:
        """一个文件的不符之处。"""
        if name in self.files:
            yield from file_faults(self.root, name, *self.files[name])
        elif name in self.manifests:
            yield from self._manifest_faults(name)
        elif content_of(self.root / name) is not None and not is_scratch(name):
            yield f"/{name} 来历不明，不是本系统写的。"

    def _manifest_faults(self, name: str) -> Iterator[str]:
        content = content_of(self.root / name)
        if content is None:
            yield f"/{name} 不见了。"
        elif content != self.manifests[name]:
            yield f"/{name} 与记录不符。"
        if name != NAME or content is None:
            return
        key = signing_key()
        if key is None:
            yield f"/{NAME} 没有签名：还没有造钥匙，请执行 yangguang site_key create。"
            return
        try:
            yield from signature_faults(read(content, ROOT), key.public_key())
        except Malformed as fault:
            yield f"/{NAME} {fault}。"
