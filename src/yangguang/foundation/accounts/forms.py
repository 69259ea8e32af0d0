"""登录的表单。"""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm


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
