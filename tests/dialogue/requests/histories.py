"""随机的申请经过，和独立的逐日推算：不用产品的代码和表，一天一天地走。"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.foundation.calendar.day_walk import is_working
from yangguang.dialogue.requests.clocks import Course, Opinion

FIRST, LAST = date(2018, 12, 1), date(2025, 6, 1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class History:
    """一件申请的经过：``restarts`` 是重新起算之日，``pauses`` 是征求意见的各段（可以重叠）。"""

    region: str
    received: date
    restarts: tuple[date, ...]
    pauses: tuple[tuple[date, date], ...]
    extended_days: int
    course: Course


def drawn(random: Random) -> History:
    """随意一件：渠道、补正、征求（几方、重叠、跨重新起算）、收费、延期，跨长假、年底、地方节日。"""
    region = random.choice(["national", "linxia"])
    came = FIRST + random.randint(0, (LAST - FIRST).days) * ONE_DAY
    needs_confirmation = random.random() < 0.5
    received = came + random.randint(0, 6) * ONE_DAY if needs_confirmation else came
    cursor, restarts, opinions = received, [], []
    asked = corrected = charged = paid = None
    if random.random() < 0.35:
        asked = cursor + random.randint(0, 9) * ONE_DAY
        corrected = cursor = asked + random.randint(0, 40) * ONE_DAY
        restarts.append(corrected)
    for _ in range(random.choice([0, 0, 1, 1, 2, 3])):
        sent = cursor + random.randint(0, 25) * ONE_DAY
        opinions.append(Opinion(sent, sent + random.randint(0, 30) * ONE_DAY))
    if random.random() < 0.25:
        after = max([cursor, *(each.received for each in opinions if each.received)])
        charged = after + random.randint(0, 10) * ONE_DAY
        paid = charged + random.randint(0, 35) * ONE_DAY
        restarts.append(paid)
        if random.random() < 0.5:
            sent = paid + random.randint(0, 20) * ONE_DAY
            opinions.append(Opinion(sent, sent + random.randint(0, 30) * ONE_DAY))
    days = random.choice([0, 0, 1, 5, 20, random.randint(1, 20)])
    random.shuffle(opinions)
    course = Course(received, asked, corrected, tuple(opinions), charged, paid, extended_days=days)
    pauses = tuple((each.sent, each.received) for each in opinions if each.received)
    return History(region, received, tuple(restarts), pauses, days, course)


def walked(history: History) -> date:
    """一天一天地走：重新起算之日从头数，征求意见的日子和休息日不数，数够为止。"""
    day = history.received
    wanted, counted = 20 + history.extended_days, 0
    last_restart = max(history.restarts, default=history.received)
    while counted < wanted:
        day += ONE_DAY
        if day <= last_restart:
            counted = 0
            continue
        paused = any(sent < day <= received for sent, received in history.pauses)
        counted += is_working(day, history.region) and not paused
    return day
