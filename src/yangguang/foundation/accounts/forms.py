"""登录、改口令的表单。"""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password

from .models import User
from .rules import PASSWORD_LENGTH

RULE = f"至少 {PASSWORD_LENGTH} 位，含大写字母、小写字母、数字、符号中的至少三类。"


class SignInForm(AuthenticationForm):
    """用户名和口令。不说是哪一个错了。"""

    error_messages = {
        "invalid_login": "用户名或口令不对。口令区分大小写；忘记口令请找本单位的管理员重设。",
        "inactive": "这个账号已停用。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["password"].label = "口令"


def _password(label: str, purpose: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": purpose})
    return forms.CharField(label=label, widget=widget, strip=False, help_text=help_text)


class NewPasswordForm(forms.Form):
    """设口令：输两遍，照口令的规则查。"""

    password = _password("口令", "new-password", RULE)
    again = _password("再输一遍", "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_password(self) -> str:
        """口令合不合规则。"""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """两遍要一样。"""
        values: dict[str, Any] = super().clean() or {}
        if "password" in values and values["password"] != values.get("again"):
            self.add_error("again", "两遍输的不一样。")
        return values


class ChangePasswordForm(NewPasswordForm):
    """改口令：先输现在的。"""

    current = _password("现在的口令", "current-password")
    password = _password("新口令", "new-password", RULE)
    field_order = ("current", "password", "again")

    def clean_current(self) -> str:
        """现在的口令要对。"""
        current = str(self.cleaned_data["current"])
        if not self.user.check_password(current):
            raise forms.ValidationError("现在的口令不对。")
        return current


class CodeForm(forms.Form):
    """第二步：动态码，或者一个备用码。"""

    code = forms.CharField(
        label="动态码",
        max_length=40,
        help_text="动态码应用里现在的六位数字。手机不在身边的，填一个备用码。",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def __init__(self, *args: Any, with_totp: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if not with_totp:
            self.fields["code"].label = "备用码"
            self.fields["code"].help_text = "通行密钥用不了的，填一个备用码。"


class SetUpForm(CodeForm):
    """设动态码：密钥随表单走（加了密的），填出现在的码才算设好。"""

    secret = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "加好之后，应用里现在显示的六位数字。"
        self.fields["code"].widget.attrs.pop("autofocus")


class PasswordForm(forms.Form):
    """再证明一次是本人：没有设第二步验证的，输口令。"""

    password = _password("口令", "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
