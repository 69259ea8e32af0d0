"""登记到资源库的关：发布、更正都从这里过。"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.publications.kinds import Attachment

from .selectors import Examination, examine, text_findings
from .services import note_at_publication
from .wording import excerpt, sentence


@dataclass(frozen=True)
class ExaminedRecord:
    """看过的一条记录。"""

    examination: Examination
    record: Model | None

    @property
    def reasons(self) -> Sequence[str]:
        """不能公开的缘由。"""
        return self.examination.reasons

    def note(self, *, actor: Actor, at: datetime) -> None:
        """随发布记下三关各由谁把的。"""
        if self.record is not None:
            note_at_publication(self.record, self.examination, actor=actor, at=at)


class ScreeningGate:
    """三关。"""

    def examine(
        self, payload: Mapping[str, Any], files: Iterable[Attachment], record: Model | None
    ) -> ExaminedRecord:
        """看一份将要公开的内容。"""
        return ExaminedRecord(examine(payload, files, record), record)

    def text_faults(self, text: str, where: str) -> list[str]:
        """一段文字里必须拦下的，每条一句，说明在第几行。"""
        return [
            f"{where}第 {text.count(chr(10), 0, found.start) + 1} 行"
            f"{sentence(found.kind, excerpt(found), found.suggestion)}"
            for found in text_findings(text)
            if found.severity == "block"
        ]
