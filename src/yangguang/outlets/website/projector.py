"""跟进变更日志：按封存的次序，逐批把改动落实到静态树。

每一批三步：标记（一个事务：调整列表、标记要重烘的页）→ 烘焙 → 推进进度。
标记可以重做，标记过的页不烘成就一直是“要烘”；所以断在哪一步，从原来的进度再来一遍就对了。
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from fcntl import LOCK_EX, flock
from functools import cache
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from yangguang.foundation.failpoints import reach
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.theme.assets import assets
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Change
from yangguang.hub.publications.selectors import changes_after

from .baker import BATCH as BAKED_TOGETHER
from .baker import Baker, clear_withdrawn, tree_of, write_directory
from .frame import Press
from .models import BakedPage, Cursor, PageKey
from .placing import (
    EVERY_LIST,
    every_page,
    kind_key,
    list_keys,
    mark,
    place_by_key,
    place_everywhere,
)
from .records import DAY
from .sheets import PageRef
from .writer import SiteNotWritable

BATCH = 100


class PagesFailed(Exception):  # noqa: N818  说的是页面，不是程序
    """有几页印不出。别的页都已烘好；这几页留着标记，下一趟再试。"""

    def __init__(self, failures: dict[str, Exception]) -> None:
        told = "；".join(f"{path}：{error}" for path, error in sorted(failures.items()))
        super().__init__(f"{len(failures)} 页没有更新。{told}")
        self.failures = failures


@dataclass(frozen=True)
class Progress:
    """这一趟做了多少：跟进了几笔变更，烘了几页。"""

    changes: int
    pages: int


def catch_up(as_of: date | None = None, *, anew: bool = False) -> Progress:
    """跟到日志的末尾。同一棵树上同时只有一个在跟，另一个等它做完。``anew`` 为真则全站重烘。

    有页面印不出时，做完其余的再抛出 ``PagesFailed``；树写不进去抛出 ``SiteNotWritable``，进度不动。
    """
    root = Path(settings.SITE_ROOT)
    with hold():
        sites = list(Site.objects.select_related("organisation").order_by("pk"))
        presses = {site.pk: Press(site, as_of or timezone.localdate()) for site in sites}
        write_directory(sites, root)
        changes = 0
        pages = _clear(sites)
        _renew(presses, anew)
        while batch := _mark_batch(presses):
            changes += len(batch)
            pages += _clear(sites) + _sweep(presses, _sequence(batch[-1]), {})
            reach("projector.before_advancing")
            _advance(batch[-1])
            reach("projector.after_advancing")
        failures: dict[str, Exception] = {}
        pages += _sweep(presses, _reached(), failures)
    reach("projector.at_rest")
    if failures:
        raise PagesFailed(failures)
    return Progress(changes, pages)


@contextmanager
def hold() -> Iterator[None]:
    """独占静态树：这期间没有别的进程在跟进。"""
    root = Path(settings.SITE_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stream = stack.enter_context((root / ".projector").open("w"))
        flock(stream, LOCK_EX)
        yield


def _clear(sites: list[Site]) -> int:
    return sum(clear_withdrawn(site, tree_of(site)) for site in sites)


def _next_generation() -> int:
    Cursor.objects.get_or_create(pk=1)
    Cursor.objects.filter(pk=1).update(generation=F("generation") + 1)
    return Cursor.objects.get(pk=1).generation


def _renew(presses: dict[int, Press], anew: bool) -> None:
    """模板、栏目、机构变了，全站重烘；过了一天，含日期的页重烘。"""
    cursor, _ = Cursor.objects.get_or_create(pk=1)
    day = next(iter(presses.values())).as_of if presses else None
    current = release(presses)
    changed = anew or cursor.release != current
    if not changed and cursor.day == day:
        return
    with transaction.atomic():
        generation = _next_generation()
        for press in presses.values():
            if changed:
                _mark_site(press, generation)
            mark_keys(press, {DAY}, generation)
        reach("projector.before_renewal")
        Cursor.objects.filter(pk=1).update(release=current, day=day)
    reach("projector.after_renewal")


def _mark_site(press: Press, generation: int) -> None:
    """全站重烘；不该再有的页也标上，烘的时候就会撤下。旧的样式留着。"""
    refs = every_page(press)
    paths = {ref.path for ref in refs}
    gone = BakedPage.objects.filter(site=press.site).exclude(maker="asset").exclude(sha256="")
    refs |= {
        PageRef(page.path, page.maker, page.subject)
        for page in gone.iterator()
        if page.path not in paths
    }
    mark(press, refs, generation)


def mark_keys(press: Press, keys: Iterable[str], generation: int) -> None:
    """用到其中一个键的页都要重烘。"""
    pages = PageKey.objects.filter(key__in=keys, page__site=press.site).values("page")
    BakedPage.objects.filter(pk__in=pages).update(wanted=generation)


def _mark_batch(presses: dict[int, Press]) -> list[Change]:
    """标记一批变更触及的页，返回这一批。"""
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(pk=1)
        batch = list(
            changes_after(cursor.sequence, BATCH).prefetch_related(
                "publication__shares", "publication__placements__column"
            )
        )
        if not batch:
            return []
        generation = _next_generation()
        touched: dict[int, set[PageRef]] = {site: set() for site in presses}
        keys: dict[int, set[str]] = {site: set() for site in presses}
        for change in batch:
            if change.publication is not None:
                placed = place_everywhere(presses, change.publication)
                news = {EVERY_LIST, kind_key(change.publication.kind)}
            else:
                placed = place_by_key(presses, change.key)
                news = {change.key}
            for site, refs in placed.items():
                touched[site] |= refs
            for each in keys.values():
                each |= news
        for site, refs in touched.items():
            mark(presses[site], refs, generation)
            mark_keys(presses[site], keys[site] | list_keys(refs), generation)
        reach("projector.before_marking")
    reach("projector.after_marking")
    return batch


def _sweep(presses: dict[int, Press], sequence: int, failures: dict[str, Exception]) -> int:
    """把标记了的页都烘好。样式先行：页面引用的文件总在。印不出的记入 ``failures``，不拖住别的页。"""
    count = 0
    for press in presses.values():
        baker = Baker(press, tree_of(press.site), sequence)
        stale = BakedPage.objects.filter(site=press.site, wanted__gt=F("baked"))
        for pages in (stale.filter(maker="asset"), stale.exclude(maker="asset")):
            waiting = iter(list(pages.order_by("maker", "pk")))
            while batch := list(islice(waiting, BAKED_TOGETHER)):
                count += _bake(baker, batch, failures)
                reach("projector.after_page")
    return count


def _bake(baker: Baker, pages: list[BakedPage], failures: dict[str, Exception]) -> int:
    """烘一批；其中有印不出的，就一页一页地烘，只留下那几页。"""
    try:
        return baker.bake(pages)
    except (SiteNotWritable, OperationalError):
        raise
    except Exception as error:  # noqa: BLE001  一页印不出不能拖住全站
        if len(pages) == 1:
            failures[pages[0].path] = error
            return 0
        return sum(_bake(baker, [page], failures) for page in pages)


def _sequence(change: Change) -> int:
    number: int = change.seal.sequence  # type: ignore[attr-defined]
    return number


def _reached() -> int:
    return Cursor.objects.values_list("sequence", flat=True).first() or 0


def _advance(change: Change) -> None:
    sequence = _sequence(change)
    Cursor.objects.filter(pk=1, sequence__lt=sequence).update(sequence=sequence)


def has_work() -> bool:
    """有没有还没落实的变更。两次查询。"""
    return changes_after(_reached(), 1).exists()


@cache
def _templates() -> str:
    """全部页面模板和样式的指纹：模板一改，全站重烘。"""
    digest = hashlib.sha256()
    source = Path(__file__).resolve().parents[2]
    for path in sorted(source.glob("*/*/jinja2/**/*")):
        if path.is_file():
            digest.update(path.read_bytes())
    for asset in assets():
        digest.update(asset.name.encode())
    return digest.hexdigest()


def release(presses: dict[int, Press]) -> str:
    """模板，加上每页都要用到的站点、栏目和机构，合成的指纹。"""
    digest = hashlib.sha256(_templates().encode())
    for model in (Site, Column, Organisation):
        digest.update(repr(list(model.objects.order_by("pk").values_list())).encode())
    digest.update(repr(sorted(presses)).encode())
    return digest.hexdigest()
