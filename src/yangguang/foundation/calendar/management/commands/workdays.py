"""workdays：数工作日。"""

from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.calendar.answers import (
    add_calendar_options,
    bad_input_named,
    chosen_calendar,
    counted_json,
    counted_text,
)
from yangguang.foundation.commands import Answer, ContractCommand, Once, iso_date, whole_number


class Command(ContractCommand):
    """从某日的次日起数若干个工作日。"""

    help = "数工作日：放假日不计入，调休上班的周末计入，可叠加地方假日。"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="add", required=True)
        add = self.add_action(actions, "add", "从起算日的次日起数若干个工作日")
        add.add_argument(
            "--from", dest="start", type=iso_date, action=Once, required=True,
            metavar="日期", help="起算日，当日不计入",
        )  # fmt: skip
        add.add_argument(
            "--days", type=whole_number, action=Once, required=True, metavar="个数", help="工作日数"
        )
        add_calendar_options(add)

    def answer(self, **options: Any) -> Answer:
        with bad_input_named():
            counted = chosen_calendar(options).add(options["start"], options["days"])
        if options["json"]:
            for note in counted.notes:
                self.stderr.write(f"提示：{note}")
        return Answer(counted_json(counted), counted_text(counted))
