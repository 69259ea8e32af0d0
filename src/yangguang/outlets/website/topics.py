"""专题：一个专题的页，和全部专题的名录。"""

from collections.abc import Sequence
from dataclasses import dataclass

from yangguang.foundation.theme.chrome import Link, PageHead
from yangguang.foundation.theme.labels import Labels, column_labels
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.parts import PARTS, part_path
from yangguang.hub.topics.rules import topic_path

from .arrangement import Arranged, arranged
from .frame import HOME, TOPICS, Press
from .items import Item, Listed, ListPage, years_of
from .models import PublicList
from .records import DAY
from .rules import HEAD, ListKey, list_path
from .sheets import Sheet, maker

COLUMN_TYPE = "信息公开目录"
"""专题页的栏目类别：规范用语里没有“专题”，取最接近的。"""
ABOUT = "围绕一件事，把文件、解读和结果收在一起。"


SHOWN = 5
"""专题首页上每一部分先列几条。"""


@dataclass(frozen=True)
class Part:
    """专题首页上的一部分：名称、最新几条、一共几条、全部的地址。"""

    label: str
    items: list[Item]
    live: int
    href: str


def part_keys(topic: Topic) -> list[ListKey]:
    """专题各部分的列表；不分部分的没有。"""
    if not topic.has_parts:
        return []
    return [ListKey("topic", part_path(topic.code, part)) for part in PARTS]


def topic_keys(topic: Topic) -> list[ListKey]:
    """专题总有的列表：它自己的，和各部分的。"""
    return keys_under(topic.code, topic)


def keys_under(code: str, topic: Topic) -> list[ListKey]:
    """地址代码是 ``code`` 时总有的列表：迁走了的专题，原来的代码可能不同。"""
    parts = PARTS if topic.has_parts else ()
    return [ListKey("topic", code), *(ListKey("topic", part_path(code, part)) for part in parts)]


def parts_shown(press: Press, topic: Topic, pages: Sequence[ListPage]) -> list[Part]:
    """专题首页上的各部分；``pages`` 是它们的首页，按次序。"""
    return [
        Part(PARTS[key.part], page.items[:SHOWN], page.live, press.url(list_path(key)))
        for key, page in zip(part_keys(topic), pages, strict=True)
    ]


def topic_list(
    press: Press, key: ListKey, page: int, listed: Listed, parts: Sequence[ListPage] = ()
) -> Sheet | None:
    """专题的一页，或者它一部分的一页。``parts`` 是首页上各部分的首页。"""
    topic = next((each for each in press.topics if each.code == key.topic), None)
    if topic is None:
        return _moved(press, key, page)
    if key.part:
        return _part_page(press, topic, key, page, listed) if topic.has_parts else None
    found = arranged(press, topic) if page == HEAD else Arranged()
    shown = parts_shown(press, topic, parts) if page == HEAD else []
    return topic_page(press, topic, page, found, listed, shown)


def _moved(press: Press, key: ListKey, page: int) -> Sheet | None:
    """专题随站点关停迁走了：原来的每一页上写明迁到了哪里。没有过这个专题的没有这一页。"""
    topic = press.moved_topics.get(key.topic)
    if topic is None:
        return None
    head = PageHead(
        title="此专题已迁移",
        path=list_path(key, page),
        description="本站的专题，已随网站关停迁到别的站点。",
        labels=press.site_labels,
        crumbs=(Link("首页", press.url(HOME)), Link("专题", press.url(TOPICS))),
        indexed=False,
    )
    there = Link(topic.name, press.across(topic.site, topic_path(topic.code)))
    return Sheet(
        press.render("website/topic_moved.html", head, site_name=topic.site.name, there=there)
    )


def _part_page(press: Press, topic: Topic, key: ListKey, page: int, listed: Listed) -> Sheet:
    """专题一部分的一页，可以按年份看。"""
    label = PARTS[key.part]
    name = f"{topic.name}：{label}" + (f"（{key.year}年）" if key.year else "")
    own = ListKey("topic", key.code)
    crumbs = [
        Link("首页", press.url(HOME)),
        Link("专题", press.url(TOPICS)),
        Link(topic.name, press.topic_url(topic)),
    ]
    here = f"第 {page} 页" if page != HEAD else f"{key.year}年" if key.year else label
    if here != label:
        crumbs.append(Link(label, press.url(list_path(own))))
    if page != HEAD and key.year:
        here = f"{key.year}年 {here}"
    description = f"“{topic.name}”专题的{label}。"
    head = PageHead(
        title=name if page == HEAD else f"{name} 第 {page} 页",
        path=list_path(key, page),
        labels=press.site_labels + _labels(name, description),
        crumbs=(*crumbs, Link(here, "")),
        current=press.url(TOPICS),
        description=description,
    )
    content = press.render(
        "website/topic_part.html",
        head,
        topic=topic,
        label=label,
        year=key.year,
        own_href=press.url(list_path(own)),
        years=years_of(press, own) if page == HEAD else [],
        others=[
            (PARTS[each.part], press.url(list_path(each)), each == own) for each in part_keys(topic)
        ],
        listed=listed,
    )
    return Sheet(content, frozenset({DAY} if listed.is_dated else ()))


def topic_page(
    press: Press,
    topic: Topic,
    page: int,
    found: Arranged,
    listed: Listed,
    parts: Sequence[Part] = (),
) -> Sheet:
    """照给出的编排印专题的一页；预览草稿也用它。分部分的，首页先列各部分最新几条。"""
    key = ListKey("topic", topic.code)
    crumbs = [Link("首页", press.url(HOME)), Link("专题", press.url(TOPICS))]
    if page == HEAD:
        crumbs.append(Link(topic.name, ""))
    else:
        crumbs += [Link(topic.name, press.topic_url(topic)), Link(f"第 {page} 页", "")]
    head = PageHead(
        title=topic.name if page == HEAD else f"{topic.name} 第 {page} 页",
        path=list_path(key, page),
        labels=press.site_labels + _labels(topic.name, topic.summary),
        crumbs=tuple(crumbs),
        current=press.url(TOPICS),
        description=topic.summary,
        feeds=(press.feed(topic.name, key),),
    )
    content = press.render(
        "website/topic.html", head, topic=topic, arranged=found, listed=listed, parts=parts
    )
    is_dated = listed.is_dated or any(item.is_pinned for each in parts for item in each.items)
    keys = found.keys | ({DAY} if is_dated else frozenset())
    return Sheet(content, keys, attachments=found.files)


@maker("topics")
def topics(press: Press, subject: str) -> Sheet:
    """专题的名录：进行中的，已结束的，各有几条。"""
    counts = dict(
        PublicList.objects.filter(site=press.site, key__startswith="topic:").values_list(
            "key", "live"
        )
    )
    shown = [(topic, counts.get(f"topic:{topic.code}", 0)) for topic in press.topics]
    head = PageHead(
        title="专题",
        path=TOPICS,
        description=ABOUT,
        labels=press.site_labels + _labels("专题", ABOUT),
        crumbs=(Link("首页", press.url(HOME)), Link("专题", "")),
        current=press.url(TOPICS),
    )
    return Sheet(
        press.render(
            "website/topics.html",
            head,
            open=[each for each in shown if each[0].state == "open"],
            closed=[each for each in shown if each[0].state == "closed"],
        )
    )


def _labels(name: str, description: str) -> Labels:
    return column_labels(name, description, f"{name},专题", COLUMN_TYPE)
