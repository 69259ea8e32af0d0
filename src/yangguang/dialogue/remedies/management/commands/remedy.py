"""remedy：一件答复的救济途径。"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import DatabaseError

from yangguang.dialogue.remedies.authorities import WrongAuthority, authority
from yangguang.dialogue.remedies.rules import LEVELS, NoRemedyTable, remedy
from yangguang.dialogue.remedies.tables import packaged_tables
from yangguang.dialogue.requests.table3 import BY_CODE, OTHER_ALL
from yangguang.foundation.commands import Answer, BadInput, ContractCommand, Once, iso_date
from yangguang.foundation.organisations.packaged import packaged_directory
from yangguang.foundation.organisations.rules import Directory
from yangguang.foundation.organisations.selectors import directory

GROUNDS = (*BY_CODE, OTHER_ALL.code)


class Command(ContractCommand):
    """先复议还是可选，向谁复议，几日之内，向哪个法院起诉。"""

    help = "政府信息公开答复的救济途径，以答复作出的日期选版。"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--ground", action=Once, required=True, metavar="代码",
            help="办理结果：年度报告表三的行的代码",
        )  # fmt: skip
        parser.add_argument(
            "--replied", type=iso_date, action=Once, required=True, metavar="日期",
            help="答复作出的日期",
        )  # fmt: skip
        parser.add_argument(
            "--level",
            choices=tuple(LEVELS),
            action=Once,
            required=True,
            help="作出答复的机关的级别",
        )
        parser.add_argument(
            "--organisation", action=Once, default="", metavar="名称", help="作出答复的机关"
        )
        parser.add_argument(
            "--database", action="store_true", help="用数据库里维护的机构名录，而不是随产品发布的"
        )

    def answer(self, **options: Any) -> Answer:
        tables = packaged_tables()
        if options["ground"] not in GROUNDS:
            raise BadInput(
                f"参数 --ground：“{options['ground']}”不是办理结果的代码，可选：{'、'.join(GROUNDS)}。"
            )
        try:
            who = authority(
                options["level"], options["organisation"], _directory(options["database"]),
                courts=tables.courts, above_root=tables.above_root, on=options["replied"],
            )  # fmt: skip
            found = remedy(tables.versions, options["ground"], options["replied"], who)
        except WrongAuthority as fault:
            raise BadInput(f"参数 --{fault.field}：{fault}") from fault
        except NoRemedyTable as fault:
            raise BadInput(f"参数 --replied：{fault}") from fault
        court = (
            {"court_days": found.court_days}
            if found.reconsideration_first
            else {"court_months": found.court_months}
        )
        data = {
            "reconsideration_first": found.reconsideration_first, "body": found.body,
            "days": found.days, "court": found.court, **court, "text": found.text,
        }  # fmt: skip
        return Answer(data, found.text)


def _directory(is_in_database: bool) -> Directory:
    if not is_in_database:
        return packaged_directory(Path(settings.DATA_ROOT) / "linxia")
    try:
        return directory()
    except DatabaseError:
        raise BadInput(
            "参数 --database：数据库里还没有机构名录的表，请先执行 yangguang migrate。"
        ) from None
