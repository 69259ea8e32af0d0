"""先定公开属性，再运转呈签：从哪个入口都绕不过去。

表单、成批、导入、接口、脚本、直接调用服务、直接写库，一样一样试。
"""

import base64
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.api import Api
from tests.town import ON_REQUEST, TEXT, Town
from tests.workbench import sign_in
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import Refused, perform, perform_all
from yangguang.sources.documents.disclosure import (
    REASONS,
    choice_fault,
    disclosure_faults,
    offered,
)
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import edit, take_in

pytestmark = pytest.mark.django_db
UNSET = "尚未确定公开属性：先定公开属性，再送审。"


def still_a_draft(document: OfficialDocument) -> None:
    document.refresh_from_db()
    assert document.state == "draft"
    assert not TransitionRecord.objects.filter(object_id=document.pk).exclude(event="create")


# ---- 规则 ----


def test_grounds_of_withholding_do_not_serve_what_is_given_on_request() -> None:
    faults = disclosure_faults("on_request", "16-1", "内部事务", is_norm=False)
    assert faults == ["依申请公开须选定它自己的理由类别，不能用不予公开的依据。"]
    faults = disclosure_faults("withheld", "request-subject", "内部事务", is_norm=False)
    assert faults == ["不予公开须选定条例第十四条至第十六条的具体依据。"]


@pytest.mark.parametrize("disclosure", ["on_request", "withheld"])
def test_a_reason_wants_both_its_code_and_words(disclosure: str) -> None:
    assert len(disclosure_faults(disclosure, "", " ", is_norm=False)) == 2


@pytest.mark.parametrize("disclosure", ["on_request", "withheld"])
def test_a_norm_is_always_proactive(disclosure: str) -> None:
    (fault,) = disclosure_faults(disclosure, "16-1", "理由", is_norm=True)
    assert "行政规范性文件须主动公开" in fault
    assert disclosure_faults("proactive", "", "", is_norm=True) == []


def test_codes_are_dated_and_a_stopped_one_is_kept_but_not_offered() -> None:
    codes = {code for _, group in offered(date(2027, 1, 1)) for code, _ in group}
    assert "request-earlier" not in codes and {"14-law", "16-1", "request-matter"} <= codes
    kept = offered(date(2027, 1, 1), kept="request-earlier")
    assert ("request-earlier", "从前定的，没有分类") in kept[0][1]
    assert offered(date(2018, 1, 1)) == [("依申请公开", []), ("不予公开", [])]
    assert "已经停用" in choice_fault("request-earlier", date(2027, 1, 1))
    assert "没有这种" in choice_fault("17", date(2027, 1, 1))
    assert {reason.disclosure for reason in REASONS} == {"on_request", "withheld"}


# ---- 入口 ----


def test_by_form(town: Town) -> None:
    document = town.document(1, disclosure="")
    desk = sign_in(town.drafter)
    home = f"/workbench/documents/{document.pk}/"
    assert UNSET in desk.get(home).content.decode()
    refused = desk.fill(f"{home}do/submit/")
    assert refused.status_code == 422 and UNSET in refused.content.decode()
    still_a_draft(document)


def test_by_bulk(town: Town) -> None:
    good, bad = town.document(1), town.document(2, disclosure="")
    desk = sign_in(town.drafter)
    path = f"/workbench/documents/bulk/?event=submit&pk={good.pk}&pk={bad.pk}"
    page = desk.get(path).content.decode()
    assert UNSET in page
    desk.post(
        "/workbench/documents/bulk/",
        {"event": "submit", "pk": [good.pk, bad.pk], "key": "bulk", "message": ""},
    )
    still_a_draft(bad)
    good.refresh_from_db()
    assert good.state == "in_review"


def test_by_import(town: Town) -> None:
    """收文收进来的，原文没有标注，就停在起草。"""
    text = TEXT.format(number=1).replace("（此件公开发布）", "")
    document = take_in(
        text, organisation=town.organisation, actor=town.drafter, key="import",
        overrides={"stage": "execution"},
    )  # fmt: skip
    with pytest.raises(Refused, match="尚未确定公开属性"):
        perform(document, "submit", actor=town.drafter, key="s")
    still_a_draft(document)


def test_by_api(town: Town, system: Api) -> None:
    text = TEXT.format(number=1).replace("（此件公开发布）", "")
    answer = system.hand_in({"text": text})
    assert answer.status_code == 201 and answer.json()["state"] == "draft"
    assert OfficialDocument.objects.get().disclosure == ""
    norm = {"is_norm": True, "disclosure": "withheld", "disclosure_ground": "16-1"}
    content = base64.b64encode(TEXT.format(number=2).encode()).decode()
    for number, body in enumerate(
        (
            {"text": text, "state": "in_review"},
            {"text": text, "elements": {"state": "in_review"}},
            {"text": text, "elements": {"disclosure": "公开"}},
            {"file": {"name": "甲.txt", "content": content}, "elements": norm},
        )
    ):
        assert system.hand_in(body, key=f"bad-{number}").status_code == 422
    assert OfficialDocument.objects.count() == 1


def test_by_service(town: Town) -> None:
    document = town.document(1, disclosure="")
    with pytest.raises(Refused):
        perform(document, "submit", actor=town.drafter, key="one")
    with pytest.raises(Refused):
        perform_all([document], "submit", actor=town.drafter, key="all", messages={})
    # 内存里的对象改成有，也没有用：以库里的为准
    document.disclosure = "proactive"
    with pytest.raises(Refused):
        perform(document, "submit", actor=town.drafter, key="two")
    still_a_draft(document)


@pytest.mark.parametrize(
    "bad",
    [
        {"disclosure": ""},
        {"disclosure": "withheld"},
        {"disclosure": "withheld", "disclosure_ground": "16-1"},
        {"disclosure": "on_request", "disclosure_reason": "只涉及甲"},
    ],
)
def test_by_script(town: Town, bad: dict[str, Any]) -> None:
    """脚本直接写库的，数据库自己拒绝。"""
    document = town.document(1, disclosure="")
    rows = OfficialDocument.objects.filter(pk=document.pk)
    for state in ("in_review", "approved", "published", "withdrawn"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state, **bad)
    document.state = "in_review"
    for name, value in bad.items():
        setattr(document, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save()
    still_a_draft(document)


def test_a_norm_cannot_be_stored_as_anything_else(town: Town) -> None:
    document = town.document(1, is_norm=True)
    with pytest.raises(Refused, match="行政规范性文件须主动公开"):
        edit(document, dict(ON_REQUEST), actor=town.drafter)
    with pytest.raises(Refused, match="行政规范性文件须主动公开"):
        town.document(2, is_norm=True, **ON_REQUEST)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialDocument.objects.filter(pk=document.pk).update(**ON_REQUEST)


def test_what_is_published_does_not_lose_its_attribute_while_it_is_revised(town: Town) -> None:
    document = town.document()
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter), ("revise", town.drafter),
    ):  # fmt: skip
        perform(document, event, actor=who, key=event, message="改")
    with pytest.raises(Refused, match="尚未确定公开属性"):
        edit(document, {"disclosure": ""}, actor=town.drafter)


def test_a_stopped_code_is_not_chosen_anew(town: Town) -> None:
    document = town.document(1, disclosure="")
    with pytest.raises(Refused, match="已经停用"):
        edit(
            document, {**ON_REQUEST, "disclosure_ground": "request-earlier"}, actor=town.drafter
        )  # fmt: skip


def test_the_typed_reason_stays_when_the_form_is_refused(town: Town) -> None:
    document = town.document()
    page = sign_in(town.drafter).fill(
        f"/workbench/documents/{document.pk}/edit/", is_norm="on", **ON_REQUEST
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "行政规范性文件须主动公开" in text and "仅涉及特定对象" in text
