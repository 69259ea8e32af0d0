"""账号与任职：纯规则，不碰数据库、时钟和配置。"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Actor:
    """正在以某一任职行事的人。一次会话只有一个身份。

    ``organisation_path`` 是机构在树上的路径；``includes_subtree`` 表示权限及于下级机构。
    请假代理的，``behalf_user_id``、``behalf_name`` 是他代的那个人，其余都是他自己的。
    """

    user_id: int
    display_name: str
    assignment_id: int
    role: str
    organisation_id: int
    organisation_path: str
    includes_subtree: bool
    behalf_user_id: int | None = None
    behalf_name: str = ""

    @property
    def is_outside(self) -> bool:
        """是系统外的当事人（见 ``outsider``），没有账号。"""
        return not self.assignment_id

    @property
    def signature(self) -> str:
        """落款：自己的姓名；代人行事的，连同所代的人。"""
        return (
            f"{self.display_name}（代{self.behalf_name}）"
            if self.behalf_name
            else self.display_name
        )

    @property
    def persons(self) -> frozenset[int]:
        """这件事算在谁头上：自己，和所代的人。自己起草的不能自己审，也不能由代理的人代审。"""
        return frozenset({self.user_id, self.behalf_user_id or self.user_id})

    def covers(self, organisation_id: int, organisation_path: str) -> bool:
        """所给机构是否在这一任职的范围内：本机构，或（含下级时）其下级。"""
        if organisation_id == self.organisation_id:
            return True
        return self.includes_subtree and organisation_path.startswith(self.organisation_path)


def outsider(party: str, role: str, organisation_id: int, organisation_path: str) -> Actor:
    """系统外的当事人，例如网上提出申请的人：没有账号和任职，只能走转换表写明 ``role`` 可以走的步。

    ``party`` 是怎样称呼他（“申请人”），不写姓名；他看不看得到记录，由调用者凭查询码一类的凭据先验过。
    """
    return Actor(0, party, 0, role, organisation_id, organisation_path, False)


def assignment_holds(valid_from: date, valid_until: date | None, on: date) -> bool:
    """任职在 ``on`` 当日是否有效；起止两日都算在内。"""
    return valid_from <= on and (valid_until is None or on <= valid_until)


SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN = "system_admin", "security_admin", "audit_admin"
ADMINISTRATORS = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN})
"""三员。"""


def lane(role: str) -> str:
    """角色属于哪一路：三员各是一路，其余（业务角色、机构管理员）合为一路，写作空串。"""
    return role if role in ADMINISTRATORS else ""


@dataclass(frozen=True)
class Held:
    """一个任职的角色和期间，判断三员分立用。``label`` 是给人看的写法。"""

    role: str
    valid_from: date
    valid_until: date | None
    label: str


def separation_faults(wanted: Held, others: Iterable[Held]) -> list[str]:
    """一个人已有 ``others``，为什么不能再任 ``wanted``，每条一句；可以则为空。

    三员由三个人分任，任何人不得兼任其中两员，三员也不得兼任业务角色。期间不重叠的不算兼任。
    数据库触发器（``separation``）守的是同一条规则。
    """
    return [
        f"三员分立：{other.label}（{_period(other)}）与{wanted.label}不能由一个人同时担任。"
        "请先结束前一个任职，或另选一个人。"
        for other in others
        if lane(other.role) != lane(wanted.role) and _overlap(wanted, other)
    ]


def _overlap(one: Held, other: Held) -> bool:
    return (other.valid_until is None or one.valid_from <= other.valid_until) and (
        one.valid_until is None or other.valid_from <= one.valid_until
    )


def _period(held: Held) -> str:
    since = held.valid_from.isoformat()
    return f"{since} 至 {held.valid_until.isoformat()}" if held.valid_until else f"{since} 起"


# ---- 第二步验证 ----

PRIVILEGED = ADMINISTRATORS | {"organisation_admin", "approver", "supervisor"}
"""权力大的角色：管得了账号和配置的，签得了字的，看得到别的单位的。只凭一个口令不能用这些身份。"""

WAITS_FOR = timedelta(minutes=10)
"""口令对了以后，第二步最多等这么久。"""
CONFIRMED_FOR = timedelta(minutes=10)
"""登录、再验证之后这么久之内，可以改自己的登录方式；过了就要再验证一次。"""


def needs_second_step(roles: Iterable[str]) -> bool:
    """任着这些角色的，登录是不是要第二步。"""
    return not PRIVILEGED.isdisjoint(roles)


def removal_faults(roles: Iterable[str], *, required: bool, left: int) -> list[str]:
    """为什么不能去掉一种第二步验证，每条一句；可以则为空。``left`` 是去掉以后还剩几种。"""
    if required and not left and needs_second_step(roles):
        return ["您的角色登录时必须有第二步验证，不能一种也不留。要换的，先设好新的，再去掉旧的。"]
    return []


@dataclass(frozen=True)
class Tries:
    """第二步连错了几次，最近一次在什么时候。"""

    count: int
    last_at: datetime

    def is_stopped(self, at: datetime, *, limit: int, cool_off: timedelta) -> bool:
        """连错够了，而且还没有过停用的时候。"""
        return self.count >= limit and at - self.last_at < cool_off

    def counted(self, at: datetime, *, cool_off: timedelta) -> int:
        """又错了一次，该记几次：隔得久的从头数。"""
        return self.count + 1 if at - self.last_at < cool_off else 1


def passkeys_work(host: str, domain: str, *, is_secure: bool) -> bool:
    """在 ``host`` 的页面上用不用得了 ``domain`` 的通行密钥：照浏览器的规矩。

    IP 地址不行；除本机的 localhost 外须是 https；``host`` 须是 ``domain`` 或在它之下。
    """
    is_local = host == "localhost" or host.endswith(".localhost")
    is_address = ":" in host or host.replace(".", "").isdigit()
    within = host == domain or host.endswith(f".{domain}")
    return bool(domain) and within and not is_address and (is_secure or is_local)


# ---- 会话 ----

SEEN_EVERY = timedelta(minutes=5)
"""“最近使用”隔这么久才写一次：不必每次请求都写数据库。"""


def session_is_over(
    signed_in_at: datetime, seen_at: datetime, now: datetime, *, longest: timedelta, idle: timedelta
) -> bool:
    """会话该结束了：登录满 ``longest``，或者 ``idle`` 没有用过。

    “最近使用”最多晚记 ``SEEN_EVERY``，所以闲置从宽算这么久。
    """
    return now - signed_in_at >= longest or now - seen_at >= idle + SEEN_EVERY


# ---- 口令 ----

PASSWORD_LENGTH = 10
CHARACTER_CLASSES = (
    ("大写字母", str.isupper),
    ("小写字母", str.islower),
    ("数字", str.isdigit),
    ("符号", lambda character: not character.isalnum() and not character.isspace()),
)


def password_faults(password: str, username: str) -> list[str]:
    """口令不合要求之处，每条一句；合格则为空。

    长度不少于 10 位，至少含大写字母、小写字母、数字、符号中的三类，且不含用户名。
    """
    faults = []
    if len(password) < PASSWORD_LENGTH:
        faults.append(f"口令至少 {PASSWORD_LENGTH} 位。")
    present = sum(any(test(c) for c in password) for _, test in CHARACTER_CLASSES)
    if present < 3:
        names = "、".join(name for name, _ in CHARACTER_CLASSES)
        faults.append(f"口令须含{names}中的至少三类。")
    if username and username.lower() in password.lower():
        faults.append("口令不能包含用户名。")
    return faults
