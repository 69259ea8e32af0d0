"""演示的一期公报：排得出 PDF 的公布，排不出的停在签发；再来一遍只接着办。"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.actors import actor
from tests.api import publish
from tests.town import Town
from yangguang.demo import gazette
from yangguang.demo.gazette import print_gazette
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.typesetting import NoPango
from yangguang.hub.publications.models import Publication
from yangguang.outlets.gazette import services
from yangguang.outlets.gazette.models import GazetteIssue


class Hands:
    """小州里替演示办事的人。"""

    def __init__(self, town: Town) -> None:
        self.town = town

    def named(self, username: str) -> Actor:
        return actor("gazette_editor", self.town.organisation)

    def at(self, code: str, role: str) -> Actor:
        return self.town.approver


@pytest.fixture
def told(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(gazette, "UNIT", town.organisation.code)
    path = tmp_path / "gazette.json"
    path.write_text(
        json.dumps(
            {"name": "公报", "year": 2020, "number": 1, "running": 1, "dated_on": "2020-09-30",
             "columns": [town.column.code], "documents": ["测州办发〔2020〕1号"]}
        )
    )  # fmt: skip
    publish(town, 1)
    publish(town, 2)
    return path


def test_it_is_published_as_of_its_day_marked_and_a_second_run_adds_nothing(
    town: Town, told: Path
) -> None:
    assert print_gazette(told, Hands(town)) == "已公布"
    issue = GazetteIssue.objects.get()
    (entry,) = issue.entries.all()
    assert entry.publication.document_number == "测州办发〔2020〕1号"
    shown = Publication.objects.get(kind="gazette_issue")
    assert shown.is_demonstration and shown.published_at_source.startswith("演示补录")
    assert shown.published_at.date().isoformat() == "2020-09-29"  # 零时，世界时在前一天
    before = TransitionRecord.objects.count()
    assert print_gazette(told, Hands(town)) == "已公布"
    assert TransitionRecord.objects.count() == before


def test_without_pango_it_waits_for_the_signature_and_goes_on_when_there_is_one(
    town: Town, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(content: Any) -> Any:
        raise NoPango

    with monkeypatch.context() as without:
        without.setattr(services, "typeset", missing)
        assert print_gazette(told, Hands(town)) == "没有排成 PDF，停在签发"
        assert print_gazette(told, Hands(town)) == "没有排成 PDF，停在签发"
    assert GazetteIssue.objects.get().state == "in_approval"
    assert print_gazette(told, Hands(town)) == "已公布"
