"""站外链接的测试材料：首页上有一块文字，里面写着站外的链接；站外的网站由测试说怎样答。"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.outlets.blocks.conftest import desk, home, kinds_registered  # noqa: F401
from tests.outlets.website.conftest import Desk
from yangguang.foundation.lifecycle.services import perform
from yangguang.outlets.blocks.models import BlockPage
from yangguang.outlets.blocks.services import save_block
from yangguang.outlets.links import services
from yangguang.outlets.links.probing import Answer

Answers = dict[str, Answer]
Write = Callable[..., None]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """站外的网站怎样答；没有写的都打得开。"""
    told: Answers = {}
    monkeypatch.setattr(services, "probe", lambda url, agent: told.get(url, Answer("", 200)))
    monkeypatch.setattr(services, "PAUSE_SECONDS", 0.0)
    return told


@pytest.fixture
def write(desk: Desk, home: BlockPage) -> Write:  # noqa: F811
    """首页上写着这几个链接，发布、烘好。"""

    def written(*urls: str) -> None:
        body = "，".join(f"[此处]({url})" for url in urls) or "没有链接。"
        values: dict[str, Any] = {"heading": "", "body": body}
        save_block(home, "text", values, actor=desk.actor, key=desk.key(), id="links")
        perform(home, "publish", actor=desk.actor, key=desk.key())
        desk.follow()

    return written
