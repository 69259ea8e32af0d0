"""三员的任免：由任命文件确定，运维人员在服务器上用命令落实。工作台里没有这条路。"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from yangguang.foundation.accounts.models import Role, RoleAssignment, User
from yangguang.foundation.accounts.rules import ADMINISTRATORS, separation_faults
from yangguang.foundation.accounts.second_steps import forget_second_steps
from yangguang.foundation.accounts.selectors import actor_of, not_over
from yangguang.foundation.accounts.sign_on import unbind
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Refused, start
from yangguang.foundation.organisations.models import Organisation

from .leaving import end_all
from .models import EntryLink, StaffMember
from .rules import username_fault
from .selectors import held_of, live_assignments
from .services import Issued, Wanted, assign, issue_link, open_account


@transaction.atomic
def appoint(
    username: str, display_name: str, role: str, organisation: Organisation, *, document: str
) -> Issued:
    """任命一个三员。没有账号的建一个；还不能登录的发一条一次性链接。

    ``document`` 是任命文件。不是三员的角色、违反三员分立的抛出 ``Refused``，带上全部理由。
    """
    user = User.objects.filter(username=username).first()
    wanted = Wanted(role, organisation, True, timezone.localdate(), None)
    reasons = []
    if role not in ADMINISTRATORS:
        reasons.append("这条命令只任免三员；别的角色在工作台“人员和任职”里授予。")
    if not document.strip():
        reasons.append("请写明任命文件。")
    if user is None:
        if fault := username_fault(username):
            reasons.append(fault)
        if not display_name.strip():
            reasons.append("没有这个账号，请写明姓名，新建一个。")
    else:
        held = list(live_assignments(user))
        reasons += separation_faults(wanted.held, map(held_of, held))
        if any(each.role == role and each.organisation_id == organisation.pk for each in held):
            reasons.append(f"{user.display_name}已经任{wanted.post.label}。")
    if reasons:
        raise Refused(reasons)
    if user is None:
        user = open_account(username, display_name)
    made = assign(user, wanted, actor=None, note=document)
    member = _member(user, organisation, made)
    if member.state == "left":
        raise Refused(["这个账号停用着，请先在工作台恢复。"])
    token = ""
    if member.state == "invited":
        token = issue_link(member, EntryLink.Purpose.INVITE, actor=None)
    return Issued(member, token)


@transaction.atomic
def restore(username: str, role: str, *, document: str) -> Issued:
    """三员的口令忘了、手机丢了：口令、第二步验证作废，会话当场结束，另发链接。没有任着的抛出 ``Refused``。"""
    serving = RoleAssignment.objects.filter(
        not_over(timezone.localdate()), user__username=username, role=role, user__is_active=True
    )
    assignment = serving.select_related("user", "organisation").first()
    if assignment is None:
        raise Refused([f"{username}现在没有任{Role(role).label}，或者还没有启用。"])
    if not document.strip():
        raise Refused(["请写明核实本人的凭据。"])
    user = assignment.user
    user.set_unusable_password()
    user.save(update_fields=["password"])
    unbind(user, actor=None)
    forget_second_steps(user, actor=None, note=document)
    member = _member(user, assignment.organisation, assignment)
    return Issued(member, issue_link(member, EntryLink.Purpose.RESET, actor=None))


@transaction.atomic
def dismiss(username: str, role: str, *, document: str) -> int:
    """免去一个三员，当即失效，返回结束了几个任职。没有任着的抛出 ``Refused``。"""
    serving = RoleAssignment.objects.filter(
        not_over(timezone.localdate()), user__username=username, role=role
    )
    if role not in ADMINISTRATORS:
        raise Refused(["这条命令只任免三员；别的角色在工作台“人员和任职”里结束。"])
    found = list(serving.select_related("user", "organisation"))
    if not found:
        raise Refused([f"{username}现在没有任{Role(role).label}。"])
    if not document.strip():
        raise Refused(["请写明免职文件。"])
    end_all(Q(pk__in=[each.pk for each in found]), at=timezone.now())
    for each in found:
        record_event(
            "accounts.end_assignment",
            actor=None,
            target=each,
            public={"role": role, "organisation": each.organisation.code},
            note=document,
        )
    return len(found)


def _member(user: User, organisation: Organisation, made: RoleAssignment) -> StaffMember:
    member = StaffMember.objects.filter(user=user).first()
    if member is None:
        member = StaffMember(user=user, organisation=organisation)
        start(member, actor=actor_of(made), key=f"people.appoint:{user.pk}")
    return member
