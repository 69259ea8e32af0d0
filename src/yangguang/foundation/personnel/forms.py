"""人员和任职的表单。"""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from yangguang.foundation.accounts.models import Role, RoleAssignment, User
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm

from .holdings import counts
from .models import StaffMember
from .rules import GRANTS
from .selectors import colleagues, live_assignments, manageable_organisations
from .services import Wanted


class PersonChoice(forms.ModelChoiceField):
    """选一个人：姓名和用户名，同名的分得开。"""

    def label_from_instance(self, obj: Any) -> str:
        """姓名（用户名）。"""
        return f"{obj.display_name}（{obj.username}）"


class AssignmentChoice(forms.ModelChoiceField):
    """选一个任职。"""

    def label_from_instance(self, obj: Any) -> str:
        """谁，哪个机构，什么角色。"""
        return str(obj)


class PostFields(forms.Form):
    """任职的几项：机构、角色、含不含下级、起止。"""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label="机构")
    role = forms.ChoiceField(label="角色")
    includes_subtree = forms.BooleanField(
        label="权限及于下级机构", required=False, help_text="监督员、机构管理员一类才需要。"
    )
    valid_from = forms.DateField(label="起", widget=date_input())
    valid_until = forms.DateField(
        label="止", widget=date_input(), required=False, help_text="不填的没有止日。"
    )

    def prepare_post(self, actor: Any) -> None:
        """按此人授得出的列选项。"""
        fields: dict[str, Any] = self.fields
        fields["organisation"].queryset = manageable_organisations(actor)
        granted = GRANTS.get(actor.role, frozenset())
        fields["role"].choices = [
            ("", "请选择"),
            *((value, label) for value, label in Role.choices if value in granted),
        ]
        fields["valid_from"].initial = timezone.localdate()

    def wanted(self) -> Wanted:
        """填的任职。"""
        values = self.cleaned_data
        return Wanted(
            values["role"],
            values["organisation"],
            values["includes_subtree"],
            values["valid_from"],
            values["valid_until"],
        )


class InviteForm(RecordForm, PostFields):
    """邀请一个人，连同他的头一个任职。"""

    display_name = forms.CharField(label="姓名", max_length=60)
    username = forms.CharField(
        label="用户名", max_length=64, help_text="登录用，定了不改，例如 wang.fang。"
    )
    post = forms.CharField(label="职务", max_length=40, required=False)

    field_order = (
        "display_name", "username", "post", "organisation", "role", "includes_subtree",
        "valid_from", "valid_until",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare_post(self.actor)


class GrantForm(KeyedForm, PostFields):
    """授予一个任职。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare_post(self.actor)


class MemberForm(RecordForm):
    """改姓名、所在单位、职务。"""

    display_name = forms.CharField(label="姓名", max_length=60)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="所在单位",
        help_text="他的账号归这个单位的管理员管。任职不随它变，另行授予、结束。",
    )
    post = forms.CharField(label="职务", max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations: Any = self.fields["organisation"]
        organisations.queryset = manageable_organisations(self.actor)


class ReasonForm(KeyedForm):
    """写明缘由。"""

    message = forms.CharField(
        label="缘由", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class IdentityForm(KeyedForm):
    """在统一身份认证那里是谁，凭什么认定。"""

    subject = forms.CharField(
        label="在那里的编号",
        max_length=255,
        help_text="提供者给这个人的固定编号，大小写有别。不是姓名，也不要填身份证号。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    message = forms.CharField(
        label="凭什么认定",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="如：州大数据中心 9 月 3 日来的对应表第 12 行，已打电话与本人核对。他本人看得到。",
    )


class DeputyForm(RecordForm):
    """请谁代、代到哪天。可选的任职是自己的；管理员从别人的记录页进来的，还有那一个。"""

    principal = AssignmentChoice(RoleAssignment.objects.none(), label="代哪一任职")
    deputy = PersonChoice(User.objects.none(), label="代理人", help_text="在那个机构有岗位的人。")
    valid_from = forms.DateField(label="起", widget=date_input())
    valid_until = forms.DateField(label="止", widget=date_input(), help_text="当天也算。")
    reason = forms.CharField(label="事由", max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        principals = self._principals()
        fields["principal"].queryset = principals
        if len(principals) == 1:
            fields["principal"].initial = principals[0].pk
        today = timezone.localdate()
        people = User.objects.none()
        for organisation in {each.organisation_id for each in principals}:
            people = people | colleagues(organisation, today)
        fields["deputy"].queryset = people.distinct().order_by("display_name", "pk")
        fields["valid_from"].initial = today

    def _principals(self) -> Any:
        own = live_assignments(User.objects.get(pk=self.actor.user_id)).values("pk")
        asked = self.data.get("principal") or self.initial.get("principal") or ""
        other = Q(pk=int(asked)) if str(asked).isdecimal() else Q(pk__in=[])
        within = Q(organisation__in=manageable_organisations(self.actor))
        return (
            RoleAssignment.objects.filter(Q(pk__in=own) | (other & within))
            .filter(on_behalf_of__isnull=True, ended_at__isnull=True)
            .select_related("user", "organisation")
            .order_by("pk")
        )


class HandoverForm(RecordForm):
    """把谁手上的哪几种事，交给谁。"""

    leaver = forms.ModelChoiceField(
        StaffMember.objects.none(), label="移交人", widget=forms.HiddenInput
    )
    kinds = forms.MultipleChoiceField(
        label="移交哪几种", widget=forms.CheckboxSelectMultiple, help_text="只列没有办结的。"
    )
    receiver = PersonChoice(User.objects.none(), label="接收人")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["leaver"].queryset = StaffMember.policy.visible(self.actor)
        self.member = self._leaver()
        if self.member is None:
            return
        counted = counts(self.member.user)
        fields["kinds"].choices = [
            (each.code, f"{each.label} {count} 件") for each, count in counted
        ]
        fields["kinds"].initial = [each.code for each, _ in counted]
        people = colleagues(self.member.organisation_id, timezone.localdate())
        fields["receiver"].queryset = people.exclude(pk=self.member.user_id)

    def _leaver(self) -> StaffMember | None:
        asked = str(self.data.get("leaver") or self.initial.get("leaver") or "")
        visible = StaffMember.policy.visible(self.actor)
        return visible.filter(pk=int(asked)).first() if asked.isdecimal() else None
