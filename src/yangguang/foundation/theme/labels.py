"""页面标签：《政府网站发展指引》附件 2 要求的 ``<meta>``，首页、栏目页、内容页各有其必选项。"""

from collections.abc import Iterable
from datetime import datetime

Labels = tuple[tuple[str, str], ...]

SITE_LABELS = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN_LABELS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
ARTICLE_LABELS = ("ArticleTitle", "PubDate", "ContentSource")


class MissingLabel(ValueError):
    """必选的页面标签没有值：宁可不出页面，也不出缺标签的页面。"""


def _checked(pairs: Iterable[tuple[str, str]]) -> Labels:
    labels = tuple((name, value.strip()) for name, value in pairs)
    empty = [name for name, value in labels if not value]
    if empty:
        raise MissingLabel("页面标签缺值：" + "、".join(empty))
    return labels


def site_labels(name: str, domain: str, identification_code: str) -> Labels:
    """网站标签：每一页都有。"""
    return _checked(zip(SITE_LABELS, (name, domain, identification_code), strict=True))


def column_labels(name: str, description: str, keywords: str, column_type: str) -> Labels:
    """栏目标签：栏目页。``column_type`` 取自栏目类别的规范用语（``hub.columns``）。"""
    return _checked(zip(COLUMN_LABELS, (name, description, keywords, column_type), strict=True))


def article_labels(
    column_name: str,
    column_type: str,
    title: str,
    published_at: datetime,
    source: str,
    *,
    keywords: str = "",
    description: str = "",
) -> Labels:
    """内容页标签：栏目名称、类别，加上标题、发布时间（``YYYY-MM-DD HH:MM``）、来源；可选项有值才写。"""
    required = _checked(
        [
            ("ColumnName", column_name),
            ("ColumnType", column_type),
            ("ArticleTitle", title),
            ("PubDate", f"{published_at:%Y-%m-%d %H:%M}"),
            ("ContentSource", source),
        ]
    )
    optional = (("Keywords", keywords), ("Description", description))
    return required + tuple((name, value) for name, value in optional if value)
