"""给搜索引擎和程序看的页面说明（JSON-LD，schema.org 的词）：与页面上写的是同一回事，不多说。

公开的信息一律说成 ``Article``：通知、方案、台账都是文章，不冒充法律（``Legislation``）或办事指南。
它是数据块，浏览器不执行，内容安全策略也不拦；里面的尖括号和 & 都换成转义，跳不出标签。
"""

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from yangguang.foundation.theme.chrome import Link
from yangguang.foundation.theme.formats import local
from yangguang.hub.publications.models import Publication, PublicationVersion
from yangguang.hub.publications.selectors import path_of

from .frame import Press

ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def describe(
    press: Press, publication: Publication, version: PublicationVersion, crumbs: Sequence[Link]
) -> Markup:
    """一条信息的页面的说明，可以原样放进 ``<script type="application/ld+json">``。"""
    graph = [_article(publication, version), _breadcrumbs(press, publication, crumbs)]
    text = json.dumps(
        {"@context": "https://schema.org", "@graph": graph},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return Markup(text.translate(ESCAPES))  # noqa: S704  能跳出标签的字符都已换掉


def _article(publication: Publication, version: PublicationVersion) -> dict[str, Any]:
    address = publication.site.address + path_of(publication)
    numbers = (("索引号", publication.index_number), ("文号", publication.document_number))
    told: dict[str, Any] = {
        "@type": "Article",
        "@id": address,
        "url": address,
        "name": publication.title,
        "headline": publication.title,
        "inLanguage": "zh-Hans-CN",
        "datePublished": local(publication.published_at).isoformat(timespec="seconds"),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in numbers
            if value
        ],
        "publisher": {
            "@type": "GovernmentOrganization",
            "name": publication.organisation.name,
        },
        "isPartOf": {
            "@type": "WebSite",
            "name": publication.site.name,
            "url": publication.site.address + "/",
        },
    }
    if version.action == PublicationVersion.Action.CORRECT:
        told["dateModified"] = local(version.created_at).isoformat(timespec="seconds")
    return told


def _breadcrumbs(press: Press, publication: Publication, crumbs: Sequence[Link]) -> dict[str, Any]:
    """面包屑，与页面上的一样，最后是信息自己。"""
    domain = f"https://{press.site.domain}"
    steps = [(each.label, domain + each.href) for each in crumbs]
    steps.append((publication.title, press.absolute(path_of(publication))))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate(steps, 1)
        ],
    }
