"""yangguang openapi [--write FILE] [--check FILE]：接口的 OpenAPI 文档。"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.api.document import document, text
from yangguang.foundation.commands import Answer, BadInput, ContractCommand


class Command(ContractCommand):
    """印出、写下或核对文档。"""

    help = "接口的 OpenAPI 文档：默认印出来；--write 写进文件；--check 核对文件是不是现在的"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """``--write``、``--check``。"""
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--write", metavar="FILE", help="写进这个文件")
        group.add_argument("--check", metavar="FILE", help="核对这个文件，不同则退出码为 1")

    def answer(self, **options: Any) -> Answer:
        """文档，或者写下、核对的结果。"""
        if options["write"]:
            try:
                Path(options["write"]).write_text(text(), encoding="utf-8")
            except OSError as error:
                raise BadInput(f"--write：写不进 {options['write']}。") from error
            return Answer({"written": options["write"]}, f"写进了 {options['write']}。")
        if options["check"]:
            try:
                same = Path(options["check"]).read_text(encoding="utf-8") == text()
            except (OSError, UnicodeError) as error:
                raise BadInput(f"--check：读不了 {options['check']}。") from error
            told = "与现在的接口一致。" if same else "与现在的接口不同，请用 --write 更新。"
            return Answer({"ok": same}, told, holds=same)
        return Answer(document(), text().rstrip("\n"))
