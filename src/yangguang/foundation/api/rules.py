"""接口的密钥、限速：纯规则，不碰数据库、时钟和配置。"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv6Address, ip_network

from yangguang.foundation.lifecycle.rules import Lifecycle, Transition
from yangguang.foundation.networks import parsed, within

# ---- 密钥 ----

_TOKEN = re.compile(r"yg_([0-9a-f]{12})_([0-9A-Za-z_-]{43})")


@dataclass(frozen=True)
class Token:
    """一把密钥的全文。``prefix`` 可以给人看，用来认出是哪一把；``secret`` 只在发出时显示一次。"""

    prefix: str
    secret: str

    def __str__(self) -> str:
        return f"yg_{self.prefix}_{self.secret}"

    @classmethod
    def parse(cls, text: str) -> "Token | None":
        """认出密钥；不是密钥的样子为 ``None``。"""
        match = _TOKEN.fullmatch(text)
        return cls(match[1], match[2]) if match else None

    @property
    def digest(self) -> str:
        """存在库里的摘要。密文有 256 位随机，不怕穷举，所以不用慢的散列。"""
        return hashlib.sha256(str(self).encode()).hexdigest()

    def matches(self, digest: str) -> bool:
        """是不是摘要为 ``digest`` 的那一把；比较的时间与内容无关。"""
        return hmac.compare_digest(self.digest, digest)


KEY_LIFE = Lifecycle(
    name="api_keys",
    label="接口密钥",
    initial="active",
    states={"active": "有效", "revoked": "已撤销"},
    progress=("active",),
    transitions=(
        Transition(
            "revoke", "撤销", frozenset({"active"}), "revoked", frozenset({"system_admin"}),
            needs_message=True, in_bulk=True,
        ),
    ),
)  # fmt: skip
"""密钥的转换表：只能撤销，不能恢复；要再用就另发一把。"""


def key_refusal(
    state: str, valid_from: date, valid_until: date, networks: Sequence[str], on: date, address: str
) -> str:
    """密钥在 ``on`` 当日、从 ``address`` 来，为什么不能用，一句话；能用为空串。起止两日都算在内。"""
    if state != KEY_LIFE.initial:
        return "这把密钥已经撤销，请向系统管理员另要一把。"
    if on < valid_from:
        return f"这把密钥自 {valid_from.isoformat()} 起才可以用。"
    if on > valid_until:
        return f"这把密钥的有效期到 {valid_until.isoformat()} 为止，请向系统管理员另要一把。"
    if networks and not within(address, networks):
        return "这把密钥限定了来源地址，您现在的地址不在其中。"
    return ""


# ---- 来源地址 ----


def household(address: str) -> str:
    """限速按谁计：IPv4 一个地址一份；IPv6 一户得到的是整个 /64，合计一份。认不出的合计一份。"""
    found = parsed(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found or "")


# ---- 限速 ----

MINUTE = 60.0
SLACK = 1e-3
"""秒：浮点数的时刻有舍入，差这么一点不算超。"""


@dataclass(frozen=True)
class Pace:
    """每 ``span`` 秒（默认一分钟）``times`` 次的限速，一次可以连着用满。

    只记一个时刻（``arrival``，Unix 秒）：照这个速度，用过的次数要到那时才还清。令牌桶等价的写法，
    存一个数就够，进程内的册子和数据库里的一格用的是同一条规则。
    """

    times: int
    span: float = MINUTE

    @property
    def interval(self) -> float:
        """一次占多少秒。"""
        return self.span / self.times

    @property
    def tolerance(self) -> float:
        """可以预支到多少秒以后。"""
        return self.span - self.interval

    def wait(self, arrival: float, now: float) -> float:
        """还要等几秒才能再来一次；不用等为 0。时钟往回拨过的旧账不作数。"""
        if arrival > now + 2 * self.span:
            return 0.0
        late = arrival - (now + self.tolerance)
        return late if late > SLACK else 0.0

    def after(self, arrival: float, now: float) -> float:
        """放行一次之后的时刻。"""
        start = now if arrival > now + 2 * self.span else max(arrival, now)
        return start + self.interval


def scopes_fault(roles: Iterable[str]) -> str:
    """几项权限合在一把密钥里为什么不行，一句话；可以为空串。一把密钥只以一个任职行事。"""
    if len({role for role in roles if role}) > 1:
        return "选的几项权限要以不同的角色行事，请分别发几把密钥。"
    return ""
