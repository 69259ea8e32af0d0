"""方案的表单：收方案、指明单位、拆并、核定期限、补充单位、结项。"""

from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import existing
from yangguang.foundation.workbench.fields import UnitsField, date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm
from yangguang.foundation.workbench.intake import IntakeForm
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.naming import NotFound, named_publication

from .following import open_shares
from .models import ActionPlan, Deliverable, Role, UnitGroup
from .recutting import Piece
from .selectors import waiting_groups

PIECES = 4
"""拆分的表单上摆几项；要拆得更细的，拆完再拆。"""


def units_below(organisation: Organisation) -> Any:
    """监督的机构所在政府的各单位：按树的次序，只列现在存在的。"""
    steps = Organisation.steplen
    root = organisation.path if organisation.kind == "government" else organisation.path[:-steps]
    return existing().filter(path__startswith=root or organisation.path)


class PlanIntakeForm(IntakeForm):
    """收一份工作方案。先读出来看，核对无误再收下。"""

    noun = "方案"
    file_help = "txt、docx 或 pdf。读出的任务下一步核对，核对之后才收下。"

    title = forms.CharField(
        label="题名", required=False, max_length=200, help_text="不填就用读出的。"
    )
    document_number = forms.CharField(
        label="文号", required=False, max_length=60, help_text="不填就用读出的。"
    )
    issued_on = forms.DateField(
        label="成文日期",
        required=False,
        widget=date_input(),
        help_text="不填就用读出的。",
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="监督落实的机构", empty_label=None
    )
    source = forms.CharField(
        label="方案原文（已发布的信息）",
        required=False,
        max_length=300,
        help_text="写索引号、公开页面的地址、文号或标题。",
    )
    read = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        mine = existing().filter(pk=self.actor.organisation_id)
        if self.actor.includes_subtree:
            mine = existing().filter(path__startswith=self.actor.organisation_path)
        fields["organisation"].queryset = mine
        fields["organisation"].initial = self.actor.organisation_id

    def clean_source(self) -> Publication | None:
        """方案原文对应的已发布信息。"""
        line = self.cleaned_data["source"].strip()
        if not line:
            return None
        published = Publication.objects.filter(state=Publication.State.PUBLISHED)
        try:
            return named_publication(line, published.select_related("organisation"))
        except NotFound as missing:
            raise ValidationError(missing.reason) from missing

    @property
    def is_looked_over(self) -> bool:
        """这段文字读出的任务，页面上已经给人看过。"""
        return bool(self.cleaned_data["read"] == fingerprint(self.cleaned_data["text"]))


def fingerprint(text: str) -> str:
    """文字的指纹：换行、首尾空白不计，浏览器交回的与交出的一样。"""
    return sha256("\n".join(text.split()).encode()).hexdigest()


class PlanActionForm(KeyedForm):
    """监督员对方案的一处做的决定，写明理由。"""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="记入经过；任务台账已经公开的，公众在变更记录里也看得到。",
    )


class GroupForm(PlanActionForm):
    """指明“有关单位”是哪些单位。"""

    field_order = ("units", "more", "throughout", "reason")
    units = UnitsField(Organisation.objects.none(), label="可供选择的单位", required=False)
    more = UnitsField(Organisation.objects.none(), label="其他单位", required=False)
    throughout = forms.BooleanField(label="方案里同样写法的一并指明", required=False, initial=True)

    def __init__(self, *args: Any, group: UnitGroup, plan: ActionPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["reason"].required = False
        fields["reason"].help_text = "一个单位也不指明的，须写明理由。"
        candidates = group.candidates.order_by("path")
        if group.candidates.exists():
            fields["units"].queryset = candidates
        else:
            del fields["units"]
            fields["more"].label = "单位"
        fields["more"].queryset = units_below(plan.organisation).exclude(pk__in=candidates)

    def chosen(self) -> list[Organisation]:
        """选定的单位。"""
        return [*self.cleaned_data.get("units", ()), *self.cleaned_data["more"]]


class RedateForm(PlanActionForm):
    """核定期限。"""

    field_order = ("due_on", "reason")
    due_on = forms.DateField(
        label="期限", required=False, widget=date_input(), help_text="留空表示没有期限。"
    )


class UnitsForm(PlanActionForm):
    """给分解项补上单位。"""

    field_order = ("role", "units", "reason")
    role = forms.ChoiceField(
        label="身份", choices=Role.choices, widget=forms.RadioSelect, initial=Role.IMPLEMENTING
    )
    units = UnitsField(
        Organisation.objects.none(),
        label="单位",
        required=False,
        help_text="已经有一份的不在其中。",
    )

    def __init__(
        self, *args: Any, deliverable: Deliverable, plan: ActionPlan, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        taken = deliverable.assignments.values("organisation_id")
        fields["units"].queryset = units_below(plan.organisation).exclude(pk__in=taken)


class SplitForm(PlanActionForm):
    """把一个分解项拆成几项。"""

    def __init__(self, *args: Any, deliverable: Deliverable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holders = Organisation.objects.filter(
            pk__in=deliverable.assignments.filter(role=Role.IMPLEMENTING).values("organisation_id")
        ).order_by("path")
        has_units = holders.exists()
        fields: dict[str, Any] = {}
        for number in range(1, PIECES + 1):
            fields[f"text{number}"] = forms.CharField(
                label=f"第 {number} 项的要求",
                required=False,
                max_length=2000,
                initial=deliverable.text if number == 1 else "",
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            fields[f"due{number}"] = forms.DateField(
                label=f"第 {number} 项的期限",
                required=False,
                initial=deliverable.due_on,
                widget=date_input(),
            )
            if has_units:
                fields[f"units{number}"] = UnitsField(
                    holders,
                    label=f"第 {number} 项归哪些单位",
                    required=False,
                    help_text="一个也不选，就归原来的全部单位。牵头单位每项都有。",
                )
        self.fields = {**fields, **self.fields}

    def clean(self) -> dict[str, Any]:
        """填了期限以外的内容却没有写要求的，指出来。"""
        values: dict[str, Any] = super().clean() or {}
        for number in range(1, PIECES + 1):
            if values.get(f"units{number}") and not values.get(f"text{number}", "").strip():
                self.add_error(f"text{number}", "选了单位，还没有写要求。")
        return values

    def pieces(self) -> list[Piece]:
        """写了要求的各项。"""
        values = self.cleaned_data
        return [
            Piece(values[f"text{n}"], values[f"due{n}"], tuple(values.get(f"units{n}", ())))
            for n in range(1, PIECES + 1)
            if values[f"text{n}"].strip()
        ]


class MergeForm(PlanActionForm):
    """把同一任务的几个分解项并成一项。"""

    field_order = ("deliverables", "text", "due_on", "reason")
    deliverables = forms.ModelMultipleChoiceField(
        Deliverable.objects.none(),
        label="合并哪几项",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(label="合并之后的要求", required=False, max_length=2000,
                           widget=forms.Textarea(attrs={"rows": 4}))  # fmt: skip
    due_on = forms.DateField(label="期限", required=False, widget=date_input())

    def __init__(self, *args: Any, task: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["deliverables"].queryset = task.deliverables.filter(retired_at__isnull=True)

    def piece(self) -> Piece:
        """合并成的一项。"""
        due_on: date | None = self.cleaned_data["due_on"]
        return Piece(self.cleaned_data["text"], due_on)


class CloseForm(ActionForm):
    """方案结项：没有收口的，按分解项写明理由，没有指明的单位逐处写明理由。

    一个分解项里各单位理由不同的，先到那一份上单独结项。
    """

    rest = forms.CharField(
        label="其余没有写的，一律写",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="下面可以逐条另写；没有另写的，用这一句。",
    )

    def __init__(self, *args: Any, record: ActionPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open: list[tuple[str, Any]] = []
        for deliverable, shares in open_shares(record):
            name = f"deliverable-{deliverable.pk}"
            units = "、".join(str(share.organisation) for share in shares)
            self.fields[name] = forms.CharField(
                label=f"第{deliverable.task.number}项“{deliverable}”",
                help_text=f"{len(shares)} 个单位没有收口：{units}。",
                required=False,
                max_length=500,
            )
            self.open.append((name, shares))
        self.groups: list[tuple[str, UnitGroup]] = []
        for group in waiting_groups(record):
            name = f"group-{group.pk}"
            self.fields[name] = forms.CharField(
                label=f"{group}没有指明", required=False, max_length=500
            )
            self.groups.append((name, group))
        if not self.open and not self.groups:
            del self.fields["rest"]

    def common_fields(self) -> list[Any]:
        """意见和一律写的那一句。"""
        return [self[name] for name in ("message", "rest") if name in self.fields]

    def open_fields(self) -> list[Any]:
        """没有收口的各条。"""
        return [self[name] for name, _ in (*self.open, *self.groups)]

    def reasons(self) -> dict[int, str]:
        """各份分解任务的理由。"""
        return {
            share.pk: reason
            for name, shares in self.open
            if (reason := self._reason(name))
            for share in shares
        }

    def group_reasons(self) -> dict[int, str]:
        """各处没有指明的单位的理由。"""
        return {group.pk: self._reason(name) for name, group in self.groups}

    def _reason(self, name: str) -> str:
        return str(self.cleaned_data[name].strip() or self.cleaned_data["rest"].strip())
