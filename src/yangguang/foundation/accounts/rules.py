"""账号与任职：纯规则，不碰数据库、时钟和配置。"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Actor:
    """正在以某一任职行事的人。一次会话只有一个身份。

    ``organisation_path`` 是机构在树上的路径；``includes_subtree`` 表示权限及于下级机构。
    """

    user_id: int
    display_name: str
    assignment_id: int
    role: str
    organisation_id: int
    organisation_path: str
    includes_subtree: bool

    def covers(self, organisation_id: int, organisation_path: str) -> bool:
        """所给机构是否在这一任职的范围内：本机构，或（含下级时）其下级。"""
        if organisation_id == self.organisation_id:
            return True
        return self.includes_subtree and organisation_path.startswith(self.organisation_path)


def assignment_holds(valid_from: date, valid_until: date | None, on: date) -> bool:
    """任职在 ``on`` 当日是否有效；起止两日都算在内。"""
    return valid_from <= on and (valid_until is None or on <= valid_until)


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
