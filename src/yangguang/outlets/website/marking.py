"""变更触及哪些页：调整列表，标记要重烘的。只动库里的账，不碰文件；须在事务里。"""

from collections.abc import Iterable, Mapping

from yangguang.hub.publications.models import Change

from .frame import Press
from .models import BakedPage, PageKey
from .placing import EVERY_LIST, kind_key, list_keys, mark, place_by_key, place_everywhere
from .sheets import PageRef


def mark_changes(
    presses: dict[int, Press],
    changes: Iterable[Change],
    generation: int,
    numbered: Mapping[int, set[PageRef]] | None = None,
) -> None:
    """按现状落实这些变更触及的列表，标记各站点要重烘的页，连同 ``numbered``（列入时触及的）。重做无害。"""
    touched: dict[int, set[PageRef]] = {site: set() for site in presses}
    for site, refs in (numbered or {}).items():
        touched[site] |= refs
    keys: set[str] = set()
    for change in changes:
        if change.publication is not None:
            placed = place_everywhere(presses, change.publication)
            keys |= {EVERY_LIST, kind_key(change.publication.kind)}
        else:
            placed = place_by_key(presses, change.key)
            keys.add(change.key)
        for site, refs in placed.items():
            touched[site] |= refs
    for site, refs in touched.items():
        mark(presses[site], refs, generation)
        mark_keys(presses[site], keys | list_keys(refs), generation)


def mark_keys(press: Press, keys: Iterable[str], generation: int) -> None:
    """用到其中一个键的页都要重烘。"""
    pages = PageKey.objects.filter(key__in=keys, page__site=press.site).values("page")
    BakedPage.objects.filter(pk__in=pages).update(wanted=generation)
