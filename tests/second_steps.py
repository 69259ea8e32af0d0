"""测试用的动态码：替人设好，算出他手机上现在显示的码。"""

from datetime import datetime

from django.utils import timezone

from yangguang.foundation.accounts.models import Totp, User
from yangguang.foundation.accounts.one_time_codes import code_for, step_at
from yangguang.foundation.encryption import seal

SECRET = b"12345678901234567890"


def with_totp(user: User) -> User:
    """设好动态码，密钥是 ``SECRET``；还没有用过。"""
    now = timezone.now()
    Totp.objects.create(
        user=user, secret=seal(SECRET, "accounts.totp"), last_step=0, added_at=now, used_at=now
    )
    return user


def code(steps: int = 0, *, secret: bytes = SECRET, at: datetime | None = None) -> str:
    """现在的码；``steps`` 是早几步、晚几步的。"""
    return code_for(secret, step_at(at or timezone.now()) + steps)
