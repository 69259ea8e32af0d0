"""库：一个站点上一种信息集中列出的页，现行有效的一页，不再有效的一页。

哪一种信息有库、印成什么样，由种类声明（``PublicationKind.library``）；这里只管取数、印页。
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from yangguang.foundation.theme.chrome import Link, PageHead
from yangguang.foundation.theme.labels import column_labels
from yangguang.hub.publications.kinds import Library, kind
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.rules import VALIDITIES, attachment_path
from yangguang.hub.publications.selectors import path_of, published

from .frame import HOME, SEARCH, Press
from .placing import kind_key
from .sheets import Sheet, maker

PAST = frozenset({"expired", "repealed"})
"""不再有效的。"""
COLUMN_TYPE = "政策文件"


@dataclass(frozen=True)
class Shelved:
    """库里的一行。"""

    title: str
    href: str
    organisation: str
    validity: str
    payload: dict[str, Any]
    files: tuple[tuple[str, str], ...]
    is_demonstration: bool

    @property
    def year(self) -> str:
        """成文、出版的年份。"""
        return str(self.payload["written_on"] or "")[:4]


@maker("library")
def library(press: Press, subject: str) -> Sheet | None:
    """一页；这一种类没有库的不该有。一次查询，与有多少条无关。"""
    code, _, which = subject.partition(" ")
    is_past, declared = which == "past", kind(code).library
    if declared is None:
        return None
    rows = _rows(press, code, is_past)
    groups = [(form, list(each)) for form, each in groupby(rows, lambda row: row.payload["form"])]
    content = press.render(
        declared.template,
        _head(press, declared, is_past),
        library=declared,
        groups=groups,
        rows=rows,
        total=len(rows),
        is_past=is_past,
        current_href=press.url(declared.path),
        past_href=press.url(f"{declared.path}past/"),
        filters=_filters(press, rows),
    )
    return Sheet(content, frozenset({kind_key(code)}))


def _rows(press: Press, code: str, is_past: bool) -> list[Shelved]:
    """现行有效的（或不再有效的），按体裁分组，各组里新的在前。"""
    here = Q(site=press.site) | Q(shares__site=press.site, shares__ended_at=None)
    found = published().filter(here, kind=code).distinct()
    found = found.filter(validity__in=PAST) if is_past else found.exclude(validity__in=PAST)
    rows = [_shelved(press, each) for each in found.order_by("-written_on", "-pk")]
    return sorted(rows, key=lambda row: row.payload["form"], reverse=True)


def _shelved(press: Press, publication: Publication) -> Shelved:
    version = publication.current_version
    assert version is not None  # noqa: S101  公开的必有现行版本
    return Shelved(
        publication.title,
        press.url(path_of(publication)),
        publication.organisation.short_name,
        VALIDITIES.get(publication.validity, ""),
        version.payload,
        tuple(
            (
                file["name"].rpartition(".")[2].lower(),
                press.url(attachment_path(publication.pk, file["sha256"], file["name"])),
            )
            for file in version.payload["attachments"]
        ),
        publication.is_demonstration,
    )


def _filters(press: Press, rows: list[Shelved]) -> list[Link]:
    """按有效性、机关再筛：到检索里看，没有脚本也能用。"""
    forms = sorted({row.payload["form"] for row in rows})
    return [
        Link(
            f"{form}：{label}",
            f"{SEARCH}?{urlencode({'site': press.site.code, 'form': form, 'validity': validity})}",
        )
        for form in forms
        for validity, label in VALIDITIES.items()
    ]


def _head(press: Press, declared: Library, is_past: bool) -> PageHead:
    title = f"{declared.title}：不再有效的" if is_past else declared.title
    home = Link("首页", press.url(HOME))
    above = (Link(declared.title, press.url(declared.path)),) if is_past else ()
    return PageHead(
        title=title,
        path=f"{declared.path}past/" if is_past else declared.path,
        labels=press.site_labels
        + column_labels(declared.title, declared.about, declared.title, COLUMN_TYPE),
        crumbs=(home, *above, Link("不再有效的" if is_past else declared.title, "")),
        description=declared.about,
    )
