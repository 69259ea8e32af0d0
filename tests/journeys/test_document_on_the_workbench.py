"""一份公文在工作台上走一遍。

信息员贴上全文收文，对照原文核对要素、定公开属性和栏目，送审；审核人退回一次，说明理由；改好再送，
审核通过，签发人签发；信息员发布，公众在网站上看到。每一步都由该办的人在页面上办。
"""

import pytest

from tests.town import TEXT, Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.hub.publications.models import Publication
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def desks(town: Town) -> dict[str, Desk]:
    return {role: sign_in(getattr(town, role)) for role in ("drafter", "reviewer", "approver")}


def test_a_document_travels_from_intake_to_the_public(town: Town, desks: dict[str, Desk]) -> None:
    drafter, reviewer, approver = desks["drafter"], desks["reviewer"], desks["approver"]

    taken = drafter.fill("/workbench/documents/new/", text=TEXT.format(number=7))
    document = OfficialDocument.objects.get()
    assert taken.redirect_chain[-1][0] == f"/workbench/documents/{document.pk}/edit/"
    assert document.document_number == "测州办发〔2020〕7号"
    page = taken.content.decode()
    assert "对照原文核对" in page and "现将《第7号工作方案》印发给你们" in page

    home = f"/workbench/documents/{document.pk}/"
    blocked = drafter.get(home).content.decode()
    assert "缺少五公开类别。" in blocked
    refused = drafter.fill(f"{home}do/submit/")
    assert refused.status_code == 422 and "缺少五公开类别。" in refused.content.decode()

    drafter.fill(f"{home}edit/", stage="decision", columns=[str(town.column.pk)])
    drafter.fill(f"{home}do/submit/")
    assert "审核" in reviewer.get("/workbench/").content.decode()

    without_reason = reviewer.fill(f"{home}do/return/", message="")
    assert without_reason.status_code == 422
    reviewer.fill(f"{home}do/return/", message="第二段请写明依据。")
    returned = drafter.get("/workbench/").content.decode()
    assert "退回我的" in returned and "第二段请写明依据。" in returned

    drafter.fill(f"{home}edit/", subject="综合政务")
    drafter.fill(f"{home}do/submit/")
    reviewer.fill(f"{home}do/pass/")
    approver.fill(f"{home}do/approve/")
    document.refresh_from_db()
    assert document.publish_due is not None
    drafter.fill(f"{home}do/publish/")

    publication = Publication.objects.get()
    assert publication.title == document.title
    assert "看公开页面" in drafter.get(home).content.decode()
    events = list(
        TransitionRecord.objects.filter(object_id=document.pk).values_list("event", flat=True)
    )
    assert events == ["create", "submit", "return", "submit", "pass", "approve", "publish"]
    assert AuditEvent.objects.filter(action="documents.publish").count() == 1


def test_a_double_click_does_nothing_twice(town: Town, desks: dict[str, Desk]) -> None:
    drafter = desks["drafter"]
    drafter.fill("/workbench/documents/new/", text=TEXT.format(number=8), key="same")
    drafter.fill("/workbench/documents/new/", text=TEXT.format(number=8), key="same")
    assert OfficialDocument.objects.count() == 1


def test_a_classified_mark_is_refused_and_the_page_does_not_repeat_it(
    town: Town, desks: dict[str, Desk]
) -> None:
    secret = "机密★5年\n" + TEXT.format(number=9) + "绝不能留下的一句"
    page = desks["drafter"].fill("/workbench/documents/new/", text=secret)
    assert page.status_code == 422
    assert "涉密文件不得在本系统存储" in page.content.decode()
    assert "绝不能留下的一句" not in page.content.decode()
    assert not OfficialDocument.objects.exists()


def test_what_was_typed_stays_when_someone_else_saved_first(
    town: Town, desks: dict[str, Desk]
) -> None:
    drafter = desks["drafter"]
    document = town.document()
    address = f"/workbench/documents/{document.pk}/edit/"
    opened = drafter.form(address)
    drafter.fill(address, original_number="别人先改的")
    late = drafter.post(address, {**opened, "original_number": "我填的"})
    assert late.status_code == 422
    page = late.content.decode()
    assert "您打开之后有人改过这条记录" in page and "我填的" in page
    document.refresh_from_db()
    assert document.original_number == "别人先改的"
