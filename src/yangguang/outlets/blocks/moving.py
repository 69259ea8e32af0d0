"""专题迁到别的站点，它的编排跟着走：栏目、专题、图片换成那里的，发布着的接着发布。

关停的站点的首页编排不迁：接收的站点有自己的首页；从前的各版留着可查。
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.models import Site
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.moving import Moved

from .fields import Address, Choice, Field, Items, PictureField
from .kinds import KINDS
from .models import BlockPage, BlockVersion, Picture
from .rules import Block, Blocks, blocks_of
from .services import keep_version

_OWN = re.compile(r"/(columns|topics)/([a-z0-9-]+)/")


def follow_topic(topic: Topic, moved: Moved, actor: Actor) -> str:
    """专题的编排换到新的站点。没有编排过的不做什么；返回写进专题经过的一句。"""
    page = BlockPage.objects.select_for_update(of=("self",)).filter(topic=topic).first()
    if page is None:
        return ""
    page.site, page.organisation = moved.after, moved.after.organisation
    latest = BlockVersion.objects.filter(page=page).order_by("-number").first()
    draft = _rewritten(page.blocks, moved)
    if latest is not None:
        published = _rewritten(blocks_of(latest.blocks), moved)
        page.draft = [block.as_json() for block in published]
        now = timezone.now()
        keep_version(page, actor=actor, note=f"随专题由{moved.before.name}网站迁来", at=now)
    page.draft = [block.as_json() for block in draft]
    page.revision += 1
    page.save(update_fields=["site", "organisation", "draft", "revision", "updated_at"])
    return "页面编排跟着迁来，栏目、图片换成了本站的，请看一遍。"


def _rewritten(blocks: Blocks, moved: Moved) -> Blocks:
    return tuple(_block(block, moved) for block in blocks)


def _block(block: Block, moved: Moved) -> Block:
    return replace(block, values=_values(KINDS[block.kind].fields, block.values, moved))


def _values(fields: Sequence[Field], values: Mapping[str, Any], moved: Moved) -> dict[str, Any]:
    """各项的值换成新站点的；不认识的项照旧。"""
    found = dict(values)
    for each in fields:
        value = values.get(each.name)
        if not value:
            continue
        if isinstance(each, Items):
            found[each.name] = [_values(each.of, row, moved) for row in value]
        elif isinstance(each, PictureField):
            found[each.name] = _picture(str(value), moved.after)
        elif isinstance(each, Choice) and each.source == "columns" and value in moved.columns:
            found[each.name] = moved.columns[value].code
        elif isinstance(each, Choice) and each.source == "topics":
            found[each.name] = moved.topics.get(value, value)
        elif isinstance(each, Address):
            found[each.name] = _OWN.sub(lambda part: _address(part, moved), value, count=1)
    return found


def _address(part: re.Match[str], moved: Moved) -> str:
    """站内的栏目、专题的地址换成新站点的。"""
    kind, code = part.groups()
    if kind == "topics":
        code = moved.topics.get(code, code)
    elif code in moved.columns:
        code = moved.columns[code].code
    return f"/{kind}/{code}/"


def _picture(number: str, site: Site) -> str:
    """图片库里的一张在新站点也收一张，用同一份文件；撤下了的不收。"""
    old = Picture.objects.filter(pk=int(number), withdrawn_at=None).first()
    if old is None:
        return ""
    made, _ = Picture.objects.get_or_create(
        site=site, file=old.file, withdrawn_at=None,
        defaults={"width": old.width, "height": old.height},
    )  # fmt: skip
    return str(made.pk)
