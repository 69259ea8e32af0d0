"""工作台：纯规则，不碰数据库、时钟和配置。"""

from dataclasses import dataclass
from datetime import date

from yangguang.foundation.calendar.rules import WorkingCalendar

NEAR = 3
"""剩余不多于这么多个工作日的，提醒的颜色深一档。"""


@dataclass(frozen=True)
class TimeLeft:
    """离期限还有多久：一句话，和它的轻重（``bad``、``warn`` 或空）。"""

    words: str
    tone: str


def time_left(due_on: date, today: date, calendar: WorkingCalendar) -> TimeLeft:
    """离 ``due_on`` 还有几个工作日，用话说出来。届满当日仍在期限之内。"""
    if due_on < today:
        late = calendar.between(due_on, today)
        # 期限过后到今天都是休息日的，也已经过期
        return TimeLeft(f"已过 {late} 个工作日" if late else "已过期", "bad")
    if due_on == today:
        return TimeLeft("今天到期", "bad")
    left = calendar.between(today, due_on)
    if not left:
        return TimeLeft(f"{(due_on - today).days} 天，都是休息日", "bad")
    return TimeLeft(f"{left} 个工作日", "warn" if left <= NEAR else "")


PARTS = {
    "returned": "退回我的",
    "soon": "快到期、已过期的",
    "asked": "上级要求的",
    "rest": "其余的",
}
"""“今天要办”分成几组，按次序。"""


def part_of(is_returned: bool, is_asked: bool, left: TimeLeft | None) -> str:
    """一件要办的事归在哪一组：退回来的先改，已过期、快到期的先办，再是上级要求的。"""
    if is_returned:
        return "returned"
    if left is not None and left.tone:
        return "soon"
    return "asked" if is_asked else "rest"
