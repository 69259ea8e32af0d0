"""页面编排的读取。"""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.references import Sought, Use
from yangguang.foundation.organisations.selectors import existing
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import sites_edited_by
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


def pictured_on(sought: Sought, actor: Actor | None) -> Iterator[Use]:
    """哪些站点的图片库里有所查的内容，供资料库列出用处。一次查询。"""
    found = Picture.objects.filter(file__sha256__in=sought.digests, withdrawn_at=None)
    if actor is not None:
        found = found.filter(site__in=sites_edited_by(actor).values("pk"))
    for picture in found.select_related("site", "file").order_by("pk"):
        href = reverse("workbench:pages-pictures")
        yield Use(f"{picture.site.short_name}图片库里的“{picture}”", href)
