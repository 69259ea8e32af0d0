"""接口的读取：认出密钥。"""

from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor, assignment_holds
from yangguang.foundation.accounts.selectors import actor_of

from .models import ApiKey
from .rules import Token, key_refusal

UNKNOWN = "没有这把密钥，请检查有没有抄错、抄漏。"


def find_key(text: str, address: str) -> tuple[ApiKey | None, str]:
    """``Authorization`` 里写的密钥，和为什么不能用（能用为空串）。最多一次查询。

    密文不对的，不说别的：不告诉人哪些开头是有的。
    """
    token = Token.parse(text)
    if token is None:
        return None, UNKNOWN
    key = (
        ApiKey.objects.filter(prefix=token.prefix)
        .select_related("organisation", "assignment__user", "assignment__organisation")
        .first()
    )
    if key is None or not token.matches(key.digest):
        return None, UNKNOWN
    today = timezone.localdate()
    return key, key_refusal(
        key.state, key.valid_from, key.valid_until, key.networks, today, address
    )


def actor_for(key: ApiKey) -> Actor | None:
    """这把密钥以什么身份行事；只能读的、任职失效的为 ``None``。不查询（密钥已连同任职取出）。"""
    held = key.assignment
    if held is None or held.ended_at is not None or not held.user.is_active:
        return None
    if not assignment_holds(held.valid_from, held.valid_until, timezone.localdate()):
        return None
    return actor_of(held)
