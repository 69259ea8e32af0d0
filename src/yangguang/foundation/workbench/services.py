"""工作台替各人记的事：存一种筛选、去掉、设为默认，选定列。"""

from collections.abc import Sequence
from urllib.parse import unquote_plus

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Classified, Refused
from yangguang.foundation.screening.rules import secret_mark

from .models import ChosenColumns, SavedList

MOST_SAVED = 30
"""一种列表上一个人最多存几种。"""
NAME_LENGTH = 40
QUERY_LENGTH = 2_000


@transaction.atomic
def save_list(
    slug: str, name: str, query: str, *, is_default: bool = False, actor: Actor
) -> SavedList:
    """把 ``query`` 存成 ``name``；同名的换成新的。不能存抛出 ``Refused``。

    不入审计：只是这个人自己的偏好，不改动任何记录。
    """
    name = " ".join(name.split())
    if secret_mark(name) or secret_mark(unquote_plus(query)):
        raise Classified
    mine = SavedList.objects.filter(user=actor.user_id, slug=slug)
    reasons = []
    if not query:
        reasons.append("现在没有筛选，没有可存的。先筛选、查找或排序，再存。")
    if len(query) > QUERY_LENGTH:
        reasons.append("筛选的条件太长，存不下。请少写几个词。")
    if not name:
        reasons.append("请给这种筛选起个名字。")
    elif len(name) > NAME_LENGTH:
        reasons.append(f"名字最多 {NAME_LENGTH} 个字。")
    elif mine.exclude(name=name).count() >= MOST_SAVED:
        reasons.append(f"一种列表最多存 {MOST_SAVED} 种筛选，请先删去不用的。")
    if reasons:
        raise Refused(reasons)
    if is_default:
        mine.update(is_default=False)
    saved, _ = SavedList.objects.update_or_create(
        user_id=actor.user_id,
        slug=slug,
        name=name,
        defaults={"query": query, "is_default": is_default},
    )
    return saved


@transaction.atomic
def open_with(saved: SavedList, *, is_default: bool) -> None:
    """打开列表时就用 ``saved``，或者不再用它。"""
    SavedList.objects.filter(user=saved.user_id, slug=saved.slug).update(is_default=False)
    SavedList.objects.filter(pk=saved.pk).update(is_default=is_default)


def forget_list(saved: SavedList) -> None:
    """删去一种筛选。"""
    saved.delete()


def choose_columns(slug: str, columns: Sequence[str], *, actor: Actor) -> None:
    """选定列；空的是照原样，不再另选。"""
    if columns:
        ChosenColumns.objects.update_or_create(
            user_id=actor.user_id, slug=slug, defaults={"columns": list(columns)}
        )
    else:
        ChosenColumns.objects.filter(user=actor.user_id, slug=slug).delete()
