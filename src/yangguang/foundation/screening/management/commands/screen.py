"""yangguang screen 文件：内容检测。"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, BadInput, ContractCommand
from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.extraction import read_text
from yangguang.foundation.screening.rules import KINDS, screen


class Command(ContractCommand):
    """检测一份文件。"""

    help = "检测身份证号、手机号、银行卡号和密级标志；有必须拦下的，退出码为 1"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """文件。"""
        parser.add_argument("file", metavar="文件", type=Path, help="txt、docx 或 pdf")

    def answer(self, **options: Any) -> Answer:
        """检测的结果。"""
        try:
            text = read_text(options["file"]).text
        except Unreadable as error:
            raise BadInput(str(error)) from error
        findings = screen(text)
        data = {"findings": [vars(finding) for finding in findings]}
        lines = [
            f"{'拦下' if f.severity == 'block' else '提醒'}　{KINDS[f.kind]}　"
            f"第 {f.start + 1}—{f.end} 字：{f.text.strip()}　建议：{f.suggestion}"
            for f in findings
        ]
        return Answer(
            data,
            "\n".join(lines) or "没有发现需要处理的内容。",
            holds=not any(f.severity == "block" for f in findings),
        )
