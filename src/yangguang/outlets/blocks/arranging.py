"""把各块编排成页：公众看到的，和预览草稿的，走同一条路。"""

import json
from dataclasses import dataclass

from yangguang.hub.topics.models import Topic
from yangguang.outlets.website.arrangement import Alerts, Arranged
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.records import DAY

from .defaults import default_home, default_topic
from .kinds import KINDS, Arranging, Shown
from .models import alerts_key, arrangement_key
from .rules import Block, Blocks, rows
from .selectors import alerts_on, published_blocks


class BlockArranger:
    """公众看到的编排和紧急提示。"""

    def arrange(self, press: Press, topic: Topic | None) -> Arranged:
        """最后发布的一版；没有发布过的用默认的。"""
        blocks = published_blocks(press.site, topic)
        return laid_out(press, topic, defaults(press, topic) if blocks is None else blocks)

    def alerts(self, press: Press) -> Alerts:
        """现在有效的紧急提示。"""
        rows = [each.as_json(press.link) for each in alerts_on(press.site, press.as_of)]
        content = json.dumps(rows, ensure_ascii=False, indent=1).encode()
        return Alerts(content, frozenset({alerts_key(press.site), DAY}))


def defaults(press: Press, topic: Topic | None) -> Blocks:
    """没有编排过的页。"""
    if topic is not None:
        return default_topic()
    first = next((column.code for column in press.open_roots), "")
    return default_home(press.site.name, first, press.lower_label)


@dataclass(frozen=True)
class Laid:
    """一块，和它印成的样子。"""

    block: Block
    shown: Shown


def shown_blocks(
    press: Press, topic: Topic | None, blocks: Blocks, *, is_preview: bool = False
) -> list[Laid]:
    """各块印成的样子，没有内容的也在内。"""
    page = Arranging(press, topic, frozenset(block.kind for block in blocks), is_preview)
    return [Laid(block, KINDS[block.kind].show(page, block.values)) for block in blocks]


def laid_out(
    press: Press, topic: Topic | None, blocks: Blocks, *, is_preview: bool = False
) -> Arranged:
    """一排一排摆好；没有内容的块不印，用到的键照记。"""
    laid = shown_blocks(press, topic, blocks, is_preview=is_preview)
    keys = {arrangement_key(press.site, topic)}.union(*(each.shown.keys for each in laid))
    alerts = ""
    if topic is None:
        keys |= {alerts_key(press.site), DAY}
        found = alerts_on(press.site, press.as_of)
        if found:
            alerts = press.render("blocks/alerts.html", None, alerts=found).decode()
    html = {each.block.id: each.shown.html for each in laid}
    lines = [tuple(html[b.id] for b in row if html[b.id]) for row in rows(blocks)]
    return Arranged(
        rows=tuple(line for line in lines if line),
        keys=frozenset(keys),
        files=tuple(dict.fromkeys(file for each in laid for file in each.shown.files)),
        alerts=alerts,
        has_opening=any(block.kind == "opening" for block in blocks),
    )
