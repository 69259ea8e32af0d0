"""遮盖件的读取。"""

from django.db.models import QuerySet

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.selectors import kept_by, of_others

from .models import Redaction
from .rules import CHECKERS


def waiting_for(actor: Actor) -> QuerySet[Redaction]:
    """此人现在要办的：核对的人等着核对的（自己起草、制作的除外），经办人自己没有做完的。一次查询。"""
    own = Redaction.policy.visible(actor).filter(organisation=actor.organisation_id)
    if actor.role in CHECKERS:
        others = own.filter(of_others(actor), state="done")
        return others.exclude(made_by__in=actor.persons).order_by("pk")
    return kept_by(own.filter(state="draft"), actor.user_id).order_by("pk")


def redactions_of(request: DisclosureRequest) -> QuerySet[Redaction]:
    """一件申请的遮盖件，先建的在前。一次查询。"""
    return Redaction.objects.filter(request=request).order_by("pk")


def checked_of(request: DisclosureRequest) -> QuerySet[Redaction]:
    """一件申请的、核对过可以给申请人的遮盖件，连同做成的一份。一次查询。"""
    return redactions_of(request).filter(state="checked").select_related("output")
