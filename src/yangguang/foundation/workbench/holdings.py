"""一个人存下的常用筛选：工作交接时可以列进清单，跟着移交。"""

from collections.abc import Sequence

from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of, current_assignments
from yangguang.foundation.personnel.holdings import HeldItem, Holding, register

from .models import SavedList
from .registry import viewset_at

LONGEST = 40


class SavedListHolding(Holding):
    """常用筛选。不是要办的事：停用了的人还留着，不算没有交接。"""

    code = "workbench.savedlist"
    label = "常用筛选"
    is_work = False

    def held_by(self, user: User) -> list[HeldItem]:
        """此人存下的；那种界面已经没有了的不算。一次查询。"""
        found = []
        for saved in SavedList.objects.filter(user=user).order_by("pk"):
            if (viewset := viewset_at(saved.slug)) is not None:
                href = f"{viewset.list_href()}?{saved.query}"
                found.append(HeldItem(saved.pk, f"{viewset.label}：{saved.name}", "", href))
        return found

    def out_of_reach(self, object_ids: Sequence[int], receiver: User) -> set[int]:
        """接收人现有的任职都进不了的界面的。两次查询。"""
        held = [actor_of(each) for each in current_assignments(receiver, timezone.localdate())]
        rows = SavedList.objects.filter(pk__in=object_ids).values_list("pk", "slug")
        return {
            pk
            for pk, slug in rows
            if (viewset := viewset_at(slug)) is None
            or not any(viewset.may_open(each) for each in held)
        }

    def move(self, object_id: int, *, to: User, actor: Actor, key: str, message: str) -> None:
        """归接收人；名称他已经用了的加上序号，他自己打开列表用哪一个不变。"""
        saved = SavedList.objects.select_for_update().get(pk=object_id)
        taken = set(
            SavedList.objects.filter(user=to, slug=saved.slug)
            .exclude(pk=saved.pk)
            .values_list("name", flat=True)
        )
        name, number = saved.name, 1
        while name in taken:
            number += 1
            tail = f"（{number}）"
            name = saved.name[: LONGEST - len(tail)] + tail
        saved.user, saved.name, saved.is_default = to, name, False
        saved.save(update_fields=["user", "name", "is_default"])


register(SavedListHolding())
