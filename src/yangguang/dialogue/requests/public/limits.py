"""网上提出申请、查进度的快慢：一个来源、一个申请人各算各的，别人不受影响。

用量记在定长的文件里（``foundation.api.limits.AddressBook``），不写数据库，里面没有任何人的地址和身份。
"""

import logging
from collections.abc import Sequence

from django.conf import settings

from yangguang.foundation.api.limits import book
from yangguang.foundation.api.rules import Pace, household

from ..applicants import Applicant
from ..selectors import digests_of

log = logging.getLogger(__name__)
HOUR = 3600.0
MORE_FOR_A_NUMBER = 3
"""一个编号比一个来源多让几倍：别人拿着编号乱试，不能轻易把申请人挡在外面。"""
SUBMISSIONS, TRIES = "request-submissions", "request-tries"


def admit_submission(address: str, applicant: Applicant, now: float) -> float:
    """提出一件，要等几秒；0 放行并记下。来源和申请人有一样满了，就都不记。"""
    pace = Pace(settings.REQUESTS_PER_HOUR, HOUR)
    who = [f"from:{household(address)}", f"by:{digests_of(applicant)[0]}"]
    return _admit(SUBMISSIONS, [(each, pace) for each in who], now)


def wait_to_try(address: str, number: str, now: float) -> float:
    """再试一次查询码，要等几秒；0 可以试。不记。"""
    return max(_wait(TRIES, who, pace, now) for who, pace in _triers(address, number))


def note_wrong_try(address: str, number: str, now: float) -> None:
    """记下一次不对的。"""
    for each in _triers(address, number):
        _admit(TRIES, [each], now)


def _triers(address: str, number: str) -> list[tuple[str, Pace]]:
    most = settings.WRONG_CODES_PER_HOUR
    return [
        (f"from:{household(address)}", Pace(most, HOUR)),
        (f"number:{number.strip().upper()}", Pace(most * MORE_FOR_A_NUMBER, HOUR)),
    ]


def _admit(name: str, who: Sequence[tuple[str, Pace]], now: float) -> float:
    if wait := max(_wait(name, each, pace, now) for each, pace in who):
        return wait
    try:
        return max(book(name).admit(each, pace, now) for each, pace in who)
    except OSError:
        # 磁盘满了之类：申请照收，限速等腾出地方再说
        log.warning("限速的册子写不进去，这次没有计。", exc_info=True)
        return 0.0


def _wait(name: str, who: str, pace: Pace, now: float) -> float:
    try:
        return book(name).wait(who, pace, now)
    except OSError:
        log.warning("限速的册子打不开，这次没有查。", exc_info=True)
        return 0.0


def in_words(seconds: float) -> str:
    """等多久，用话说。"""
    minutes = max(1, round(seconds / 60))
    return f"{minutes} 分钟" if minutes < 60 else f"{round(minutes / 60)} 小时"
