"""跟进变更日志：按封存的次序，逐批把改动落实到静态树。

每一批三步：标记（一个事务：调整列表、标记要重烘的页）→ 烘焙 → 推进进度。
标记可以重做，标记过的页不烘成就一直是“要烘”；所以断在哪一步，从原来的进度再来一遍就对了。
撤回不排队：每烘一小批之前，先办还没有办的撤回（``withdrawing``）。
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yangguang.foundation.calendar.selectors import edition
from yangguang.foundation.failpoints import reach
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.theme.assets import assets
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import sites
from yangguang.hub.projectors.selectors import awaiting
from yangguang.hub.projectors.services import advance_family, enrol
from yangguang.hub.publications.models import Change
from yangguang.hub.publications.selectors import changes_after

from .baker import Baker, tree_of, write_directory
from .frame import Press
from .manifests import Manifests
from .marking import mark_changes, mark_keys
from .models import BakedPage, Cursor, Manifest
from .numbering import counted, number, put_right
from .placing import every_page, mark
from .records import DAY
from .rules import FAMILY
from .sheets import PageRef
from .sweeping import bake_marked, next_generation, reached, stale_pages
from .withdrawing import WithdrawnFirst, carried_out, code_of
from .workdays import CALENDAR

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
        # 先看指纹再读栏目和机构：其间变了的，下一趟看得出来
        current = release()
        every = list(sites())
        day = as_of or timezone.localdate()
        presses = {site.pk: Press(site, day) for site in every}
        write_directory(every, root)
        enrol(
            FAMILY,
            {code_of(site): f"网站（{site.name}）" for site in every},
            sequence=reached(),
            whole=True,
        )
        manifests = Manifests({site: tree_of(site) for site in every}, day)
        withdrawn_first = WithdrawnFirst(presses)

        def before_each_batch() -> int:
            manifests.now_and_then()
            return withdrawn_first()

        changes = 0
        pages = withdrawn_first()
        _renew(presses, current, anew)
        if anew:
            manifests.recount()
        while batch := _mark_batch(presses):
            changes += len(batch)
            pages += _sweep(presses, _sequence(batch[-1]), {}, before_each_batch)
            reach("projector.before_advancing")
            _advance(batch[-1])
            reach("projector.after_advancing")
        failures: dict[str, Exception] = {}
        pages += _sweep(presses, reached(), failures, before_each_batch)
        manifests.write()
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


def _renew(presses: dict[int, Press], current: str, anew: bool) -> None:
    """模板、栏目、机构变了，列表照日志重数，全站重烘；过了一天、日历改了，含日期的、由日历得出的页重烘。"""
    cursor, _ = Cursor.objects.get_or_create(pk=1)
    day = next(iter(presses.values())).as_of if presses else None
    calendar = edition()
    changed = anew or cursor.release != current
    keys = ({DAY} if cursor.day != day else set()) | (
        {CALENDAR} if cursor.calendar != calendar else set()
    )
    if not changed and not keys:
        return
    books = counted(presses) if changed else {}
    with transaction.atomic():
        if changed:
            put_right(books)
        generation = next_generation()
        for press in presses.values():
            if changed:
                _mark_site(press, generation)
            mark_keys(press, keys, generation)
        reach("projector.before_renewal")
        Cursor.objects.filter(pk=1).update(release=current, day=day, calendar=calendar)
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


def _mark_batch(presses: dict[int, Press]) -> list[Change]:
    """标记一批变更触及的页，返回这一批。"""
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(pk=1)
        batch = list(
            changes_after(cursor.sequence, BATCH).prefetch_related(
                "publication__shares", "publication__placements__column", "publication__changes"
            )
        )
        if not batch:
            return []
        done = carried_out(batch)
        waiting = [change for change in batch if change.pk not in done]
        fresh = [change for change in batch if _sequence(change) > cursor.numbered]
        mark_changes(presses, waiting, next_generation(), number(presses, fresh))
        numbered = max(cursor.numbered, _sequence(batch[-1]))
        Cursor.objects.filter(pk=1).update(numbered=numbered)
        reach("projector.before_marking")
    reach("projector.after_marking")
    return batch


def _sweep(
    presses: dict[int, Press],
    sequence: int,
    failures: dict[str, Exception],
    before_each_batch: Callable[[], int],
) -> int:
    """把标记了的页都烘好。样式先行：页面引用的文件总在。印不出的记入 ``failures``，不拖住别的页。"""
    count = 0
    for press in presses.values():
        baker = Baker(press, tree_of(press.site), sequence)
        stale = stale_pages(press.site)
        for pages in (stale.filter(maker="asset"), stale.exclude(maker="asset")):
            waiting = list(pages.order_by("maker", "pk"))
            count += bake_marked(baker, waiting, failures, before_each_batch)
    return count


def _sequence(change: Change) -> int:
    number: int = change.seal.sequence  # type: ignore[attr-defined]
    return number


def _advance(change: Change) -> None:
    sequence = _sequence(change)
    with transaction.atomic():
        Cursor.objects.filter(pk=1, sequence__lt=sequence).update(sequence=sequence)
        advance_family(FAMILY, sequence)


def has_work() -> bool:
    """有没有还没落实的变更或撤回，或者烘了页还没写出的清单（断在两者之间）。至多四次查询。"""
    if changes_after(reached(), 1).exists() or awaiting(FAMILY).exists():
        return True
    return Manifest.objects.filter(dirty=True).exists()


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


UNSEEN = frozenset(
    {
        "state", "created_by", "created_at", "updated_at", "asked_by", "reason", "approval", "filing", "since",
        "offline_until", "notice_until", "successor", "closed_on",
    }
)  # fmt: skip
"""站点里页面上看不到的各项；下线、关停的看得到的只有公告。"""


def release() -> str:
    """模板，加上每页都要用到的站点（连同公告）、栏目和机构，合成的指纹。"""
    digest = hashlib.sha256(_templates().encode())
    for model, unseen in ((Site, UNSEEN), (Column, ()), (Organisation, ())):
        names = [each.attname for each in model._meta.concrete_fields if each.name not in unseen]
        rows = model.objects.order_by("pk").values_list(*names)
        digest.update(repr(list(rows)).encode())
    digest.update(repr([(site.pk, site.notice) for site in sites()]).encode())
    return digest.hexdigest()
