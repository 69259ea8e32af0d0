"""发密钥的表单。"""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.selectors import organisations_within
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.forms import RecordForm

from .models import MOST_PER_MINUTE
from .scopes import all_scopes

USUAL_PER_MINUTE = 600
DAY = {"type": "date"}


class KeyForm(RecordForm):
    """给哪个机构的哪个系统、能做什么、从哪里来、到什么时候。"""

    name = forms.CharField(
        label="系统名称", max_length=40, help_text="哪个单位的什么系统。它办的事记在这个名下。"
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="机构", help_text="交来的公文归它。"
    )
    scopes = forms.MultipleChoiceField(
        label="权限",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="读公开的信息不需要权限；一项也不选的密钥只是读得快些。",
    )
    networks = forms.CharField(
        label="限定来源地址",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个，如 10.1.2.3 或 10.1.0.0/16。不填则从哪里来都行。",
    )
    valid_from = forms.DateField(label="起", widget=forms.DateInput(DAY, "%Y-%m-%d"))
    valid_until = forms.DateField(
        label="止", widget=forms.DateInput(DAY, "%Y-%m-%d"), help_text="最长两年，到期另发。"
    )
    per_minute = forms.IntegerField(
        label="每分钟次数", min_value=1, max_value=MOST_PER_MINUTE, initial=USUAL_PER_MINUTE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["organisation"].queryset = organisations_within(self.actor)
        fields["scopes"].choices = [
            (each.code, f"{each.label}（以{Role(each.role).label}行事）") for each in all_scopes()
        ]
        today = timezone.localdate()
        fields["valid_from"].initial = today
        fields["valid_until"].initial = today + timedelta(days=365)

    def clean_networks(self) -> list[str]:
        """一行一个。"""
        lines = self.cleaned_data["networks"].splitlines()
        return [line.strip() for line in lines if line.strip()]
