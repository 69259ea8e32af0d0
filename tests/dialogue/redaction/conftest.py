"""一件申请，和遮盖一份文件的办法。"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.actors import actor
from tests.dialogue.redaction.papers import IDENTITY, pdf, text
from tests.dialogue.requests.conftest import Hall, hall_of, key
from tests.town import Town, founded
from yangguang.dialogue.redaction.models import Redaction
from yangguang.dialogue.redaction.services import begin, make, mark
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.foundation.accounts.rules import Actor

DAY = date(2020, 10, 12)
TITLE = "低保评议公示结果"
ONE_PAGE = pdf(text(IDENTITY, 100, 300) + text("kept", 120, 400))


@dataclass
class Room:
    """区分处理的一间屋：一件申请，经办人，核对的人。"""

    hall: Hall
    request: DisclosureRequest
    officer: Actor
    reviewer: Actor
    approver: Actor

    def begun(self, content: bytes = ONE_PAGE, name: str = "原件.pdf", **given: Any) -> Redaction:
        """打开了一份文件。"""
        values = {"content": content, "name": name, "actor": self.officer, "key": key(), **given}
        return begin(self.request, TITLE, **values)

    def marked(self, content: bytes = ONE_PAGE, **given: Any) -> Redaction:
        """找到的都遮了。"""
        redaction = self.begun(content, **given)
        boxes = [box for each in redaction.suggestions for box in each.boxes]
        return mark(redaction, boxes, [], actor=self.officer, seen=redaction.updated_at)

    def made(self, content: bytes = ONE_PAGE) -> Redaction:
        """做成了的。"""
        redaction = self.marked(content)
        make(redaction, actor=self.officer, key=key())
        redaction.refresh_from_db()
        return redaction


@pytest.fixture
def room(db: None, settings: Any) -> Room:
    """有一件正在办的申请。"""
    return room_of(founded(), settings)


def room_of(town: Town, settings: Any) -> Room:
    """在一个小州收一件申请。"""
    hall = hall_of(town, settings)
    request = hall.under_review(DAY)
    reviewer = actor("secrecy_reviewer", town.organisation)
    return Room(hall, request, hall.officer, reviewer, town.approver)
