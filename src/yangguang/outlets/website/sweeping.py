"""把标记了的页一批批烘好；世代和已经落实的序号。"""

from collections.abc import Callable, Sequence

from django.db import OperationalError
from django.db.models import F, QuerySet

from yangguang.foundation.failpoints import reach
from yangguang.hub.columns.models import Site

from .baker import BATCH, Baker
from .models import BakedPage, Cursor
from .writer import SiteNotWritable


def bake_marked(
    baker: Baker,
    pages: Sequence[BakedPage],
    failures: dict[str, Exception],
    before_each_batch: Callable[[], int] = lambda: 0,
) -> int:
    """烘这些页，返回烘了几页。印不出的记入 ``failures``，不拖住别的页。

    每一小批之前先做 ``before_each_batch``，它烘的页数也算在内。
    """
    count = 0
    for start in range(0, len(pages), BATCH):
        count += before_each_batch()
        count += _bake(baker, pages[start : start + BATCH], failures)
        reach("projector.after_page")
    return count


def _bake(baker: Baker, pages: Sequence[BakedPage], failures: dict[str, Exception]) -> int:
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


def stale_pages(site: Site) -> QuerySet[BakedPage]:
    """站点里标记了、还没有烘成的页。"""
    return BakedPage.objects.filter(site=site, wanted__gt=F("baked"))


def next_generation() -> int:
    """新的世代：此后标记的页比从前的新。"""
    Cursor.objects.get_or_create(pk=1)
    Cursor.objects.filter(pk=1).update(generation=F("generation") + 1)
    return Cursor.objects.get(pk=1).generation


def reached() -> int:
    """已经落实到树上的最后一个封存序号。一次查询。"""
    return Cursor.objects.values_list("sequence", flat=True).first() or 0
