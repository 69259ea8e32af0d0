"""测试用的放假安排。2027 年的是假设，不是真实的通知。"""

from datetime import date

from yangguang.foundation.calendar.entries import DayEntry

SOURCE = "测试用的放假通知（假设）"


def off(text: str, name: str) -> DayEntry:
    """放假的一天。"""
    return DayEntry(date.fromisoformat(text), False, name)


def on(text: str, name: str) -> DayEntry:
    """调休上班的一天。"""
    return DayEntry(date.fromisoformat(text), True, name)


YEAR_2027 = [
    off("2027-01-01", "元旦"),
    *(off(f"2027-02-{day:02}", "春节") for day in range(5, 12)),
    on("2027-02-13", "春节"),
    off("2027-04-05", "清明节"),
    *(off(f"2027-05-{day:02}", "劳动节") for day in range(1, 6)),
    off("2027-06-09", "端午节"),
    off("2027-09-15", "中秋节"),
    *(off(f"2027-10-{day:02}", "国庆节") for day in range(1, 8)),
]
