"""通知：纯规则，不碰数据库、时钟和配置。

哪些事要通知、走哪条渠道、立即发还是并入每日提醒、什么时候不打扰。
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yangguang.foundation.calendar.rules import WorkingCalendar

WAITING, RETURNED, DEADLINE = "waiting", "returned", "deadline"
ALARM, ACCOUNT, CONTACT = "alarm", "account", "contact"


@dataclass(frozen=True)
class Kind:
    """一类通知。

    ``label`` 给本人看；``outward`` 是离开本系统的提醒里的说法，空的不离开；
    ``is_urgent`` 的不受免打扰时段限制，也不等着与别的并作一条。
    """

    code: str
    label: str
    outward: str
    is_urgent: bool = False


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(RETURNED, "退回给我的", "退回给您的"),
        Kind(WAITING, "等我办的", "等您办理的"),
        Kind(DEADLINE, "期限临近或已过的", "期限临近或已过的"),
        Kind(ALARM, "系统报警", "需要您处理的系统报警：", is_urgent=True),
        Kind(ACCOUNT, "我的账号的变动", "需要您核对的登录方式变动：", is_urgent=True),
        Kind(CONTACT, "我的联系方式", ""),
    )
}

EMAIL, SMS, WEBHOOK = "email", "sms", "webhook"
CHANNELS: Mapping[str, str] = {EMAIL: "电子邮件", SMS: "短信", WEBHOOK: "单位即时通讯"}
"""离开本系统的渠道。站内消息不在其中：它总是有的，不能关。"""

AT_ONCE, DIGEST, OFF = "at_once", "digest", "off"
PACES: Mapping[str, str] = {AT_ONCE: "立即提醒", DIGEST: "并入每日提醒", OFF: "不要"}


def usual_pace(kind: str, channel: str) -> str:
    """没有自己选过的，怎样提醒：短信只报急事和期限，别的渠道退回、待办立即提醒。"""
    if not KINDS[kind].outward:
        return OFF
    if KINDS[kind].is_urgent:
        return AT_ONCE
    if kind == DEADLINE:
        return DIGEST
    return OFF if channel == SMS else AT_ONCE


# ---- 免打扰 ----

GATHER = timedelta(minutes=2)
"""立即提醒的也等这么久：接连来的几件并作一条。"""
MORNING = time(8, 30)
"""每日提醒的时刻；休息日不打扰的，顺延到工作日的这一刻。"""


@dataclass(frozen=True)
class Quiet:
    """一个人的免打扰：每天 ``since`` 到 ``until``（可以跨过半夜，两个一样就是没有），休息日要不要。"""

    since: time = time(21, 0)
    until: time = time(7, 30)
    skips_rest_days: bool = True

    def covers(self, at: time) -> bool:
        """这一刻在不在免打扰的时段里；起算在内，止不在内。"""
        if self.since <= self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until


def first_moment(at: datetime, quiet: Quiet, works: Callable[[date], bool]) -> datetime:
    """``at`` 起（含）头一个可以打扰的时刻。``at`` 是当地时间，``works`` 说某天是不是工作日。"""
    for _ in range(60):
        if quiet.skips_rest_days and not works(at.date()):
            at = datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo)
            continue
        if not quiet.covers(at.timetz().replace(tzinfo=None)):
            return at
        end = datetime.combine(at.date(), quiet.until, at.tzinfo)
        at = end if end > at else end + timedelta(days=1)
    raise ValueError("六十天里没有可以打扰的时刻。")


# ---- 期限 ----

MILESTONES = (7, 3, 1, 0)
"""期限还剩几天时各提醒一次；过了期限再提醒一次。"""
HORIZON = timedelta(days=MILESTONES[0])
WORKING_HORIZON = timedelta(days=40)
"""按工作日提醒的，往前看这么多天：够十个工作日，连着长假也够。"""
OVERDUE_FOR = timedelta(days=30)
"""过期太久的不再提醒：那是督办的事。"""


def milestone(due_on: date, today: date) -> int:
    """现在到了哪一档：剩余天数不多于的最小一档，过了的是 -1。同一档只提醒一次。"""
    left = (due_on - today).days
    if left < 0:
        return -1
    return min(each for each in MILESTONES if left <= each)


def working_milestone(
    due_on: date, today: date, calendar: WorkingCalendar, steps: Sequence[int]
) -> int | None:
    """按工作日的档（``steps``）现在到了哪一档：还早为空，到期当天是 0，过了的是 -1。"""
    if due_on < today:
        return -1
    if due_on == today:
        return 0
    left = calendar.between(today, due_on)
    return min((each for each in steps if left <= each), default=None)


# ---- 联系方式 ----

CODE_LIFE = timedelta(minutes=30)
CODE_EVERY = timedelta(minutes=1)
"""验证码隔这么久才可以再要一次。"""
CODE_TRIES = 5
"""验证码最多试几次；试满的要重新要一个。"""

ATTEMPTS = 6
"""一次投递最多试几次。"""
KEPT = timedelta(days=180)
"""消息和投递的记录留多久。"""
