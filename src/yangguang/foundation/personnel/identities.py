"""管理员替人绑定、解除统一身份认证。本人自己绑的在 ``accounts.sign_on_views``。

绑定就是给这个账号多开一道门，所以照重设登录的规矩：管得了他的才行，写明凭什么认定，告诉本人。
"""

from django.db import transaction
from django.urls import reverse

from yangguang.foundation.accounts.models import Session, SignOnIdentity
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.services import end_sessions
from yangguang.foundation.accounts.sign_on import METHOD, Clash, bind, unbind
from yangguang.foundation.lifecycle.services import Refused, note
from yangguang.foundation.notify.audiences import Recipient
from yangguang.foundation.notify.rules import ACCOUNT
from yangguang.foundation.notify.telling import Notice, tell
from yangguang.foundation.oidc.claims import subject_fault

from .models import StaffMember
from .notices import ACCOUNTS
from .rules import management_faults
from .selectors import posts_of
from .services import locked_member


@transaction.atomic
def bind_identity(
    member: StaffMember, issuer: str, subject: str, *, actor: Actor, key: str, message: str
) -> None:
    """把 ``issuer`` 那一家的 ``subject`` 绑定到这个人的账号，告诉本人。同一 ``key`` 只绑一次。

    管不了这个人、停用着、没有写明凭什么认定、已经绑了别的，抛出 ``Refused``，带上全部理由。
    """
    current = locked_member(member, actor)
    subject = subject.strip()
    label = "绑定统一身份认证"
    if not note(current, "bind_sign_on", label, actor=actor, key=key, message=message):
        return
    reasons = management_faults(actor, posts_of(current.user), current.user_id)
    if current.state == "left":
        reasons.append("账号停用着。请先恢复，再绑定。")
    if not message.strip():
        reasons.append("请写明凭什么认定那边的身份就是他。")
    if fault := subject_fault(subject):
        reasons.append(fault)
    if reasons:
        raise Refused(reasons)
    if clash := bind(current.user, issuer, subject, actor=actor, note=message):
        raise Refused([_told(clash, issuer, subject, actor)])
    _tell(current, "管理员给您的账号绑定了统一身份认证", message, actor, key)


@transaction.atomic
def unbind_identity(member: StaffMember, *, actor: Actor, key: str, message: str) -> int:
    """解除绑定，用它登录的会话当场结束，告诉本人。返回结束了几个会话。

    管不了这个人、没有写明缘由、本来就没有绑定，抛出 ``Refused``，带上全部理由。
    """
    current = locked_member(member, actor)
    label = "解除统一身份认证"
    if not note(current, "unbind_sign_on", label, actor=actor, key=key, message=message):
        return 0
    reasons = management_faults(actor, posts_of(current.user), current.user_id)
    if not message.strip():
        reasons.append("请写明为什么解除。")
    if reasons:
        raise Refused(reasons)
    if not unbind(current.user, actor=actor, note=message):
        raise Refused(["他没有绑定统一身份认证，不用解除。"])
    ended = end_sessions(Session.objects.filter(user=current.user, method__startswith=METHOD))
    _tell(current, "管理员解除了您的账号绑定的统一身份认证", message, actor, key)
    return ended


def _told(clash: Clash, issuer: str, subject: str, actor: Actor) -> str:
    if clash is Clash.ACCOUNT:
        return "他的账号已经绑定了一个身份。要换的，先解除原来的。"
    holder = SignOnIdentity.objects.filter(issuer=issuer, subject=subject).first()
    seen = holder and StaffMember.policy.visible(actor).filter(user=holder.user_id).first()
    if not seen:
        return (
            "这个身份已经绑定了您管理范围之外的一个账号。请核对编号有没有抄错；没有错的，"
            "请安全管理员查。"
        )
    return (
        f"这个身份已经绑定了{seen}的账号。请核对编号有没有抄错；"
        "确实是他的，先到那个人的记录页解除。"
    )


def _tell(member: StaffMember, title: str, message: str, actor: Actor, key: str) -> None:
    why = f"{actor.signature}：“{message.strip()}”不知道这件事的，请马上告诉本单位的管理员。"
    account = reverse("accounts:account")
    tell([
        Notice(
            Recipient(member.user_id), ACCOUNT, ACCOUNTS, title, account, f"identity:{key}", why
        )
    ])  # fmt: skip
