"""办理以前先验：看得见、身份对、还在办理。"""

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import OutOfScope, Refused

from .models import DisclosureRequest
from .states import HANDLED, OFFICER


def require_seen(request: DisclosureRequest, actor: Actor, roles: frozenset[str]) -> None:
    """看得见、身份也对的才能办。"""
    if actor.role not in roles or not request.policy.visible(actor).filter(pk=request.pk).exists():
        raise OutOfScope


def require_handled(request: DisclosureRequest, actor: Actor) -> DisclosureRequest:
    """锁住一件正在办理的申请；不在办理的抛出 ``Refused``。"""
    require_seen(request, actor, OFFICER)
    rows = DisclosureRequest.objects.select_for_update(of=("self",)).select_related("organisation")
    current = rows.get(pk=request.pk)
    if current.state not in HANDLED:
        raise Refused([f"“{current.state_label}”的申请不能再办这一步。"])
    return current
