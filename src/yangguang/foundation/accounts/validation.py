"""把 ``rules.password_faults`` 接到 Django 的口令校验上。"""

from typing import Any

from django.core.exceptions import ValidationError

from .rules import PASSWORD_LENGTH, password_faults


class HousePasswordValidator:
    """口令规则。"""

    def validate(self, password: str, user: Any = None) -> None:
        """不合格时抛出 ``ValidationError``，逐条说明。"""
        faults = password_faults(password, getattr(user, "username", ""))
        if faults:
            raise ValidationError(faults)

    def get_help_text(self) -> str:
        """表单旁的说明。"""
        return f"至少 {PASSWORD_LENGTH} 位，含大写字母、小写字母、数字、符号中的至少三类。"
