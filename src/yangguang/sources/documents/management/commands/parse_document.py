"""读出公文的要素：标题、文号、机关、日期、文种、公开属性、附件。"""

from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, BadInput, ContractCommand, read_given_file
from yangguang.sources.documents.rules import ParsedDocument, parse_document

_LABELS = {
    "title": "标题",
    "document_number": "发文字号",
    "issuers": "发文机关",
    "addressees": "主送机关",
    "written_on": "成文日期",
    "document_type": "文种",
    "disclosure": "公开属性",
    "disclosure_mark": "公开标注",
    "attachments": "附件",
}
_DISCLOSURES = {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}


class Command(ContractCommand):
    """读公文（txt、docx、pdf），说出它的要素；不碰数据库。

    带密级标志的不读；成文日期不成立的指出来，退出码 2。
    """

    help = "读出公文的要素：标题、文号、机关、日期、文种、公开属性、附件"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="txt、docx 或 pdf 文件")

    def answer(self, **options: Any) -> Answer:
        parsed = parse_document(read_given_file(options["file"]))
        if parsed.problems:
            raise BadInput("\n".join(parsed.problems))
        return Answer(parsed.as_json(), _for_people(parsed))


def _for_people(parsed: ParsedDocument) -> str:
    """给人看的几行字；存疑的注明。"""
    lines = []
    for name, value in parsed.as_json().items():
        if name == "uncertain":
            continue
        shown = "、".join(value) if isinstance(value, list) else value
        if name == "disclosure":
            shown = _DISCLOSURES.get(str(value), "")
        doubt = "（存疑，请核对）" if name in parsed.uncertain else ""
        lines.append(f"{_LABELS[name]}：{shown or '未写明'}{doubt}")
    return "\n".join(lines)
