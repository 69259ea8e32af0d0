"""作业：纯规则，不碰数据库、时钟和配置。"""

from datetime import datetime, time, timedelta, tzinfo

LONGEST_DELAY = timedelta(hours=1)


def retry_delay(attempts: int, backoff: timedelta, longest: timedelta = LONGEST_DELAY) -> timedelta:
    """第 ``attempts`` 次失败之后等多久再试：每次加倍，最长 ``longest``。"""
    if attempts < 1:
        raise ValueError("还没有失败过。")
    # 先封顶指数，免得失败多次后溢出
    return min(backoff * (1 << min(attempts - 1, 30)), longest)


def next_daily(after: datetime, at: time, zone: tzinfo) -> datetime:
    """``after`` 之后（不含）最近一次当地 ``at`` 时刻。"""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), at, zone)
    return today if today > local else datetime.combine(today.date() + timedelta(days=1), at, zone)


def next_interval(due: datetime, every: timedelta, now: datetime) -> datetime:
    """从 ``due`` 起按 ``every`` 排，``now`` 之后（不含）的第一次；停机期间错过的不逐次补。"""
    if due > now:
        return due
    return due + every * ((now - due) // every + 1)
