"""表单的公共部分：幂等键、看到的是哪一版、动作的意见。"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.validators import RegexValidator
from django.forms.utils import ErrorDict
from django.utils.dateparse import parse_datetime

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.richtext.fields import RichTextField

KEY_LENGTH = 60
"""幂等键的上限；服务还要在后面加上自己的一段，合起来不超过 80。"""


DASHES = "---------"
"""框架给“没有选”的写法：不是话，换掉。"""


def new_key() -> str:
    """一个新的幂等键：随页面发出，双击、重发都只做一次。"""
    return uuid4().hex


class KeyedForm(forms.Form):
    """带幂等键的表单。填错重来时键不变。"""

    never_kept: ClassVar[frozenset[str]] = frozenset()
    """自动存草稿时不许存的各项（个人的证件号一类）。"""

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
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
                field.empty_label = "请选择" if field.required else "不选"

    def take_up(self) -> None:
        """接着填：显示写到一半的，还没有交，先不挑毛病。"""
        self._errors = ErrorDict()

    @property
    def idempotency_key(self) -> str:
        """随页面发出的幂等键。"""
        return str(self.cleaned_data["key"])


class RecordForm(KeyedForm):
    """新建或修改一条记录。``record`` 为空是新建。

    修改时带上打开页面那一刻的更新时间：别人先改过的，保存时两边摆在一起，不悄悄盖掉。
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, record: LivingRecord | None = None, **kwargs: Any) -> None:
        self.record: Any = record
        self.layout: Mapping[str, Any] = {}
        """恢复从前的一版时，那一版里文字写不出来的样子；平常为空，照记录现在的。"""
        super().__init__(*args, **kwargs)
        if record is not None:
            self.fields["seen"].initial = record.updated_at.isoformat()

    def lay_out(self, layout: Mapping[str, Any]) -> None:
        """恢复从前的一版：没有动过的段落照 ``layout`` 里的样子。"""
        self.layout = layout
        for name, blocks in layout.items():
            if isinstance(field := self.fields.get(name), RichTextField):
                field.current = blocks

    def clean(self) -> dict[str, Any]:
        """填好的值。"""
        return super().clean() or {}

    @property
    def seen_at(self) -> datetime | None:
        """打开页面那一刻记录的更新时间；认不出为空。"""
        return parse_datetime(self.cleaned_data.get("seen") or "")


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
