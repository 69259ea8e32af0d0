"""请假代理的动作。提前结束走 ``lifecycle.services.perform``。"""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Refused, start

from .deputising import Arrangement, deputy_faults, overlap_faults
from .models import Deputyship
from .rules import grant_faults
from .selectors import colleagues, held_of, live_assignments, post_of


@transaction.atomic
def arrange_deputy(
    principal: RoleAssignment,
    deputy: User,
    *,
    valid_from: date,
    valid_until: date,
    reason: str,
    actor: Actor,
    key: str,
) -> Deputyship:
    """安排 ``deputy`` 在期间之内代 ``principal`` 这一任职。本人可以安排，授得出这个岗位的管理员也可以。

    不能安排时抛出 ``Refused``，带上全部理由。同一 ``key`` 只安排一次。
    """
    User.objects.select_for_update().get(pk=principal.user_id)
    if earlier := Deputyship.objects.filter(
        principal=principal, deputy=deputy, created_by=actor.user_id, valid_from=valid_from,
        valid_until=valid_until, state="arranged", acts_as__ended_at__isnull=True,
    ).first():  # fmt: skip
        return earlier
    if reasons := _reasons_against(principal, deputy, valid_from, valid_until, reason, actor):
        raise Refused(reasons)
    try:
        with transaction.atomic():
            acts_as = RoleAssignment.objects.create(
                user=deputy,
                organisation=principal.organisation,
                role=principal.role,
                valid_from=valid_from,
                valid_until=valid_until,
                includes_subtree=principal.includes_subtree,
                on_behalf_of=principal,
            )
    except IntegrityError:
        raise Refused(
            [f"{deputy.display_name}刚刚有了别的任职，与代理冲突。请刷新后看看。"]
        ) from None
    made = Deputyship(
        organisation=principal.organisation,
        principal=principal,
        deputy=deputy,
        acts_as=acts_as,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason.strip(),
    )
    start(made, actor=actor, key=key)
    record_event(
        "accounts.assign",
        actor=actor,
        target=acts_as,
        public={
            "role": acts_as.role,
            "organisation": principal.organisation.code,
            "on_behalf_of": principal.user.username,
            "valid_from": valid_from,
            "valid_until": valid_until,
        },
    )
    return made


def _reasons_against(
    principal: RoleAssignment,
    deputy: User,
    valid_from: date,
    valid_until: date,
    reason: str,
    actor: Actor,
) -> list[str]:
    reasons = []
    if actor.user_id != principal.user_id:
        reasons += grant_faults(actor, post_of(principal), principal.user_id)
    if principal.ended_at is not None or not principal.user.is_active:
        reasons.append("被代的任职已经失效。")
    if not reason.strip():
        reasons.append("请写明事由，例如“年休假”“外出培训”。")
    today = timezone.localdate()
    asked = Arrangement(
        post=held_of(principal),
        post_is_deputed=principal.on_behalf_of_id is not None,
        principal_id=principal.user_id,
        deputy_id=deputy.pk,
        deputy_name=deputy.display_name,
        deputy_held=tuple(map(held_of, live_assignments(deputy))),
        is_colleague=colleagues(principal.organisation_id, today).filter(pk=deputy.pk).exists(),
        valid_from=valid_from,
        valid_until=valid_until,
    )
    arranged = Deputyship.objects.filter(
        principal=principal, state="arranged", acts_as__ended_at__isnull=True
    ).values_list("valid_from", "valid_until")
    return [
        *reasons,
        *deputy_faults(asked, today),
        *overlap_faults(arranged, valid_from, valid_until),
    ]
