"""工作日表：一个站点一个小文件，各页的脚本凭它数“还有几个工作日”。

页面上只印日期，不印还剩几天：烘好的页放着不动，剩下的天数也对。没有放假安排的年份不列，
脚本碰到就不说；地方节日还没有录入的年份注明是哪几个，脚本只说“约”。
"""

import json

from yangguang.foundation.calendar.rules import Departures
from yangguang.foundation.calendar.selectors import Calendars

from .frame import Press
from .records import DAY
from .sheets import Sheet, maker

CALENDAR = "calendar"
"""由工作日历得出的页的键：日历改了要重烘。"""


@maker("workdays")
def workdays(press: Press, subject: str) -> Sheet:
    """主办单位所在地区今年起的工作日表。过去的年份用不着。"""
    calendar = Calendars().of(press.site.organisation)
    years = {
        str(year): _written(calendar.departures(year))
        for year in sorted(calendar.known_years)
        if year >= press.as_of.year
    }
    content = json.dumps(years, ensure_ascii=False, separators=(",", ":"))
    return Sheet(content.encode(), frozenset({CALENDAR, DAY}))


def _written(departures: Departures) -> dict[str, list[str]]:
    """``off`` 是周一至周五而放假的，``on`` 是周末而上班的（月-日），``missing`` 是没有录入的节日。"""
    return {
        "off": [f"{day:%m-%d}" for day in departures.off],
        "on": [f"{day:%m-%d}" for day in departures.worked],
        "missing": list(departures.missing),
    }
