"""州的首页编成块，工作方案开一个专题：走编辑自己的路，编好、发布。重复装入只补缺的。"""

from collections.abc import Callable

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.theme.formats import local
from yangguang.hub.publications.models import Publication
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.services import open_topic
from yangguang.outlets.blocks.models import BlockPage
from yangguang.outlets.blocks.services import begin, save_block

TOPIC = "zhengwu-gongkai"
TITLE = "政务公开工作实施方案"
"""方案原文和任务台账的标题里都有的字：专题凭它收。"""
NEWEST = 10
SEARCHES = ("政务公开", "便民服务", "公共文化", "81号")


def arrange_pages(document: Publication, actor: Actor) -> int:
    """开专题，编首页和专题页；返回这一次发布了几页。"""
    topic = Topic.objects.filter(code=TOPIC, site=document.site).first() or open_topic(
        document.site,
        name=TITLE,
        summary=f"《临夏州{TITLE}》（{document.document_number}）的原文、任务台账和落实情况。",
        code=TOPIC,
        opened_on=local(document.published_at).date(),
        words=[TITLE],
        actor=actor,
        key="demo:topic",
    )
    home = begin(document.site, None, actor=actor, key="demo:home")
    page = begin(document.site, topic, actor=actor, key="demo:topic-page")
    return _publish(home, _home, actor) + _publish(page, _topic, actor)


def _publish(page: BlockPage, fill: Callable[[BlockPage, Actor], None], actor: Actor) -> int:
    if page.versions.exists():
        return 0
    fill(page, actor)
    perform(page, "publish", actor=actor, key=f"demo:page:{page.pk}", message="演示装入")
    return 1


def _home(page: BlockPage, actor: Actor) -> None:
    """默认的编排，加上“大家在找”的几个词；最新公开多列几条，方案和它的解读都在。"""
    opening = page.blocks[0]
    save_block(
        page, "opening", {**opening.values, "searches": list(SEARCHES)}, actor=actor,
        key="demo:opening", id=opening.id,
    )  # fmt: skip
    (newest,) = (block for block in page.blocks if block.kind == "list")
    save_block(
        page,
        "list",
        {**newest.values, "count": NEWEST},
        actor=actor,
        key="demo:newest",
        id=newest.id,
    )


def _topic(page: BlockPage, actor: Actor) -> None:
    """一行进度，一段说明。"""
    save_block(page, "plan", {}, actor=actor, key="demo:topic-plan")
    body = (
        "这里收着方案的原文和任务台账。台账把方案分解成一项一项的任务，逐项列出要求、期限、"
        "单位和落实情况：\n\n"
        "- **按期完成、进行中、已到期**各几项由平台的记录算出，不由人填；\n"
        "- 每个单位承担了什么，各有自己的一页；\n"
        "- 佐证是公开了的信息，点开就能看。"
    )
    save_block(
        page, "text", {"heading": "怎样看", "body": body}, actor=actor, key="demo:topic-text"
    )
