"""稿件：纯规则，不碰数据库、时钟和配置。

类别、各机构的审签步骤、转载的时限、发布和到期的时间。
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

TYPES = {
    "news": "动态",
    "notice": "通知公告",
    "pictures": "图片新闻",
    "video": "视频",
    "faq": "常见问答",
    "text": "单篇",
}
"""稿件的类别。单篇是机构简介、办事地址一类独此一篇、改了再改的。"""

FORMS = {
    "news": "动态",
    "notice": "公告",
    "pictures": "图片",
    "video": "视频",
    "faq": "问答",
    "text": "其他",
}
"""各类别公布时的体裁。"""

ROUTES = {"one": "起草、签发", "two": "起草、审核、签发", "three": "起草、初审、复审、签发"}
"""审签的步骤，每个机构定一种；没有定过的审核、签发各一次。"""
DEFAULT_ROUTE = "two"

LEVELS = {"central": "中央国家机关及其网站", "province": "省级机关及其网站", "other": "其他"}
"""转载自哪里。转载只能来自权威来源，须注明来源，不得改变原意（国办发〔2017〕47号）。"""

REPRINT_WITHIN = timedelta(hours=24)
"""中央和省的重要信息，发布后多久之内转载。"""
PROMPT_LEVELS = frozenset({"central", "province"})
"""有时限的来源。"""

LONGEST_SUMMARY = 300
MOST_PICTURES = 100
"""一篇里最多几张图片：各种大小放在一个目录里，不超过一千个文件。"""


@dataclass(frozen=True)
class Source:
    """转载的来源：名称、原文地址、哪一级、原文发布的时刻。不是转载的都为空。"""

    name: str = ""
    href: str = ""
    level: str = ""
    published_at: datetime | None = None

    @property
    def is_given(self) -> bool:
        """是转载的。"""
        return bool(self.name or self.href or self.level or self.published_at)


def source_faults(source: Source, now: datetime) -> list[str]:
    """转载的来源写得不全、不对之处，每条一句；不是转载的、没有毛病的为空。"""
    if not source.is_given:
        return []
    faults = []
    if not source.name:
        faults.append("转载须写明来源的名称。")
    if not is_web_address(source.href):
        faults.append("转载须给出原文的完整网址（以 https:// 或 http:// 开头）。")
    if source.level not in LEVELS:
        faults.append("转载须选定来自哪一级。")
    if source.level in PROMPT_LEVELS and source.published_at is None:
        faults.append("转载中央和省的信息，须写明原文发布的时间：要在 24 小时之内转载。")
    if source.published_at and source.published_at > now:
        faults.append("原文发布的时间不能晚于现在。")
    return faults


def is_web_address(href: str) -> bool:
    """是不是一个完整的网址。"""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def reprint_due(source: Source) -> datetime | None:
    """最晚什么时候转载；没有时限的为空。"""
    if source.level not in PROMPT_LEVELS or source.published_at is None:
        return None
    return source.published_at + REPRINT_WITHIN


def schedule_faults(
    publish_at: datetime | None, expires_on: date | None, now: datetime, today: date
) -> list[str]:
    """定时发布、到期的时间不成立之处，每条一句。``today`` 是当地的今天。"""
    faults = []
    if publish_at and publish_at <= now:
        faults.append("定时发布的时间已经过了，请另定，或者不定。")
    if expires_on and expires_on < today:
        faults.append("有效期止于的日期已经过了。")
    return faults


def is_over(expires_on: date | None, today: date) -> bool:
    """有效期过了：止于的当天还有效。"""
    return expires_on is not None and expires_on < today


def validity_of(expires_on: date | None, today: date) -> str:
    """公布的有效性：没有定有效期的为空。"""
    if expires_on is None:
        return ""
    return "expired" if is_over(expires_on, today) else "effective"


def type_faults(article: Mapping[str, Any]) -> list[str]:
    """各类别必备的内容缺了什么，每条一句。

    ``article`` 有 ``article_type``、``pictures``（文中几张图片）、``video``（有没有视频）、
    ``body``（有没有正文）。
    """
    kind = article["article_type"]
    if kind == "pictures" and not article["pictures"]:
        return ["图片新闻的正文里至少要有一张图片。"]
    if kind == "video" and not article["video"]:
        return ["视频还没有选：请从资料库选一个，或者当场上传。"]
    if not article["body"]:
        return ["缺少答复。" if kind == "faq" else "缺少正文。"]
    return []
