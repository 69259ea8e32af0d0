"""没有新版本的变更：数据变了、归在哪里变了，要重烘、重新归位。"""

from django.db import transaction
from django.utils import timezone

from .linking import linked_with
from .models import Change, Publication

PLACED = "publication:"
"""变更日志里归位的键的前缀，后面是信息的编号。"""


def refresh(key: str) -> Change:
    """``key`` 的数据变了：记一笔变更，让用到它的页面重烘。须在引起变化的事务里调用。"""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("refresh 须与引起变化的写入在同一事务里")
    return Change.objects.create(action=Change.Action.REFRESH, key=key, at=timezone.now())


def place_again(publication: Publication) -> Change:
    """信息归在哪里变了（例如指定进了专题）：记一笔变更，出口把它重新归位。内容没有变，不成新版本。"""
    return refresh(f"{PLACED}{publication.pk}")


def place_linked(publication: Publication) -> None:
    """公开、更正、撤回了一条，与它互链的页面跟着重烘。"""
    for other in linked_with(publication):
        place_again(other)
