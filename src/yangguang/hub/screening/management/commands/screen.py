"""yangguang screen 文件：内容检测。"""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from yangguang.foundation.commands import Answer, BadInput, ContractCommand, iso_date
from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.extraction import read_text
from yangguang.foundation.files.passages import read_passages
from yangguang.foundation.files.rules import MAX_BYTES
from yangguang.hub.screening.entries import SEVERITIES
from yangguang.hub.screening.kinds import KINDS
from yangguang.hub.screening.matching import Matcher
from yangguang.hub.screening.packaged import packaged_matcher


class Command(ContractCommand):
    """检测一份文件。"""

    help = (
        "检测个人信息、密级标志、禁用词和慎用词、领导人职务、机构名称、错别字、地名；"
        "有必须拦下的，退出码为 1"
    )

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """文件；用哪里的词典，看哪一天。"""
        parser.add_argument("file", metavar="文件", type=Path, help="txt、docx、pdf、xlsx 或 ofd")
        parser.add_argument(
            "--database", action="store_true", help="用数据库里现行的词典，不用随产品发布的"
        )
        parser.add_argument(
            "--on", type=iso_date, metavar="日期", help="职务、机构名称看哪一天的，默认今天"
        )

    def answer(self, **options: Any) -> Answer:
        """检测的结果。位置是读出的文字的第几字，从 0 数；正文之外的接在正文后面。"""
        text = _all_text(options["file"])
        on: date = options["on"] or timezone.localdate()
        findings = _matcher(options["database"]).find(text, on)
        data = {"findings": [vars(finding) for finding in findings]}
        lines = [
            f"{SEVERITIES[f.severity]}　{KINDS[f.kind]}　"
            f"第 {f.start + 1}—{f.end} 字：{f.text.strip()}　建议：{f.suggestion}"
            for f in findings
        ]
        return Answer(
            data,
            "\n".join(lines) or "没有发现需要处理的内容。",
            holds=not any(f.severity == "block" for f in findings),
        )


def _all_text(path: Path) -> str:
    """正文在前；页眉页脚、批注、文件属性等不进正文的，一处一行接在后面。"""
    body, refusal = "", ""
    try:
        body = read_text(path).text
    except Unreadable as error:
        refusal = error.reason
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
        passages = read_passages(content).passages
    except (OSError, Unreadable) as error:
        passages = ()
        refusal = refusal or getattr(error, "reason", "")
    if not body and not passages:
        raise BadInput(refusal or "文件里没有可以检测的文字。")
    return "\n".join([*filter(None, [body]), *(p.text for p in passages if p.text not in body)])


def _matcher(from_database: bool) -> Matcher:
    if from_database:
        from yangguang.hub.screening.lexicon import lexicon_for

        return lexicon_for(None).matcher
    return packaged_matcher()
