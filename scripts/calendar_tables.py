"""重新生成 ``data/calendar/national/年.json``：全国的放假日和调休上班日。

底本是 chinesecalendar（它按国务院办公厅历年放假通知整理）。新一年的通知发布、
chinesecalendar 更新以后，升级它再运行 ``.venv/bin/python scripts/calendar_tables.py``，
核对差异后提交。内容没变的文件一个字节也不变。
"""

import json
from datetime import date
from importlib.metadata import version
from pathlib import Path

from chinese_calendar.constants import Holiday, holidays, workdays

TARGET = Path(__file__).resolve().parents[1] / "data" / "calendar" / "national"
NAMES = {
    Holiday.new_years_day: "元旦",
    Holiday.spring_festival: "春节",
    Holiday.tomb_sweeping_day: "清明节",
    Holiday.labour_day: "劳动节",
    Holiday.dragon_boat_festival: "端午节",
    Holiday.national_day: "国庆节",
    Holiday.mid_autumn_festival: "中秋节",
    Holiday.anti_fascist_70th_day: "抗日战争胜利70周年纪念日",
}
REMARKS = {
    2020: "春节假期因疫情延长至2月2日（国办发明电〔2020〕1号），2月1日不再上班。",
}


def table(year: int) -> dict[str, object]:
    """一年的表：放假日与调休上班日，按日期排列。"""
    days: dict[date, tuple[str, str]] = {
        on: ("holiday", NAMES[Holiday(name)]) for on, name in holidays.items() if on.year == year
    }
    for on, name in workdays.items():
        if on.year == year:
            days[on] = ("workday", NAMES[Holiday(name)])
    return {
        "region": "national",
        "year": year,
        "source": "国务院办公厅关于节假日安排的通知，"
        f"据 chinesecalendar {version('chinesecalendar')} 整理",
        "remark": REMARKS.get(year, ""),
        "days": [
            {"date": on.isoformat(), "kind": kind, "name": name}
            for on, (kind, name) in sorted(days.items())
        ],
    }


def layout(content: dict[str, object]) -> str:
    """一天一行的 JSON，便于逐行核对。"""
    days = content.pop("days")
    head = json.dumps(content, ensure_ascii=False, indent=2).removesuffix("\n}")
    rows = ",\n".join(f"    {json.dumps(day, ensure_ascii=False)}" for day in days)  # type: ignore[attr-defined]
    return f'{head},\n  "days": [\n{rows}\n  ]\n}}\n'


def main() -> None:
    """逐年写出。"""
    TARGET.mkdir(parents=True, exist_ok=True)
    for year in sorted({on.year for on in holidays}):
        (TARGET / f"{year}.json").write_text(layout(table(year)), encoding="utf-8")
        print(f"· {year}")


if __name__ == "__main__":
    main()
