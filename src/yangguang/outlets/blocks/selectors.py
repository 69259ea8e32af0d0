"""页面编排的读取。"""

from datetime import date

from django.db.models import QuerySet

from yangguang.foundation.organisations.selectors import existing
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.selectors import columns_of
from yangguang.hub.publications.kinds import all_kinds
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.selectors import topics_of

from .models import Alert, BlockPage, BlockVersion, Picture
from .rules import Blocks, blocks_of

Choices = dict[str, list[tuple[str, str]]]


def versions_of(page: BlockPage) -> QuerySet[BlockVersion]:
    """发布过的各版，新的在前。一次查询。"""
    return page.versions.select_related("published_by").order_by("-number")


def published_blocks(site: Site, topic: Topic | None) -> Blocks | None:
    """公众看到的编排；没有发布过的为 ``None``。一次查询。"""
    version = (
        BlockVersion.objects.filter(page__site=site, page__topic=topic).order_by("-number").first()
    )
    return blocks_of(version.blocks) if version else None


def alerts_on(site: Site, day: date) -> list[Alert]:
    """``day`` 当日有效的紧急提示，紧急的在前，新的在前。一次查询。"""
    found = Alert.objects.filter(site=site, state="shown", valid_until__gte=day)
    return list(found.order_by("level", "-pk"))


def choices_of(site: Site) -> Choices:
    """填写时可以选的：栏目、机构、专题、种类、图片，代码与名称。五次查询。"""
    columns = [
        (column.code, "　" * (column.depth - 1) + column.name) for column in columns_of(site)
    ]
    library = Picture.objects.filter(site=site, withdrawn_at=None).select_related("file")
    units = existing().filter(path__startswith=site.organisation.path)
    return {
        "columns": columns,
        "organisations": [(unit.code, unit.short_name) for unit in units],
        "topics": [(topic.code, topic.name) for topic in topics_of(site)],
        "kinds": [(kind.code, kind.label) for kind in all_kinds()],
        "pictures": [(str(each.pk), each.file.name) for each in library.order_by("-pk")],
    }
