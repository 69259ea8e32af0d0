"""页面编排的动作：开始编排，改一块，挪动，去掉，恢复某一版；发布和放弃走流转。"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, perform, start
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.screening.rules import secret_mark
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import sites_edited_by
from yangguang.hub.publications.refreshing import refresh
from yangguang.hub.publications.rules import digest
from yangguang.hub.topics.models import Topic
from yangguang.outlets.website.frame import Press

from .arranging import defaults
from .checking import block_text_faults, options_of
from .fields import texts
from .kinds import KINDS
from .models import BlockPage, BlockVersion
from .rules import MOST, Block, Blocks, blocks_of, moved, with_block, without

CHANGED = (
    "您打开之后有人改过这一块。您填的都还在下面；请另开一页看看现在的内容，对照之后再保存一次。"
)
GONE = "这一块已经被别人去掉了。您填的都还在下面；要留下它，再保存一次，会加在最后。"


@transaction.atomic
def begin(site: Site, topic: Topic | None, *, actor: Actor, key: str) -> BlockPage:
    """开始编排一页，从默认的编排改起。已经在编的返回原来的；不在范围内抛出 ``OutOfScope``。"""
    if not sites_edited_by(actor).filter(pk=site.pk).exists():
        raise OutOfScope
    if topic is not None and topic.site_id != site.pk:
        raise OutOfScope
    if earlier := BlockPage.objects.filter(site=site, topic=topic).first():
        return earlier
    blocks = defaults(Press(site, reading_day()), topic)
    page = BlockPage(
        site=site,
        topic=topic,
        organisation=site.organisation,
        draft=[block.as_json() for block in blocks],
    )
    start(page, actor=actor, key=key)
    return page


@transaction.atomic
def save_block(
    page: BlockPage,
    kind: str,
    given: dict[str, Any],
    *,
    actor: Actor,
    key: str,
    id: str = "",
    beside: bool = False,
    seen: str | None = None,
) -> Block:
    """存下一块：没有 ``id`` 的加在最后，有的换上。返回存下的那一块。

    ``seen`` 是打开时那一块的摘要：别人先改过、去掉了的抛出 ``Refused``，什么也不动；``None`` 不查。
    不合规矩的抛出 ``Refused``，带密级标志的抛出 ``Classified``。同一 ``key`` 新加的只加一次。
    """
    current = _locked(page, actor)
    id = id or f"k{digest({'key': key})[:12]}"
    earlier = next((each for each in current.blocks if each.id == id), None)
    if seen is not None and seen != fingerprint(earlier):
        raise Refused([CHANGED if earlier else GONE])
    chosen = KINDS[kind]
    values, faults = chosen.read(given, options_of(current.site))
    block = Block(kind, values, id, beside)
    if secret_mark("\n".join(texts(values))):
        raise Classified
    reasons = [each.message for each in faults] + block_text_faults(block, "")
    if earlier is None and len(current.blocks) >= MOST:
        reasons.append(f"一页最多 {MOST} 块，请先去掉一块。")
    if reasons:
        raise Refused(reasons)
    if earlier != block:
        _store(current, with_block(current.blocks, block), actor, "save", kind)
    page.refresh_from_db()
    return block


def move_block(page: BlockPage, id: str, step: int, *, actor: Actor) -> None:
    """把一块往上（-1）或往下（1）挪一位。块已经不在了抛出 ``Refused``。"""
    _change(page, actor, "move", id, lambda blocks: moved(blocks, id, step))


def remove_block(page: BlockPage, id: str, *, actor: Actor) -> None:
    """去掉一块。已经不在了的抛出 ``Refused``。"""
    _change(page, actor, "remove", id, lambda blocks: without(blocks, id))


@transaction.atomic
def restore(page: BlockPage, number: int, *, actor: Actor) -> None:
    """把发布过的一版放回草稿；公众看到的不变，发布了才变。没有这一版抛出 ``DoesNotExist``。"""
    current = _locked(page, actor)
    version = current.versions.get(number=number)
    _store(current, blocks_of(version.blocks), actor, "restore", str(number))
    page.refresh_from_db()


def keep_version(page: BlockPage, *, actor: Actor, note: str, at: datetime) -> None:
    """草稿成为公众看到的一版，页面重烘。由流转引擎在同一事务里调用。"""
    last = page.versions.aggregate(last=Max("number"))["last"] or 0
    BlockVersion.objects.create(
        page=page,
        number=last + 1,
        blocks=page.draft,
        digest=digest({"blocks": page.draft}),
        note=note[:300],
        published_by_id=actor.user_id,
        published_at=at,
    )
    refresh(page.data_key)


def put_back(page: BlockPage) -> None:
    """草稿退回最后发布的一版。由流转引擎在同一事务里调用。"""
    page.draft = page.versions.latest("number").blocks
    page.revision += 1


def fingerprint(block: Block | None) -> str:
    """一块此刻的摘要；没有这一块是空串。"""
    return digest(block.as_json()) if block else ""


@transaction.atomic
def _change(
    page: BlockPage, actor: Actor, verb: str, id: str, change: Callable[[Blocks], Blocks]
) -> None:
    current = _locked(page, actor)
    found = next((block for block in current.blocks if block.id == id), None)
    if found is None:
        raise Refused(["这一块已经不在了，请看现在的草稿。"])
    _store(current, change(current.blocks), actor, verb, found.kind)
    page.refresh_from_db()


def _store(page: BlockPage, blocks: Blocks, actor: Actor, verb: str, what: str) -> None:
    draft = [block.as_json() for block in blocks]
    if draft == page.draft:
        return
    page.draft = draft
    page.revision += 1
    page.save(update_fields=["draft", "revision", "updated_at"])
    record_event(
        f"blocks.{verb}", actor=actor, target=page, fields=("draft",), public={"block": what}
    )
    if page.state == "published":
        perform(page, "change", actor=actor, key=f"change:{page.pk}:{page.revision}")


def _locked(page: BlockPage, actor: Actor) -> BlockPage:
    current = (
        BlockPage.objects.select_for_update(of=("self",))
        .select_related("site__organisation", "topic")
        .filter(pk=page.pk)
        .first()
    )
    if current is None or not BlockPage.policy.may_edit(actor, current):
        raise OutOfScope
    return current
