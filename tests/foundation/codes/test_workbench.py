"""代码表的工作台：添、改、停用，都留着从前；公文照它选依据，停用了的送不了审。"""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.actors import actor, organisation
from tests.hub.publications.test_sharing_workbench import text
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.codes.models import CodeEntry
from yangguang.foundation.codes.rules import Entry
from yangguang.foundation.codes.selectors import choices_on, entries_of, label_on
from yangguang.foundation.codes.services import add_code, end_code, revise_code
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.sources.documents.codes import TABLES

TABLE = "/workbench/codes/grounds-withheld/"
GROUNDS = TABLES["withheld"]
LAW = "《政府信息公开条例》第十六条"


@pytest.fixture
def desk(town: Town) -> Desk:
    return sign_in(actor("supervisor", town.organisation))


def test_a_supervisor_adds_rewords_and_ends_and_nothing_is_deleted(town: Town, desk: Desk) -> None:
    today = timezone.localdate()
    assert "商业秘密" in text(desk.get(TABLE)) and not CodeEntry.objects.exists()
    assert "不予公开的理由" in text(desk.get("/workbench/codes/"))
    answer = desk.fill(f"{TABLE}new/", code="16-3", label="监督检查过程", legal_basis=LAW)
    assert "已添上" in text(answer) and "监督检查过程" in text(answer)
    tomorrow = today + timedelta(days=1)
    answer = desk.fill(
        f"{TABLE}16-3/revise/", label="监督检查过程信息", valid_from=tomorrow.isoformat()
    )
    assert "改用新的说法" in text(answer)
    assert label_on(GROUNDS, "16-3", today) == "监督检查过程"
    assert label_on(GROUNDS, "16-3", tomorrow) == "监督检查过程信息"
    assert "监督检查过程信息" in text(desk.get(f"{TABLE}?on={tomorrow.isoformat()}"))
    desk.fill(f"{TABLE}16-1/end/", last_day=today.isoformat(), reason="条例修改")
    assert "16-1" not in dict(choices_on(GROUNDS, tomorrow))
    assert dict(choices_on(GROUNDS, tomorrow, kept="16-1"))["16-1"].endswith("（已停用）")
    assert len(entries_of(GROUNDS)) == len(GROUNDS.packaged) + 2
    assert AuditEvent.objects.filter(action__startswith="codes.").count() == 3


def test_what_is_wrong_is_told_and_kept(desk: Desk) -> None:
    answer = desk.fill(f"{TABLE}new/", code="16-1", label="重复", legal_basis=LAW)
    assert answer.status_code == 422 and "已经用过" in text(answer)
    assert 'value="重复"' in answer.content.decode()
    assert not CodeEntry.objects.exists()
    for path in ("/workbench/codes/none/", f"{TABLE}none/end/", f"{TABLE}none/revise/"):
        assert desk.get(path).status_code == 404, path
    assert desk.get(f"{TABLE}?on=2020-99-99").status_code == 200


def test_only_the_top_of_the_platform_changes_what_all_share(town: Town) -> None:
    below = actor("supervisor", organisation("county", town.organisation, level="county"))
    assert sign_in(below).get(TABLE).status_code == 200
    assert sign_in(below).get(f"{TABLE}new/").status_code == 404
    for who in (below, town.approver):
        with pytest.raises(OutOfScope):
            add_code(GROUNDS, Entry("16-9", "另一项", LAW, date(2020, 1, 1)), actor=who)


def test_a_document_takes_a_ground_in_force_and_keeps_the_meaning_of_its_day(town: Town) -> None:
    above = actor("supervisor", town.organisation)
    document = town.document(
        disclosure="withheld", disclosure_ground="16-1", disclosure_reason="内部事务"
    )
    today = timezone.localdate()
    page = sign_in(town.drafter).get(f"/workbench/documents/{document.pk}/edit/")
    assert "内部事务信息" in page.content.decode()
    end_code(GROUNDS, "16-1", today - timedelta(days=1), reason="条例修改", actor=above)
    kept = sign_in(town.drafter).get(f"/workbench/documents/{document.pk}/edit/")
    assert "内部事务信息" in kept.content.decode()
    given = {"disclosure": "withheld", "disclosure_reason": "内部事务"}
    with pytest.raises(Refused, match="已经停用"):
        town.document(2, disclosure_ground="16-1", **given)
    add_code(GROUNDS, Entry("16-4", "机关内部事务", LAW, today), actor=above)
    document = town.document(3, disclosure_ground="16-4", **given)
    perform(document, "submit", actor=town.drafter, key="submit")
    tomorrow = today + timedelta(days=1)
    revise_code(GROUNDS, Entry("16-4", "内部事务（新）", LAW), since=tomorrow, actor=above)
    document.refresh_from_db()
    assert document.ground_label == "机关内部事务"
