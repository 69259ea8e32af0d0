"""命令行的约定（``docs/cli.md``）：一条命令一个 JSON 值，退出码 0 / 1 / 2。

``ContractCommand`` 的子类只写 ``add_contract_arguments`` 和 ``answer``；
答案怎样打印、错误怎样退出，都在这里。
"""

import json
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class BadInput(Exception):  # noqa: N818  输入有误，不是程序有错
    """输入有误。信息是一句中文，指明哪个字段、哪一行或哪一格错了。退出码 2。"""


@dataclass(frozen=True)
class Answer:
    """命令的答案。

    ``data`` 可转成 JSON；``text`` 是给人看的几行字；``holds`` 为假表示答案是“否”（退出码 1）。
    """

    data: Any
    text: str
    holds: bool = True


class ChineseParser(CommandParser):
    """参数错误用中文说，退出码 2。"""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise BadInput(_in_chinese(message))


def _in_chinese(message: str) -> str:
    for english, chinese in (
        ("the following arguments are required:", "缺少参数："),
        ("unrecognized arguments:", "不认识的参数："),
        ("expected one argument", "缺少取值"),
        ("invalid choice:", "取值不在范围内："),
        ("choose from", "可选"),
        ("invalid int value:", "不是整数："),
        ("one of the arguments", "以下参数须给出一个："),
        ("is required", ""),
        ("not allowed with argument", "不能同时使用："),
        ("argument ", "参数 "),
    ):
        message = message.replace(english, chinese)
    return message


class ContractCommand(BaseCommand):
    """按约定应答的命令。默认不碰数据库。"""

    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = ChineseParser(
            prog=f"yangguang {subcommand}", description=self.help or None, add_help=True
        )
        self.add_base_argument(parser, "--version", action="version", version=self.get_version())
        for flag in ("--settings", "--pythonpath"):
            parser.add_argument(flag, help=None)
        parser.add_argument("--verbosity", "-v", type=int, default=1)
        parser.add_argument("--traceback", action="store_true")
        parser.add_argument("--no-color", action="store_true")
        parser.add_argument("--force-color", action="store_true")
        parser.add_argument("--skip-checks", action="store_true", default=True)
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON 值")
        self.add_contract_arguments(parser)
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except BadInput as error:
            self.stderr.write(str(error))
            raise SystemExit(2) from None

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self.answer(**options)
        except BadInput as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer.data, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(answer.text)
        if not answer.holds:
            raise SystemExit(1)

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """子类在此声明参数。"""

    def answer(self, **options: Any) -> Answer:
        """子类在此作答；输入有误时抛出 ``BadInput``。"""
        raise NotImplementedError
