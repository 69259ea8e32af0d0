"""迁移：一条信息的原件换到另一个站点，用在原来的站点关停的时候。

信息还是同一条：索引号、版本、变更记录都不变，站内路径也不变。原来站点的地址上写明原件在哪里，与停止
转发以后一样；从前转发到别处的照样转发。
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.failpoints import reach
from yangguang.foundation.lifecycle.services import Refused
from yangguang.hub.columns.models import Column

from .models import Change, Placement, Publication, Share
from .refreshing import place_linked
from .rules import relocation_key
from .selectors import locked
from .sharing import at_the_end, codes_of, reasons_against_closed


@transaction.atomic
def relocate(
    publication: Publication, columns: Sequence[Column], *, actor: Actor, reason: str
) -> Change | None:
    """把原件迁到 ``columns`` 所在的站点，第一个是组配分类。撤回了的也迁：说明页跟着走。

    已经在那里的什么也不做，返回空。栏目不在同一个站点、关闭了的抛出 ``Refused``。
    """
    publication = locked(publication)
    sites = {column.site_id: column.site for column in columns}
    if len(sites) != 1:
        raise Refused(["请选定迁到一个站点的哪些栏目。"])
    if faults := reasons_against_closed(columns):
        raise Refused(faults)
    before, (after,) = publication.site, sites.values()
    if before.pk == after.pk:
        return None
    now = timezone.now()
    publication.placements.filter(column__site__in=(before, after)).delete()
    publication.shares.filter(site=after).delete()
    Share.objects.update_or_create(
        publication=publication,
        site=before,
        defaults={"ended_at": now},
        create_defaults={"shared_at": publication.published_at, "ended_at": now},
    )
    publication.site = after
    publication.save(update_fields=["site"])
    Placement.objects.bulk_create(
        Placement(publication=publication, column=column, is_primary=position == 0)
        for position, column in enumerate(dict.fromkeys(columns))
    )
    reach("publications.before_change")
    change = Change.objects.create(
        action=Change.Action.RELOCATE,
        publication=publication,
        version=publication.current_version,
        key=relocation_key(before.code, after.code),
        columns=codes_of(columns),
        reason=reason,
        at=now,
    )
    place_linked(publication)
    record_event(
        "publications.relocate", actor=actor, target=publication, fields=("site", "placements"),
        public={"from": before.code, "site": after.code, "columns": codes_of(columns)},
        note=reason, at=now,
    )  # fmt: skip
    at_the_end()
    return change
