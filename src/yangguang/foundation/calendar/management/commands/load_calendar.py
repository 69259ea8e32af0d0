"""``yangguang load_calendar``：把随产品发布的日历表装入数据库。"""

from typing import Any

from yangguang.foundation.calendar.selectors import differing_tables
from yangguang.foundation.calendar.services import load_calendar
from yangguang.foundation.commands import Answer, ContractCommand


class Command(ContractCommand):
    """装入日历表；重复运行无害，已改过的不动。"""

    help = "把随产品发布的工作日历装入数据库，只补缺的，已改过的不动"

    def answer(self, **options: Any) -> Answer:
        loaded = load_calendar()
        differing = differing_tables()
        text = (
            f"新装入年度表 {loaded.tables} 张、特殊日 {loaded.days} 个，"
            f"原有 {loaded.kept} 张保持原样。"
        )
        if differing:
            text += "\n与随产品发布的不同、保持原样：" + "、".join(differing)
        data = {
            "tables": loaded.tables,
            "days": loaded.days,
            "kept": loaded.kept,
            "differing": differing,
        }
        return Answer(data, text)
