"""接口：别的系统交公文。只成为草稿；没有公开属性的，从哪条路来都送不了审；涉密的不留痕迹。"""

import base64
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from docx import Document

from tests.api import HANDED, Api, Issue, fault
from tests.town import TEXT, Town
from tests.workbench import sign_in
from yangguang.foundation.api.document import document
from yangguang.foundation.api.models import Done
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def docx(*lines: str) -> bytes:
    made, stream = Document(), BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(stream)
    return stream.getvalue()


def test_what_a_system_hands_in_becomes_a_draft_of_its_organisation(
    town: Town, system: Api
) -> None:
    answer = system.hand_in()
    made = OfficialDocument.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": made.pk, "state": "draft", "title": made.title, "document_number": "测州办发〔2020〕7号",
        "disclosure": "proactive", "uncertain": [], "workbench": f"/workbench/documents/{made.pk}/",
    }  # fmt: skip
    assert (made.organisation, made.stage) == (town.organisation, "execution")
    step = TransitionRecord.objects.get(content_type__model="officialdocument")
    assert (step.event, step.user.display_name) == ("create", "州政府办公室公文系统（接口）")
    assert AuditEvent.objects.filter(action="documents.create", user=step.user).count() == 1


def test_the_organisations_people_go_on_with_it_on_the_workbench(town: Town, system: Api) -> None:
    address = system.hand_in().headers["Location"]
    page = sign_in(town.drafter).fill(f"{address}edit/", columns=[str(town.column.pk)])
    assert page.status_code == 200
    made = OfficialDocument.objects.get()
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter),
    ):  # fmt: skip
        perform(made, event, actor=who, key=event)
    assert made.state == "published"


def test_without_a_disclosure_attribute_it_is_taken_in_but_cannot_be_submitted(
    town: Town, system: Api
) -> None:
    text = TEXT.format(number=7).replace("（此件公开发布）", "")
    assert (
        system.hand_in({"text": text, "elements": {"stage": "execution"}}).json()["disclosure"]
        is None
    )
    made = OfficialDocument.objects.get()
    OfficialDocument.objects.update(uncertain=[])
    with pytest.raises(Refused, match="先定公开属性"):
        perform(made, "submit", actor=town.drafter, key="s")
    made.refresh_from_db()
    assert made.state == "draft"


def test_the_api_has_no_way_but_handing_in_drafts() -> None:
    writing = [
        (method, path)
        for path, methods in document()["paths"].items()
        for method in methods
        if method != "get"
    ]
    assert writing == [("post", "/api/v1/documents"), ("post", "/api/v1/ledger")]


def test_a_file_and_attachments_are_read_and_kept(town: Town, system: Api) -> None:
    body = {
        "file": {
            "name": "通知.docx",
            "content": encoded(docx(*TEXT.format(number=7).splitlines())),
        },
        "attachments": [{"name": "附表.txt", "content": encoded("一览表".encode())}],
    }
    answer = system.hand_in(body)
    assert answer.status_code == 201, answer.content.decode()
    made = OfficialDocument.objects.get()
    assert made.document_number == "测州办发〔2020〕7号"
    assert [file.name for file in made.files()] == ["附表.txt"]


@pytest.mark.parametrize(
    "body",
    [
        {"text": "机密★一年\n" + HANDED["text"]},
        {**HANDED, "elements": {"title": "秘密★5年 关于某事的通知"}},
        {"file": {"name": "绝密★.txt", "content": encoded(HANDED["text"].encode())}},
        {**HANDED, "attachments": [{"name": "a.txt", "content": encoded("机密★长期\n".encode())}]},
        {**HANDED, "attachments": [{"name": "机密★.txt", "content": encoded(b"x")}]},
    ],
)
def test_what_is_classified_is_refused_and_leaves_nothing(body: Any, system: Api) -> None:
    before = {p for p in Path(settings.VAR_ROOT).rglob("*") if p.is_file()}
    events = AuditEvent.objects.count()
    told = fault(system.hand_in(body), 422)
    assert "密级标志" in told["detail"] and "机密" not in told["detail"].replace("密级", "")
    assert not (OfficialDocument.objects.exists() or StoredFile.objects.exists())
    assert not Done.objects.exists()
    assert AuditEvent.objects.count() == events
    assert {p for p in Path(settings.VAR_ROOT).rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("body", "pointer", "told"),
    [
        ({}, "#", "text 和 file"),
        ({"text": "甲", "file": {"name": "a", "content": ""}}, "#", "text 和 file"),
        ([], "#", "对象"),
        ({"text": 5}, "#/text", "文字"),
        ({"text": "甲\0乙"}, "#/text", "空字符"),
        ('{"text": "\\ud800"}', "#/text", "UTF-8"),
        ({"text": "甲", "elements": {"stage": "其他"}}, "#/elements/stage", "decision、execution"),
        ({"text": "甲", "elements": {"written_on": "2020-02-30"}}, "#/elements/written_on", "2020-10-20"),
        ({"text": "甲", "elements": {"title": "长" * 501}}, "#/elements/title", "最多 500 个字"),
        ({"text": "甲", "elements": {"state": "published"}}, "#/elements/state", "没有这一项"),
        ({"text": "甲", "elements": {"issuers": ["甲"] * 51}}, "#/elements/issuers", "最多 50 个"),
        ({"text": "甲", "attachments": [{"name": "a", "content": "!"}]}, "#/attachments/0/content", "Base64"),
        ({"file": {"name": "a.doc", "content": encoded(b"\xd0\xcf\x11\xe0")}}, "#/file/content", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_pointed_at_and_told_in_chinese(
    body: Any, pointer: str, told: str, system: Api
) -> None:
    places = fault(system.hand_in(body), 422)["errors"]
    assert [p["pointer"] for p in places] == [pointer]
    assert told in places[0]["detail"]
    assert not re.search("[A-Za-z]{12,}", places[0]["detail"]), "没有英文的句子"
    assert not OfficialDocument.objects.exists()


@pytest.mark.parametrize(
    "body", ["{", "", '{"text": ' + "[" * 5000, '{"text": ' + "9" * 5000 + "}"]
)
def test_what_is_no_json_is_told(body: str, system: Api) -> None:
    answer = system.hand_in(body)
    assert answer.status_code in (400, 415, 422)
    fault(answer, answer.status_code)


def test_a_form_is_told_to_come_as_json(system: Api) -> None:
    headers = {"Authorization": f"Bearer {system.key}", "Idempotency-Key": "k"}
    answer = system.client.post("/api/v1/documents", {"text": "甲"}, headers=headers)
    assert "application/json" in fault(answer, 415)["detail"]


def test_what_is_too_large_is_told_before_it_is_read(system: Api) -> None:
    assert "10 MB" in fault(system.hand_in({"text": "长" * 4_000_000}), 413)["detail"]


def test_a_number_that_is_taken_is_refused_here_and_on_the_workbench(
    town: Town, system: Api
) -> None:
    town.document(7)
    told = fault(system.hand_in(), 422)
    assert "测州办发〔2020〕7号" in told["detail"] and "已经有了" in told["detail"]
    page = sign_in(town.drafter).post(
        "/workbench/documents/new/", {"key": "again", "text": TEXT.format(number=7)}
    )
    assert page.status_code == 422 and "已经有了" in page.content.decode()
    other = town.document(8)
    edited = sign_in(town.drafter).fill(
        f"/workbench/documents/{other.pk}/edit/", document_number=["测州办发〔2020〕7号"]
    )
    assert edited.status_code == 422 and "已经有了" in edited.content.decode()
    assert OfficialDocument.objects.count() == 2


def test_a_title_longer_than_fits_is_cut_marked_doubtful_and_kept_in_the_text(
    town: Town, system: Api
) -> None:
    title = "关于印发" + "很长的" * 200 + "方案的通知"
    answer = system.hand_in(
        {"text": f"{title}\n\n各县：\n执行。\n\n测试州人民政府\n2020年9月25日\n"}
    )
    assert answer.status_code == 201
    made = OfficialDocument.objects.get()
    assert len(made.title) <= 500
    if len(made.title) == 500:
        assert "title" in made.uncertain


def test_a_key_of_a_role_that_takes_nothing_in_is_refused(town: Town, issue: Issue) -> None:
    issued = issue()
    issued.key.assignment.role = "reviewer"
    issued.key.assignment.save()
    assert fault(Api(str(issued.token)).hand_in(), 403)
