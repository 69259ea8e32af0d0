"""公众实名身份的读取：这次请求是谁。"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from yangguang.foundation.encryption import Unreadable, unseal

from .models import Resident
from .rules import Paper, Person, RealName
from .sessions import held, touch

PURPOSE = "residents.identity"


@dataclass(frozen=True)
class SignedIn:
    """登录着的人。``key`` 是 ``Resident`` 的编号，别处引用他用；``real_name`` 是省里核对过的身份。"""

    key: int
    real_name: RealName
    created_at: datetime
    signed_in_at: datetime


def resident_of(request: HttpRequest) -> SignedIn | None:
    """这次请求是哪个实名登录的人；没有登录的为空。不登录也能办的事用它，必须登录的用 ``require_resident``。

    没有 Cookie 的不查库，有的一次查询。
    """
    session = held(request)
    if session is None or session.resident is None:
        return None
    found = read(session.resident)
    if found is not None:
        touch(session)
    return found


def read(resident: Resident) -> SignedIn | None:
    """解密出来；密钥换掉了、解不开的为空，重新登录一次就好。"""
    try:
        kept = json.loads(unseal(resident.sealed, PURPOSE))
    except Unreadable:
        return None
    person = Person(kept["name"], Paper(kept["paper_kind"], kept["paper_number"]))
    real_name = RealName(person, resident.level, kept["firm_name"], kept["firm_code"])
    return SignedIn(resident.pk, real_name, resident.created_at, resident.signed_in_at)
