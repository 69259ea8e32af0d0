"""要求转发：上级的监督员要求下级的站点，在期限之前转发一条公开的信息。

国务院、省、州的重要政策信息，下级政府网站须在规定时限内转载（国办发〔2017〕47号）。要求写明期限，
在下级的“今天要办”里；怎样转发、放在哪些栏目，由那个站点自己定。
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.foundation.notify.audiences import Recipient, held_now
from yangguang.foundation.notify.rules import WAITING
from yangguang.foundation.notify.telling import Notice, settle_told, tell
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import may_order_site
from yangguang.hub.columns.rules import EDITORS

from .models import Publication, ShareOrder
from .selectors import locked

SUBJECT = "publications.shareorder"


@transaction.atomic
def order_share(
    publication: Publication, sites: Sequence[Site], *, due_on: date, note: str, actor: Actor
) -> list[ShareOrder]:
    """要求 ``sites`` 转发，返回各站点的要求。

    已经要求过的，期限、要求换成现在的；一样的什么也不做，所以双击只做一次。不管那个站点的人抛出
    ``OutOfScope``；要求不成立时抛出 ``Refused``，带上全部理由。
    """
    if not all(may_order_site(actor, site) for site in sites):
        raise OutOfScope
    publication = locked(publication)
    reasons = [] if sites else ["请选定要求哪些站点转发。"]
    if due_on < timezone.localdate():
        reasons.append("期限已经过了，请另定。")
    if publication.state != Publication.State.PUBLISHED:
        reasons.append("这条信息已经撤回，不能要求转发。")
    sharing = set(publication.shares.filter(ended_at=None).values_list("site", flat=True))
    for site in sites:
        if site.pk == publication.site_id:
            reasons.append(f"这条信息的原件就在{site}，不必转发。")
        elif site.pk in sharing:
            reasons.append(f"{site}已经在转发。")
    if reasons:
        raise Refused(reasons)
    return [_order(publication, site, due_on, note.strip(), actor) for site in sites]


@transaction.atomic
def cancel_order(publication: Publication, site: Site, *, actor: Actor) -> None:
    """撤销对一个站点的要求。没有要求、已经撤销的什么也不做；不管那个站点的人抛出 ``OutOfScope``。"""
    if not may_order_site(actor, site):
        raise OutOfScope
    now = timezone.now()
    order = (
        ShareOrder.objects.select_for_update(of=("self",))
        .filter(publication=publication, site=site, cancelled_at=None)
        .first()
    )
    if order is None:
        return
    order.cancelled_at = now
    order.save(update_fields=["cancelled_at"])
    record_event(
        "publications.cancel_share_order", actor=actor, target=publication,
        public={"site": site.code}, at=now,
    )  # fmt: skip
    settle_told(_key(order), now)


def settle_orders(publication: Publication, site: Site) -> None:
    """站点转发了：为这项要求告诉过人的，不必再看。须在转发的事务里。"""
    orders = ShareOrder.objects.filter(publication=publication, site=site, cancelled_at=None)
    for order in orders:
        settle_told(_key(order), timezone.now())


def _order(
    publication: Publication, site: Site, due_on: date, note: str, actor: Actor
) -> ShareOrder:
    now = timezone.now()
    order = ShareOrder.objects.filter(publication=publication, site=site, cancelled_at=None).first()
    if order is not None and (order.due_on, order.note) == (due_on, note):
        return order
    if order is None:
        order = ShareOrder(publication=publication, site=site, ordered_at=now)
    order.organisation_id = actor.organisation_id
    order.ordered_by_id = actor.user_id
    order.due_on, order.note = due_on, note
    order.save()
    record_event(
        "publications.order_share", actor=actor, target=publication, fields=("due_on", "note"),
        public={"site": site.code, "due_on": due_on.isoformat()}, at=now,
    )  # fmt: skip
    _tell(order, publication, site)
    return order


def _tell(order: ShareOrder, publication: Publication, site: Site) -> None:
    """告诉那个站点主办单位的人。"""
    held = held_now().filter(role__in=EDITORS, organisation=site.organisation_id)
    tell(
        [
            Notice(
                Recipient(each.user_id, each.pk), WAITING, SUBJECT, publication.title,
                reverse("workbench:sharing-record", args=[publication.pk]), _key(order),
                f"{order.organisation}要求转发", due_on=order.due_on,
            )
            for each in held
        ]
    )  # fmt: skip


def _key(order: ShareOrder) -> str:
    return f"share-order:{order.pk}:{order.due_on.isoformat()}"
