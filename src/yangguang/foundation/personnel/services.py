"""人员和任职的动作：邀请、启用、重设登录、授予和结束任职。停用、恢复走 ``lifecycle.services.perform``。"""

import secrets
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from yangguang.foundation.accounts.models import Role, RoleAssignment, Session, User
from yangguang.foundation.accounts.rules import Actor, Held, separation_faults
from yangguang.foundation.accounts.second_steps import forget_second_steps
from yangguang.foundation.accounts.selectors import actor_of, held_by
from yangguang.foundation.accounts.services import end_sessions
from yangguang.foundation.accounts.sign_on import unbind
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, note, perform, start
from yangguang.foundation.organisations.models import Organisation

from .leaving import cancel_links, end_all
from .models import EntryLink, StaffMember
from .rules import Post, grant_faults, management_faults, period_faults, username_fault
from .selectors import (
    find_link,
    held_of,
    last_holders,
    link_digest,
    live_assignments,
    post_label,
    post_of,
    posts_of,
)


@dataclass(frozen=True)
class Wanted:
    """要授予的任职。"""

    role: str
    organisation: Organisation
    includes_subtree: bool
    valid_from: date
    valid_until: date | None

    @property
    def post(self) -> Post:
        """所占的岗位。"""
        organisation, subtree = self.organisation, self.includes_subtree
        label = post_label(organisation, str(Role(self.role).label), subtree)
        return Post(self.role, organisation.pk, organisation.path, subtree, label)

    @property
    def held(self) -> Held:
        """角色和期间。"""
        return Held(self.role, self.valid_from, self.valid_until, self.post.label)


@dataclass(frozen=True)
class Issued:
    """发出的一次性链接；``token`` 只在刚发出时有，同一次提交再来一遍就没有了。"""

    member: StaffMember
    token: str


@transaction.atomic
def invite(
    username: str, display_name: str, post: str, wanted: Wanted, *, actor: Actor, key: str
) -> Issued:
    """邀请一个人：建账号（还不能登录）、授予头一个任职、发一条一次性链接。所在单位就是任职的机构。

    不能邀请时抛出 ``Refused``，带上全部理由。同一 ``key`` 只邀请一次。
    """
    if earlier := _invited_before(key, actor):
        return Issued(earlier, "")
    reasons = _grant_reasons(actor, wanted, None)
    if fault := username_fault(username):
        reasons.append(fault)
    elif User.objects.filter(username=username).exists():
        reasons.append(f"用户名“{username}”已经有人用了，请换一个。")
    if not display_name.strip():
        reasons.append("请写姓名。")
    if reasons:
        raise Refused(reasons)
    user = open_account(username, display_name)
    member = StaffMember(user=user, organisation=wanted.organisation, post=post.strip())
    start(member, actor=actor, key=key)
    assign(member.user, wanted, actor=actor)
    return Issued(member, issue_link(member, EntryLink.Purpose.INVITE, actor=actor))


def open_account(username: str, display_name: str) -> User:
    """新建一个账号，还不能登录；用户名行不行由调用者先问过。在调用者的事务里。"""
    user = User.objects.create_user(username, display_name.strip())
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


def _invited_before(key: str, actor: Actor) -> StaffMember | None:
    done = TransitionRecord.objects.filter(
        idempotency_key=key,
        event="create",
        user=actor.user_id,
        content_type=ContentType.objects.get_for_model(StaffMember),
    ).first()
    return StaffMember.objects.get(pk=done.object_id) if done else None


@transaction.atomic
def reset_access(member: StaffMember, *, actor: Actor, key: str, message: str) -> Issued:
    """重设登录：口令、统一身份认证的绑定作废，所有会话当场结束，另发一条链接由本人重设。

    邀请过而没有启用的，作废旧的链接，重发一条。管不了这个人、停用着的抛出 ``Refused``。
    """
    current = locked_member(member, actor)
    invited = current.state == "invited"
    label = "重发邀请" if invited else "重设登录"
    if not note(current, "reset_access", label, actor=actor, key=key, message=message):
        return Issued(current, "")
    if reasons := management_faults(actor, posts_of(current.user), current.user_id):
        raise Refused(reasons)
    if current.state == "left":
        raise Refused(["账号停用着。请先恢复，再发链接。"])
    if not invited:
        current.user.set_unusable_password()
        current.user.save(update_fields=["password"])
        unbind(current.user, actor=actor)
        end_sessions(Session.objects.filter(user=current.user))
    purpose = EntryLink.Purpose.INVITE if invited else EntryLink.Purpose.RESET
    return Issued(current, issue_link(current, purpose, actor=actor))


@transaction.atomic
def reset_second_step(member: StaffMember, *, actor: Actor, key: str, message: str) -> int:
    """重设第二步验证：手机、备用码都没有了的，全部去掉，会话当场结束，下次登录重新设。返回结束了几个会话。

    管不了这个人、没有写明怎样核实的、本来就没有设的抛出 ``Refused``。口令不动：知道口令的还是本人。
    """
    current = locked_member(member, actor)
    label = "重设第二步验证"
    if not note(current, "reset_second_step", label, actor=actor, key=key, message=message):
        return 0
    if reasons := management_faults(actor, posts_of(current.user), current.user_id):
        raise Refused(reasons)
    if not message.strip():
        raise Refused(["请写明怎样核实是本人的。"])
    if not held_by(current.user).kinds:
        raise Refused(["他没有设第二步验证，不用重设。"])
    return forget_second_steps(current.user, actor=actor, note=message)


@transaction.atomic
def accept(token: str, password: str) -> User:
    """凭一次性链接设口令。链接不能用的抛出 ``Refused``。

    被邀请的人由此启用账号；用过的链接当即失效，两个人同时来也只有一个成。
    """
    link = find_link(token)
    if link is None or link.fault:
        raise Refused([link.fault if link else "没有这条链接，请检查是不是抄漏了。"])
    now = timezone.now()
    taken = EntryLink.objects.filter(pk=link.pk, used_at__isnull=True, cancelled_at__isnull=True)
    if not taken.update(used_at=now):
        raise Refused(["这条链接刚刚用过。"])
    user = link.user
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(Session.objects.filter(user=user))
    own = actor_of(user.assignments.select_related("organisation", "user").latest("pk"))
    record_event("accounts.set_password", actor=own, target=user, public={"by": link.purpose})
    if user.staff.state == "invited":
        perform(user.staff, "accept", actor=own, key=f"people.accept:{link.pk}")
    user.refresh_from_db()
    return user


@transaction.atomic
def edit_member(
    member: StaffMember,
    *,
    display_name: str,
    organisation: Organisation,
    post: str,
    actor: Actor,
) -> None:
    """改姓名、所在单位、职务。单位不在管理范围内的抛出 ``Refused``。任职不随单位变，另行授予、结束。"""
    current = locked_member(member, actor)
    if not StaffMember.policy.may_edit(actor, current):
        raise OutOfScope
    if not actor.covers(organisation.pk, organisation.path):
        raise Refused([f"{organisation.short_name}不在您管理的机构范围内。"])
    wanted = {
        "display_name": (current.user, display_name.strip()),
        "organisation": (current, organisation),
        "post": (current, post.strip()),
    }
    changed = [name for name, (of, value) in wanted.items() if getattr(of, name) != value]
    if not changed:
        return
    for name in changed:
        of, value = wanted[name]
        setattr(of, name, value)
    current.user.save(update_fields=["display_name"])
    current.save(update_fields=["organisation", "post", "updated_at"])
    record_event("people.edit", actor=actor, target=current, fields=changed)


@transaction.atomic
def grant(member: StaffMember, wanted: Wanted, *, actor: Actor, key: str) -> None:
    """授予一个任职。不能授予时抛出 ``Refused``，带上全部理由。同一 ``key`` 只授予一次。"""
    current = locked_member(member, actor)
    message = f"{wanted.post.label}，自 {wanted.valid_from.isoformat()} 起" + (
        f"至 {wanted.valid_until.isoformat()}" if wanted.valid_until else ""
    )
    if not note(current, "grant", "授予任职", actor=actor, key=key, message=message):
        return
    if reasons := _grant_reasons(actor, wanted, current.user):
        raise Refused(reasons)
    if current.state == "left":
        raise Refused(["账号停用着。请先恢复，再授予任职。"])
    assign(current.user, wanted, actor=actor)


@transaction.atomic
def end_assignment(
    member: StaffMember, assignment: RoleAssignment, *, actor: Actor, key: str, message: str
) -> str:
    """结束一个任职，当即失效，连同代它的。返回要提醒的话：本机构从此没有这个角色的人了。

    收不回的抛出 ``Refused``；已经失效的也是。
    """
    current = locked_member(member, actor)
    if assignment.user_id != current.user_id:
        raise OutOfScope
    post, today = post_of(assignment), timezone.localdate()
    if not note(
        current, "end_assignment", "结束任职", actor=actor, key=key,
        message=f"{post.label}：{message}",
    ):  # fmt: skip
        return ""
    if reasons := grant_faults(actor, post, current.user_id):
        raise Refused(reasons)
    if not message.strip():
        raise Refused(["结束任职须写明缘由。"])
    if assignment.ended_at or (assignment.valid_until and assignment.valid_until < today):
        raise Refused(["这个任职已经失效，不用再结束。"])
    end_all(Q(pk=assignment.pk), at=timezone.now())
    record_event(
        "accounts.end_assignment",
        actor=actor,
        target=assignment,
        public={"role": assignment.role, "organisation": assignment.organisation.code},
        note=message,
    )
    left = last_holders(assignment, today)
    return "" if left else f"{post.label}现在没有别人了，要办的事会停下，请尽快授予别人。"


def locked_member(member: StaffMember, actor: Actor) -> StaffMember:
    """锁住这个人，取出最新的；不在范围内的抛出 ``OutOfScope``。在调用者的事务里。"""
    if not StaffMember.policy.visible(actor).filter(pk=member.pk).exists():
        raise OutOfScope
    locked = StaffMember.objects.select_for_update(of=("self",)).select_related("user")
    return locked.get(pk=member.pk)


def _grant_reasons(actor: Actor, wanted: Wanted, user: User | None) -> list[str]:
    held = list(live_assignments(user)) if user else []
    reasons = grant_faults(actor, wanted.post, user.pk if user else None)
    reasons += period_faults(wanted.valid_from, wanted.valid_until, timezone.localdate())
    reasons += separation_faults(wanted.held, map(held_of, held))
    if user and any(
        each.role == wanted.role
        and each.organisation_id == wanted.organisation.pk
        and each.on_behalf_of_id is None
        for each in held
    ):
        reasons.append(f"他已经任{wanted.post.label}。要改起止日期的，先结束原来的。")
    return reasons


def assign(user: User, wanted: Wanted, *, actor: Actor | None, note: str = "") -> RoleAssignment:
    """写下一个任职并入审计；该不该授予由调用者先问过。在调用者的事务里。"""
    try:
        with transaction.atomic():
            made = RoleAssignment.objects.create(
                user=user,
                organisation=wanted.organisation,
                role=wanted.role,
                valid_from=wanted.valid_from,
                valid_until=wanted.valid_until,
                includes_subtree=wanted.includes_subtree,
            )
    except IntegrityError:
        # 另一个管理员同时授予了别的：数据库按先到的算
        raise Refused(["别的管理员刚刚给他授予了任职，与这一项冲突。请刷新后看看。"]) from None
    record_event(
        "accounts.assign",
        actor=actor,
        target=made,
        public={
            "role": wanted.role,
            "organisation": wanted.organisation.code,
            "includes_subtree": wanted.includes_subtree,
            "valid_from": wanted.valid_from,
            "valid_until": wanted.valid_until,
        },
        note=note,
    )
    return made


def issue_link(member: StaffMember, purpose: str, *, actor: Actor | None) -> str:
    """发一条一次性链接，返回密文；原来没有用过的随即作废。在调用者的事务里。"""
    now = timezone.now()
    cancel_links(member.user, at=now)
    token = secrets.token_urlsafe(32)
    link = EntryLink.objects.create(
        user=member.user,
        purpose=purpose,
        digest=link_digest(token),
        issued_at=now,
        expires_at=now + settings.ENTRY_LINK_LIFE,
    )
    record_event(
        "accounts.issue_link",
        actor=actor,
        target=member.user,
        public={"purpose": purpose, "expires_at": link.expires_at},
    )
    return token
