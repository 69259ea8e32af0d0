"""撤回优先于一切：不等封存，不排在别的变更后面。

先把文件撤下，再把提到它的页（列表、订阅、站点地图）重烘，都好了才确认。断在哪一步，
没有确认的撤回下一趟再来一遍；确认过的，轮到它在日志里的次序时就不必再做。
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction

from yangguang.foundation.failpoints import reach
from yangguang.hub.columns.models import Site
from yangguang.hub.projectors.models import Withdrawal
from yangguang.hub.projectors.selectors import awaiting
from yangguang.hub.projectors.services import acknowledge
from yangguang.hub.publications.models import Change

from .baker import Baker, clear_withdrawn, tree_of
from .frame import Press
from .marking import mark_changes
from .rules import FAMILY
from .sweeping import bake_marked, next_generation, reached, stale_pages


def code_of(site: Site) -> str:
    """站点作为一个出口的代码。"""
    return f"{FAMILY}:{site.code}"


@dataclass
class WithdrawnFirst:
    """这一趟跟进里办撤回的人。办不成的这一趟不再试，记在 ``tried`` 里；别的照办。"""

    presses: dict[int, Press]
    tried: set[int] = field(default_factory=set)

    def __call__(self) -> int:
        """办好还没有办的撤回，返回动了几个文件、几页。没有就只有一次查询。"""
        waiting = list(awaiting(FAMILY).exclude(pk__in=self.tried))
        self.tried |= {withdrawal.pk for withdrawal in waiting}
        if not waiting:
            return 0
        cleared = self._clear(waiting)
        count, done = self._renew(waiting)
        if not done and len(waiting) > 1:
            # 有一页印不出：逐个办，只留下与它有关的
            count += sum(self._renew([each])[0] for each in waiting)
        return cleared + count

    def _clear(self, waiting: Collection[Withdrawal]) -> int:
        publications = {p for each in waiting if (p := each.change.publication_id) is not None}
        return sum(
            clear_withdrawn(press.site, tree_of(press.site), publications)
            for press in self.presses.values()
        )

    def _renew(self, waiting: Collection[Withdrawal]) -> tuple[int, bool]:
        """重烘这些撤回触及的页，返回烘了几页、是不是都烘成了；都烘成了就确认。"""
        with transaction.atomic():
            generation = next_generation()
            mark_changes(self.presses, [each.change for each in waiting], generation)
            reach("withdrawing.before_marking")
        reach("withdrawing.after_marking")
        count = 0
        failed: dict[str, Exception] = {}
        for press in self.presses.values():
            baker = Baker(press, tree_of(press.site), reached())
            touched = stale_pages(press.site).filter(wanted=generation)
            count += bake_marked(baker, list(touched.order_by("maker", "pk")), failed)
        if failed:
            return count, False
        reach("withdrawing.before_acknowledging")
        acknowledge([code_of(press.site) for press in self.presses.values()], waiting)
        return count, True


def carried_out(changes: Collection[Change]) -> set[int]:
    """其中已经办好并确认过的撤回（变更的编号）。没有撤回就不查询。"""
    withdrawn = {each.pk for each in changes if each.action == Change.Action.WITHDRAW}
    if not withdrawn:
        return set()
    told = Withdrawal.objects.filter(change__in=withdrawn)
    return set(told.values_list("change", flat=True)) - set(
        awaiting(FAMILY).filter(change__in=withdrawn).values_list("change", flat=True)
    )
