"""annual_report：年度报告的核对。"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from yangguang.dialogue.requests.annual_check import NotAReport, check, read_report
from yangguang.foundation.commands import Answer, BadInput, ContractCommand

LARGEST = 10 * 1024 * 1024
SEVERITIES = {"error": "错误", "warning": "提醒"}


class Command(ContractCommand):
    """核对一份年度报告的表三、表四；有错误退出 1。"""

    help = "政府信息公开工作年度报告：表三、表四的勾稽。"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="check", required=True)
        checking = self.add_action(actions, "check", "核对表三、表四的勾稽")
        checking.add_argument("file", metavar="文件", help="JSON：form、table3、table4、previous")

    def answer(self, **options: Any) -> Answer:
        try:
            report = read_report(_value(Path(options["file"])))
        except NotAReport as fault:
            raise BadInput(str(fault)) from fault
        found = check(report)
        errors = sum(each.severity == "error" for each in found)
        told = [f"{each.rule} {SEVERITIES[each.severity]}：{each.message}" for each in found]
        return Answer(
            {"findings": [asdict(each) for each in found]},
            "\n".join(told or ["各格都合。"]),
            holds=not errors,
        )


def _value(path: Path) -> Any:
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"参数 文件：{path} 太大。")
        return json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_once)
    except OSError as error:
        raise BadInput(f"参数 文件：打不开 {path}。") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"参数 文件：{path} 不是 UTF-8 编码。") from error
    except json.JSONDecodeError as error:
        raise BadInput(
            f"参数 文件：{path} 第 {error.lineno} 行第 {error.colno} 字不是正确的 JSON。"
        ) from error
    except ValueError as error:
        raise BadInput(f"参数 文件：{path} 里有一个数，位数太多。") from error
    except RecursionError as error:
        raise BadInput(f"参数 文件：{path} 套得太深。") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """一个对象；同一项写了两次的不悄悄取最后一个。"""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadInput(f"参数 文件：“{name}”在同一处写了两次。")
        found[name] = value
    return found
