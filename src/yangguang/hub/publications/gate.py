"""发布前的最后一道检测：正文和附件里有必须拦下的内容就不能发布。

附件按摘要检测一次，结果存下；理由只说种类和位置，不重述被拦的内容。
"""

from collections.abc import Iterable, Mapping
from typing import Any

from yangguang.foundation.files.extracted import Unreadable
from yangguang.foundation.files.extraction import read_text
from yangguang.foundation.files.services import location
from yangguang.foundation.screening.rules import KINDS, screen, secret_mark

from .kinds import Attachment
from .models import FileScreening
from .rules import readable_text


def reasons_against(payload: Mapping[str, Any], files: Iterable[Attachment]) -> list[str]:
    """正文与附件不能公开的缘由，每条一句；没有则为空。"""
    reasons = text_faults(readable_text(payload), "正文")
    for file in files:
        reasons.extend(f"附件“{file.name}”：{fault}" for fault in screened(file))
    return reasons


def screened(file: Attachment) -> list[str]:
    """附件被拦下的缘由。第一次检测并存下结果，此后直接取用。"""
    known = FileScreening.objects.filter(sha256=file.sha256).first()
    if known is None:
        known, _ = FileScreening.objects.get_or_create(
            sha256=file.sha256, defaults={"reasons": _inspect(file)}
        )
    return list(known.reasons)


def _inspect(file: Attachment) -> list[str]:
    try:
        text = read_text(location(file.sha256)).text
    except Unreadable:
        # 图片、扫描件没有文字层，检测不到文字；由审核人看图把关。
        return []
    return text_faults(text, "")


def text_faults(text: str, where: str) -> list[str]:
    """一段要公开的文字里必须拦下的内容，每条一句；``where`` 说明是哪里的文字。"""
    faults = []
    if secret_mark(text):
        faults.append(f"{where}带有密级标志，涉密信息不得进入本系统。")
    for finding in screen(text):
        if finding.severity == "block" and finding.kind != "secret_mark":
            line = text.count("\n", 0, finding.start) + 1
            faults.append(f"{where}第 {line} 行疑有{KINDS[finding.kind]}，请核实并遮盖。")
    return faults
