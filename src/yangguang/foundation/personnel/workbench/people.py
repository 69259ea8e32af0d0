"""人员：邀请、任职、重设登录、停用。"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.http import urlencode

from yangguang.foundation.accounts.models import Role, RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import held_by, not_over
from yangguang.foundation.accounts.services import proved_lately
from yangguang.foundation.accounts.sign_on import provider
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..forms import GrantForm, IdentityForm, InviteForm, MemberForm, ReasonForm
from ..holdings import counts
from ..identities import bind_identity, unbind_identity
from ..models import EntryLink, StaffMember
from ..rules import MANAGERS, PEOPLE, READERS, grant_faults, management_faults
from ..selectors import (
    all_assignments,
    deputyships_of,
    left_members,
    post_of,
    posts_of,
)
from ..services import (
    Issued,
    edit_member,
    end_assignment,
    grant,
    invite,
    reset_access,
    reset_second_step,
)


class PeopleTable(tables.Table):
    """人员列表。"""

    name = tables.Column(
        "姓名",
        accessor="user__display_name",
        linkify=lambda record: reverse("workbench:people-record", args=[record.pk]),
    )
    username = tables.Column("用户名", accessor="user__username", attrs=TIGHT)
    organisation = tables.Column("单位", accessor="organisation__short_name", attrs=TIGHT)
    post = tables.Column("职务", default="")
    last_login = tables.DateTimeColumn(
        verbose_name="上次登录", accessor="user__last_login", format="Y-m-d H:i", attrs=TIGHT,
        default="没有登录过",
    )  # fmt: skip
    state = StateColumn()

    class Meta:
        model = StaffMember
        fields = ("name", "username", "organisation", "post", "last_login", "state")


class PeopleFilters(django_filters.FilterSet):
    """人员列表的筛选。"""

    state = by_state(PEOPLE)
    role = django_filters.ChoiceFilter(
        label="现任角色", choices=Role.choices, method="narrow_role", empty_label="全部"
    )

    class Meta:
        model = StaffMember
        fields = ("state", "role")

    def narrow_role(self, rows: Any, name: str, value: str) -> Any:
        """现在任这个角色的。"""
        today = timezone.localdate()
        serving = RoleAssignment.objects.filter(not_over(today), role=value, valid_from__lte=today)
        return rows.filter(user__in=serving.values("user"))


class PeopleViewSet(RecordViewSet[StaffMember]):
    """人员和任职。"""

    slug = "people"
    section = "管"
    label = "人员和任职"
    model = StaffMember
    table = PeopleTable
    filters = PeopleFilters
    search = ("user__display_name", "user__username", "post", "organisation__short_name")
    create_form = InviteForm
    create_label = "邀请人员"
    create_submit = "邀请"
    edit_form = MemberForm
    is_versioned = False
    record_template = "personnel/person.html"
    elsewhere = frozenset({"accept"})
    empty_text = "没有符合条件的人员。"

    def may_open(self, actor: Actor) -> bool:
        """四种管理员。"""
        return actor.role in READERS

    def facts(self, record: StaffMember, actor: Actor) -> Iterable[tuple[str, Any]]:
        """人员的字段。"""
        user = record.user
        yield "用户名", user.username
        yield "单位", record.organisation
        yield "职务", record.post
        yield (
            "上次登录",
            (
                f"{timezone.localtime(user.last_login):%Y-%m-%d %H:%M}"
                if user.last_login
                else "没有登录过"
            ),
        )
        yield "现在的会话", f"{user.sessions.filter(expire_date__gte=timezone.now()).count()} 个"
        yield "第二步验证", held_by(user).told
        if bound := user.sign_on_identities.first():
            yield "统一身份认证", f"{timezone.localtime(bound.bound_at):%Y-%m-%d %H:%M} 绑定"
        link = user.links.filter(used_at__isnull=True, cancelled_at__isnull=True).first()
        if link is not None:
            yield "一次性链接", _link_told(link)

    def record_context(self, record: StaffMember, actor: Actor) -> dict[str, Any]:
        """任职、代理、手上的事，和能办的几样。"""
        today = timezone.localdate()
        manages = actor.role in MANAGERS and record.state != "left"
        held = [(holding.label, count) for holding, count in counts(record.user)]
        return {
            "assignments": [
                (each, _standing(each, today), self._end_href(record, each, actor, today))
                for each in all_assignments(record.user)
            ],
            "deputyships": deputyships_of(record.user, today),
            "held": held,
            "handover_href": (
                f"{reverse('workbench:handovers-new')}?{urlencode({'member': record.pk})}"
                if held and actor.role in MANAGERS
                else ""
            ),
            "grant_href": (
                reverse("workbench:people-grant", args=[record.pk])
                if manages and record.user_id != actor.user_id
                else ""
            ),
            "access_href": (
                reverse("workbench:people-access", args=[record.pk]) if manages else ""
            ),
            "access_faults": management_faults(actor, posts_of(record.user), record.user_id),
            "second_step_href": (
                reverse("workbench:people-second-step", args=[record.pk])
                if manages and held_by(record.user).kinds
                else ""
            ),
            "sign_on_href": self._sign_on_href(record) if manages else "",
            "sign_on_label": ("解除统一身份认证" if _is_bound(record) else "绑定统一身份认证"),
            "access_label": "重发邀请" if record.state == "invited" else "重设登录",
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """停用了的人手上还有没有交接的事。人多也只看最近停用的几个。"""
        if actor.role not in MANAGERS:
            return
        for member in left_members(actor).order_by("-updated_at")[:RECENTLY_LEFT]:
            held = [each for each in counts(member.user) if each[0].is_work]
            if held:
                told = "、".join(f"{holding.label} {count} 件" for holding, count in held)
                yield Todo(
                    title=f"{member}手上的事还没有交接",
                    href=self.record_href(member.pk),
                    step=member.state_label,
                    verb="交接",
                    why=told,
                )

    def extra_routes(self) -> Sequence[URLPattern]:
        """任职的授予和结束，登录的重设。"""
        return (
            self.route("<int:pk>/grant/", self.grant_view, "grant"),
            self.route("<int:pk>/assignments/<int:assignment>/end/", self.end_view, "end"),
            self.route("<int:pk>/access/", self.access_view, "access"),
            self.route("<int:pk>/second-step/", self.second_step_view, "second-step"),
            self.route("<int:pk>/sign-on/", self.bind_view, "sign-on"),
            self.route("<int:pk>/sign-on/remove/", self.unbind_view, "sign-on-remove"),
        )

    # ---- 邀请与重设：链接只显示一次 ----

    def create_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """邀请。发出之后当场显示链接：只这一次，不存、不进会话，刷新就没有了。"""
        if not self.may_create(actor):
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            issued = invite(
                values["username"], values["display_name"], values["post"], form.wanted(),
                actor=actor, key=form.idempotency_key,
            )  # fmt: skip
            return self._shown_once(request, actor, issued)

        context = {"heading": self.create_label, "submit_label": self.create_submit, "record": None}
        blank = partial(InviteForm, actor=actor)
        return self.fill(request, actor, blank, attempt, self.create_template, context)

    def access_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """重发邀请，或者重设登录。"""
        record = self._managed(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            issued = reset_access(
                record, actor=actor, key=form.idempotency_key, message=form.cleaned_data["message"]
            )
            return self._shown_once(request, actor, issued)

        label = "重发邀请" if record.state == "invited" else "重设登录"
        context = {"heading": f"{label}：{record}", "submit_label": label, "record": record}
        blank = partial(ReasonForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "personnel/access.html", context)

    def second_step_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """重设第二步验证。"""
        record = self._managed(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            ended = reset_second_step(
                record, actor=actor, key=form.idempotency_key, message=form.cleaned_data["message"]
            )
            messages.success(
                request, f"已重设，结束了 {ended} 个会话。请他登录，重新设第二步验证。"
            )
            return redirect(self.record_href(pk))

        context = {
            "heading": f"重设第二步验证：{record}", "submit_label": "重设", "record": record,
        }  # fmt: skip
        blank = partial(ReasonForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "personnel/second_step.html", context)

    # ---- 统一身份认证 ----

    def bind_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """替他绑定。要刚刚证明过是本人：这是给别人的账号多开一道门。"""
        record, found = self._managed(actor, pk), provider()
        if found is None:
            messages.warning(request, "没有接统一身份认证，不能绑定。")
            return redirect(self.record_href(pk))

        def attempt(form: Any) -> HttpResponse:
            _require_proof(request)
            values = form.cleaned_data
            bind_identity(
                record, found.issuer, values["subject"], actor=actor, key=form.idempotency_key,
                message=values["message"],
            )  # fmt: skip
            messages.success(request, f"绑好了，{record.user.display_name}会收到消息。")
            return redirect(self.record_href(pk))

        context = {
            "heading": f"绑定{found.name}：{record}", "submit_label": "绑定", "record": record,
            "provider": found,
        }  # fmt: skip
        blank = partial(IdentityForm, actor=actor)
        return self._proved(request) or self.fill(
            request, actor, blank, attempt, "personnel/bind.html", context
        )

    def unbind_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """替他解除。没有接提供者的也解除得了：从前绑的不该一直留着。"""
        record = self._managed(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            _require_proof(request)
            ended = unbind_identity(
                record, actor=actor, key=form.idempotency_key, message=form.cleaned_data["message"]
            )
            messages.success(request, f"解除了，结束了 {ended} 个用它登录的会话。")
            if not record.user.has_usable_password():
                messages.warning(request, "他没有口令，现在登录不了。请再“重设登录”。")
            return redirect(self.record_href(pk))

        context = {
            "heading": f"解除统一身份认证：{record}", "submit_label": "解除", "record": record,
        }  # fmt: skip
        blank = partial(ReasonForm, actor=actor)
        return self._proved(request) or self.fill(
            request, actor, blank, attempt, "personnel/unbind.html", context
        )

    def _proved(self, request: HttpRequest) -> HttpResponse | None:
        """打开表单之前：上次证明是本人隔得久了的，先去再验证。填好了才过时的，提交时说，不丢填的。"""
        if request.method != "GET" or _has_proof(request):
            return None
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('accounts:second-step')}?{query}")

    def _sign_on_href(self, record: StaffMember) -> str:
        if _is_bound(record):
            return reverse("workbench:people-sign-on-remove", args=[record.pk])
        return reverse("workbench:people-sign-on", args=[record.pk]) if provider() else ""

    def _shown_once(self, request: HttpRequest, actor: Actor, issued: Issued) -> HttpResponse:
        if not issued.token:
            messages.warning(
                request, "链接已经发出，只显示一次。没有记下的，请重发一条，原来的随即作废。"
            )
            return redirect(self.record_href(issued.member.pk))
        path = reverse("personnel:join", args=[issued.token])
        context = self._context(actor) | {
            "record": issued.member,
            "record_href": self.record_href(issued.member.pk),
            "link": request.build_absolute_uri(path),
            "entry": issued.member.user.links.latest("pk"),
        }
        return render(request, "personnel/link.html", context)

    # ---- 修改与任职 ----

    def initial(self, record: StaffMember) -> dict[str, Any]:
        """现在的值。"""
        return {
            "display_name": record.user.display_name,
            "organisation": record.organisation_id,
            "post": record.post,
        }

    def edit(self, record: StaffMember, form: Any, actor: Actor) -> None:
        """改姓名、单位、职务。"""
        values = form.cleaned_data
        edit_member(
            record,
            display_name=values["display_name"],
            organisation=values["organisation"],
            post=values["post"],
            actor=actor,
        )

    def edit_refusal(self, record: StaffMember, actor: Actor) -> str:
        """现在为什么不能改。"""
        return "自己的姓名、单位由别的管理员改。"

    def grant_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """授予任职。"""
        record = self._managed(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            grant(record, form.wanted(), actor=actor, key=form.idempotency_key)
            messages.success(request, "已授予。")
            return redirect(self.record_href(pk))

        context = {"heading": f"授予任职：{record}", "submit_label": "授予", "record": record}
        blank = partial(GrantForm, actor=actor, initial={"organisation": record.organisation_id})
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def end_view(
        self, request: HttpRequest, actor: Actor, pk: int, assignment: int
    ) -> HttpResponse:
        """结束任职。"""
        record = self._managed(actor, pk)
        ending = get_object_or_404(all_assignments(record.user), pk=assignment)

        def attempt(form: Any) -> HttpResponse:
            warning = end_assignment(
                record, ending, actor=actor, key=form.idempotency_key,
                message=form.cleaned_data["message"],
            )  # fmt: skip
            messages.success(request, "已结束，当即失效。")
            if warning:
                messages.warning(request, warning)
            return redirect(self.record_href(pk))

        context = {
            "heading": f"结束任职：{post_of(ending).label}",
            "submit_label": "结束任职",
            "record": record,
        }
        blank = partial(ReasonForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def _managed(self, actor: Actor, pk: int) -> StaffMember:
        if actor.role not in MANAGERS:
            raise Http404
        return self.get(actor, pk)

    def _end_href(
        self, record: StaffMember, assignment: RoleAssignment, actor: Actor, today: date
    ) -> str:
        over = assignment.ended_at or (assignment.valid_until and assignment.valid_until < today)
        if over or actor.role not in MANAGERS:
            return ""
        if grant_faults(actor, post_of(assignment), record.user_id):
            return ""
        return reverse("workbench:people-end", args=[record.pk, assignment.pk])


RECENTLY_LEFT = 20


def _is_bound(record: StaffMember) -> bool:
    return record.user.sign_on_identities.exists()


def _has_proof(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and proved_lately(request, user)


def _require_proof(request: HttpRequest) -> None:
    if not _has_proof(request):
        raise Refused([
            "隔得久了，还没有办。请另开一页打开这张表，那里会请您再验证一次是本人；验证好了回到这里提交，填的都还在。"
        ])  # fmt: skip


def _standing(assignment: RoleAssignment, today: date) -> str:
    if assignment.ended_at:
        return f"{timezone.localtime(assignment.ended_at):%Y-%m-%d %H:%M} 结束"
    if assignment.valid_until and assignment.valid_until < today:
        return "已到期"
    return "现任" if assignment.valid_from <= today else "还没有到起日"


def _link_told(link: EntryLink) -> str:
    until = f"{timezone.localtime(link.expires_at):%Y-%m-%d %H:%M}"
    return f"{link.get_purpose_display()}，{'过了期限' if link.fault else f'{until} 之前有效'}"
