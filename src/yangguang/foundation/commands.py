"""命令行的约定（``docs/cli.md``）：一条命令一个 JSON 值，退出码 0 / 1 / 2。

``ContractCommand`` 的子类只写 ``add_contract_arguments`` 和 ``answer``；
答案怎样打印、错误怎样退出，都在这里。
"""

import argparse
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yangguang.foundation.files.extraction import Unreadable, read_text
from yangguang.foundation.screening.rules import secret_mark


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


class ChineseHelp(argparse.HelpFormatter):
    """--help 的排版，标题用中文。"""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class ChineseParser(CommandParser):
    """参数错误和说明用中文，退出码 2。选项名不得缩写。"""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_abbrev", False)
        kwargs.setdefault("formatter_class", ChineseHelp)
        super().__init__(**kwargs)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        for action in self._actions:
            if "--help" in action.option_strings:
                action.help = "显示这份说明"

    def error(self, message: str) -> None:  # type: ignore[override]
        raise BadInput(_in_chinese(message))


class Once(argparse.Action):
    """只许给出一次的选项；重复时不悄悄取最后一个，而是报错。"""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: Any = None) -> None:
        given: set[str] = getattr(namespace, "_given", set())
        if self.dest in given:
            raise argparse.ArgumentError(self, "只能给出一次")
        namespace._given = given | {self.dest}
        setattr(namespace, self.dest, values)


def read_given_file(path: str) -> str:
    """参数给的文件（txt、docx、pdf）里的文字。

    读不了的、带密级标志的抛出 ``BadInput``；页眉页脚和文件名里的密级标志也算。信息里不带文件的内容。
    """
    try:
        extracted = read_text(path)
    except Unreadable as unreadable:
        raise BadInput(unreadable.reason) from unreadable
    if any(secret_mark(text) for text in (extracted.text, *extracted.margins, Path(path).stem)):
        raise BadInput("这份文件带有密级标志。涉密文件不得在本系统处理，没有读取它的内容。")
    return extracted.text


def iso_date(text: str) -> date:
    """参数类型：YYYY-MM-DD。"""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是 YYYY-MM-DD 形式的日期")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"没有“{text}”这一天") from None


def whole_number(text: str) -> int:
    """参数类型：不小于 0 的整数。"""
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是整数，或者太大")
    if int(text) < 0:
        raise argparse.ArgumentTypeError(f"不能是负数：{text}")
    return int(text)


PARSER_MESSAGES = (
    (r"the following arguments are required: ", "缺少参数："),
    (r"unrecognized arguments: ", "不认识的参数："),
    (r"expected one argument", "缺少取值"),
    (r"expected at most one argument", "最多一个取值"),
    (r"expected at least one argument", "至少要有一个取值"),
    (r"expected (\d+) arguments?", r"须有 \1 个取值"),
    (r"invalid choice: (.*?),? \(choose from (.*)\)", r"取值 \1 不在范围内，可选：\2"),
    (r"invalid int value: (.*)", r"\1 不是整数"),
    (r"invalid \w+ value: (.*)", r"取值 \1 有误"),
    (r"ignored explicit argument (.*)", r"不应带取值 \1"),
    (r"one of the arguments (.*) is required", r"以下参数须给出一个：\1"),
    (r"not allowed with argument (.*)", r"不能与 \1 同时使用"),
    (r"ambiguous option: (.*) could match (.*)", r"选项 \1 不明确，可能是 \2"),
    (r"\bargument (\S+): ", r"参数 \1："),
)


def _in_chinese(message: str) -> str:
    for english, chinese in PARSER_MESSAGES:
        message = re.sub(english, chinese, message)
    return message


class ContractCommand(BaseCommand):
    """按约定应答的命令。默认不碰数据库。"""

    requires_system_checks = []
    _called_from_command_line: bool

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = ChineseParser(
            prog=f"yangguang {subcommand}", description=self.help or None, add_help=True
        )
        parser.add_argument(
            "--version", action="version", version=self.get_version(), help="显示版本"
        )
        _add_common(parser)
        parser.set_defaults(verbosity=1, skip_checks=True, json=False)
        self.add_contract_arguments(parser)
        return parser

    def add_action(self, actions: Any, name: str, help: str) -> CommandParser:  # noqa: A002
        """加一个子命令，写在它后面的 --json 等公共选项同样有效。``actions`` 来自 add_subparsers。"""
        parser: CommandParser = actions.add_parser(name, help=help, description=help)
        _add_common(parser, suppressed=True)
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
            if self._called_from_command_line:
                raise
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


def _add_common(parser: CommandParser, suppressed: bool = False) -> None:
    """公共选项。子命令里的那一份没有默认值，免得盖掉写在前面的。"""
    hidden: dict[str, Any] = {"help": argparse.SUPPRESS}
    if suppressed:
        hidden["default"] = argparse.SUPPRESS
    for flag in ("--settings", "--pythonpath"):
        parser.add_argument(flag, **hidden)
    parser.add_argument("--verbosity", "-v", type=int, **hidden)
    for flag in ("--traceback", "--no-color", "--force-color", "--skip-checks"):
        parser.add_argument(flag, action="store_true", **hidden)
    parser.add_argument("--json", action="store_true", **{**hidden, "help": "只输出一个 JSON 值"})
