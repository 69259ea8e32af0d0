"""专题：一个专题的页，和全部专题的名录。"""

from yangguang.foundation.theme.chrome import Link, PageHead
from yangguang.foundation.theme.labels import Labels, column_labels
from yangguang.hub.topics.models import Topic

from .arrangement import Arranged, arranged
from .frame import HOME, TOPICS, Press
from .items import Listed
from .models import PublicList
from .records import DAY
from .rules import HEAD, ListKey, list_path
from .sheets import Sheet, maker

COLUMN_TYPE = "信息公开目录"
"""专题页的栏目类别：规范用语里没有“专题”，取最接近的。"""
ABOUT = "围绕一件事，把文件、解读和结果收在一起。"


def topic_list(press: Press, key: ListKey, page: int, listed: Listed) -> Sheet | None:
    """专题的一页。"""
    topic = next((each for each in press.topics if each.code == key.code), None)
    if topic is None:
        return None
    found = arranged(press, topic) if page == HEAD else Arranged()
    return topic_page(press, topic, page, found, listed)


def topic_page(press: Press, topic: Topic, page: int, found: Arranged, listed: Listed) -> Sheet:
    """照给出的编排印专题的一页；预览草稿也用它。"""
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
    content = press.render("website/topic.html", head, topic=topic, arranged=found, listed=listed)
    keys = found.keys | ({DAY} if listed.is_dated else frozenset())
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
