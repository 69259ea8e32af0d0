"""表单的公共部分：幂等键、看到的是哪一版、动作的意见。"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.lifecycle.rules import Transition

KEY_LENGTH = 60
"""幂等键的上限；服务还要在后面加上自己的一段，合起来不超过 80。"""


def new_key() -> str:
    """一个新的幂等键：随页面发出，双击、重发都只做一次。"""
    return uuid4().hex


class KeyedForm(forms.Form):
    """带幂等键的表单。填错重来时键不变。"""

    # 系统自己的键都带冒号，表单交不出那样的键
    key = forms.CharField(
        widget=forms.HiddenInput,
        max_length=KEY_LENGTH,
        validators=[RegexValidator(r"\A[0-9A-Za-z_-]+\Z", "页面的凭据不对，请刷新后再填。")],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["key"].initial = new_key
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("rows", 3)

    @property
    def idempotency_key(self) -> str:
        """随页面发出的幂等键。"""
        return str(self.cleaned_data["key"])


class RecordForm(KeyedForm):
    """新建或修改一条记录。``record`` 为空是新建。

    修改时带上打开页面那一刻的更新时间：别人先改过的，不悄悄盖掉。
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, record: LivingRecord | None = None, **kwargs: Any) -> None:
        self.record: Any = record
        super().__init__(*args, **kwargs)
        if record is not None:
            self.fields["seen"].initial = record.updated_at.isoformat()

    def clean(self) -> dict[str, Any]:
        """别人在这期间改过的，留住填的内容，请对照后再存。"""
        values: dict[str, Any] = super().clean() or {}
        if self.record is not None:
            seen = parse_datetime(values.get("seen") or "")
            if seen != self.record.updated_at:
                self.add_error(
                    None,
                    "您打开之后有人改过这条记录。您填的都还在下面；请另开一页看看现在的内容，"
                    "对照之后再保存一次。",
                )
                # 已经提醒过，再存一次就以这次为准
                data = QueryDict(mutable=True)
                data.update(self.data)
                data["seen"] = self.record.updated_at.isoformat()
                self.data = data
        return values


class ActionForm(KeyedForm):
    """一个动作：写明意见。转换表要求写明理由的必填。"""

    message = forms.CharField(
        label="意见", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, transition: Transition, **kwargs: Any) -> None:
        self.transition = transition
        super().__init__(*args, **kwargs)
        if transition.needs_message and "message" in self.fields:
            self.fields["message"].required = True
            self.fields["message"].label = "理由"

    @property
    def inputs(self) -> Mapping[str, Any]:
        """意见之外，守卫和后果要看的内容。有这样的内容的表单改写它。"""
        return {}
