"""``yangguang load_organisations [目录]``：载入机构名录。"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, BadInput, ContractCommand
from yangguang.foundation.organisations.services import load_organisations
from yangguang.foundation.organisations.tables import FaultyTables


class Command(ContractCommand):
    """从 csv 目录载入机构名录；重复运行无害。"""

    help = "载入机构名录（organisations、names、successions、groups 四个 csv）"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", default=str(settings.DATA_ROOT / "linxia"))

    def answer(self, **options: Any) -> Answer:
        try:
            loaded = load_organisations(Path(options["path"]))
        except (FileNotFoundError, FaultyTables) as error:
            raise BadInput(str(error)) from error
        except UnicodeDecodeError as error:
            raise BadInput("文件不是 UTF-8 编码。") from error
        text = f"新增 {loaded.created} 个机构，原有 {loaded.kept} 个。"
        if loaded.differing:
            text += "\n与文件不同、保持原样：" + "、".join(loaded.differing)
        data = {
            "created": loaded.created,
            "kept": loaded.kept,
            "differing": list(loaded.differing),
        }
        return Answer(data, text)
