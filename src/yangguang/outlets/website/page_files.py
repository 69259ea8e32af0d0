"""随页面公开的文件（图片）的账：先记后复制，再没有页用到的从树里清除。

属于信息的附件另记在 ``PublicationFile``；这里只管首页、专题这样不属于哪条信息的页。
"""

from collections.abc import Iterable, Sequence

from .models import BakedPage, PageFile
from .sheets import Sheet

Made = tuple[BakedPage, Sheet | None]
"""一页，和它印好的内容。"""


def foretell(made: Iterable[Made]) -> None:
    """复制之前先记下：断在中间，也知道树里的文件是哪一页的。"""
    PageFile.objects.bulk_create(
        _rows(made),
        update_conflicts=True,
        unique_fields=["page", "path"],
        update_fields=["sha256", "size"],
    )


def left_behind(made: Sequence[Made]) -> list[PageFile]:
    """这些页不再用到的文件的账。"""
    wanted = {(row.page_id, row.path) for row in _rows(made)}
    rows = PageFile.objects.filter(page__in=[page.pk for page, _ in made]).select_related("page")
    return [row for row in rows if (row.page_id, row.path) not in wanted]


def unused(left: Iterable[PageFile]) -> list[str]:
    """其中别的页也没有用到的，要从树里清除。"""
    rows = list(left)
    paths = {row.path for row in rows}
    others = PageFile.objects.filter(
        path__in=paths, page__site__in={row.page.site_id for row in rows}
    ).exclude(pk__in=[row.pk for row in rows])
    return sorted(paths - set(others.values_list("path", flat=True)))


def _rows(made: Iterable[Made]) -> list[PageFile]:
    return [
        PageFile(page=page, path=each.path, sha256=each.sha256, size=each.size)
        for page, sheet in made
        if sheet and sheet.publication_id is None
        for each in sheet.attachments
    ]
