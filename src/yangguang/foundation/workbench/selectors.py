"""工作台替各人记的事：读取。"""

from collections.abc import Sequence

from yangguang.foundation.accounts.rules import Actor

from .models import ChosenColumns, SavedList


def saved_lists(slug: str, actor: Actor) -> list[SavedList]:
    """此人在一种列表上存下的筛选，先存的在前。一次查询。"""
    return list(SavedList.objects.filter(user=actor.user_id, slug=slug))


def default_query(slug: str, actor: Actor) -> str:
    """打开列表时就用的筛选；没有为空。一次查询。"""
    found = SavedList.objects.filter(user=actor.user_id, slug=slug, is_default=True).first()
    return found.query if found else ""


def chosen_columns(slug: str, actor: Actor) -> Sequence[str]:
    """此人在一种列表上选定的列；没有选过为空。一次查询。"""
    found = ChosenColumns.objects.filter(user=actor.user_id, slug=slug).first()
    return tuple(found.columns) if found else ()
