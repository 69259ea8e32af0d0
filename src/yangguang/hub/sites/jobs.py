"""站点管理的作业：关闭了的栏目里的信息、关停的站点的内容，照日志逐条移走。"""

from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of
from yangguang.foundation.jobs.registry import job
from yangguang.hub.columns.models import MIGRATE, Column, Site

from .columns import EMPTY, empty_column
from .moving import move_content


@job(EMPTY)
def empty(column: int, assignment: int) -> None:
    """移完为止；断了再来，接着移剩下的。其间重新启用了的，不再移。"""
    found = Column.objects.select_related("site__organisation", "merged_into").get(pk=column)
    empty_column(found, actor=_ordered_by(assignment))


@job(MIGRATE)
def migrate(site: int, fallback: int, assignment: int) -> None:
    """迁完为止；断了再来，接着迁剩下的。"""
    found = Site.objects.select_related("organisation", "successor__organisation").get(pk=site)
    into = Column.objects.select_related("site__organisation").get(pk=fallback)
    move_content(found, into, actor=_ordered_by(assignment))


def _ordered_by(assignment: int) -> Actor:
    """吩咐这件事的人。"""
    return actor_of(
        RoleAssignment.objects.select_related("user", "organisation", "on_behalf_of__user").get(
            pk=assignment
        )
    )
