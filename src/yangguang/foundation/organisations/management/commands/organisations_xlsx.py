"""``yangguang organisations_xlsx export|import 文件``：机构资料的导出和导入。"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, BadInput, ContractCommand
from yangguang.foundation.organisations import selectors, workbook
from yangguang.foundation.organisations.services import import_tables
from yangguang.foundation.organisations.tables import FaultyTables


class Command(ContractCommand):
    """机构资料与 xlsx 之间的往来。导入时任何一格有错就一行也不写。"""

    help = "导出或导入机构资料（xlsx）"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("direction", choices=("export", "import"))
        parser.add_argument("file")

    def answer(self, **options: Any) -> Answer:
        path = Path(options["file"])
        try:
            if options["direction"] == "export":
                tables = selectors.tables()
                path.write_bytes(workbook.dump(tables))
                count = len(tables.organisations)
                return Answer({"exported": count}, f"已导出 {count} 个机构到 {path}。")
            with path.open("rb") as stream:
                written = import_tables(workbook.parse(stream))
        except (FaultyTables, workbook.UnreadableWorkbook) as error:
            raise BadInput(str(error)) from error
        except OSError as error:
            raise BadInput(f"读写不了文件 {path}：{error.strerror}。") from error
        return Answer(
            {"created": written.created, "changed": written.changed},
            f"新增 {written.created} 行，改动 {written.changed} 行。",
        )
