"""核对静态树：每个文件与账上的摘要一致，副本就是页面，没有来历不明的文件。"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli

from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication, PublicationFile

from .baker import ATTACHMENT, tree_of
from .models import BakedPage, PageFile
from .rules import file_of, sha256
from .writer import COMPRESSED, TWINS

EXPAND = {".br": brotli.decompress, ".gz": gzip.decompress}


@dataclass(frozen=True)
class SiteVerification:
    """核对的结果：查了多少个文件，哪些不符（每条一句）。"""

    checked: int
    broken: tuple[str, ...]


def verify_site() -> SiteVerification:
    """核对全部站点的树。只读。"""
    checked = 0
    broken: list[str] = []
    for site in Site.objects.order_by("pk"):
        expected = _expected(site)
        checked += len(expected)
        broken.extend(f"{site.name}：{fault}" for fault in _faults(tree_of(site).root, expected))
    return SiteVerification(checked, tuple(broken))


def _expected(site: Site) -> dict[str, str]:
    """树里该有的文件（不含副本）与摘要。"""
    pages = BakedPage.objects.filter(site=site).exclude(sha256="").values_list("path", "sha256")
    files = PublicationFile.objects.filter(
        site=site, role=ATTACHMENT, publication__state=Publication.State.PUBLISHED
    )
    along = PageFile.objects.filter(page__site=site).values_list("path", "sha256")
    every = (*pages, *files.values_list("path", "sha256"), *along)
    return {file_of(path): digest for path, digest in every}


def _faults(root: Path, expected: dict[str, str]) -> Iterator[str]:
    for name, digest in sorted(expected.items()):
        path = root / name
        if not path.is_file():
            yield f"/{name} 不见了。"
            continue
        content = path.read_bytes()
        if sha256(content) != digest:
            yield f"/{name} 与记录的摘要不符。"
        if path.suffix not in COMPRESSED:
            continue
        for suffix in TWINS:
            twin = root / (name + suffix)
            if not twin.is_file():
                yield f"/{name}{suffix} 不见了。"
            elif not _expands_to(suffix, twin.read_bytes(), content):
                yield f"/{name}{suffix} 不是这一页的副本。"
    yield from _strangers(root, expected)


def _expands_to(suffix: str, twin: bytes, content: bytes) -> bool:
    try:
        return EXPAND[suffix](twin) == content
    except (OSError, EOFError, brotli.error):
        return False


def _strangers(root: Path, expected: dict[str, str]) -> Iterator[str]:
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        name = str(path.relative_to(root))
        page = name.removesuffix(path.suffix) if path.suffix in TWINS else name
        if name not in expected and page not in expected:
            yield f"/{name} 来历不明，不是本系统写的。"
