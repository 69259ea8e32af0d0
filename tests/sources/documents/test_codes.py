"""文种、主题分类是有日期的代码：选今天现行的，念那天的说法；停用了不再给人选，从前选的照样看得到。"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.actors import actor
from tests.api import HANDED, Api, fault
from tests.sources.articles.conftest import written
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.codes.rules import Entry
from yangguang.foundation.codes.services import add_code, end_code, revise_code
from yangguang.foundation.lifecycle.services import Refused
from yangguang.hub.publications.codes import SUBJECTS, subject_code
from yangguang.hub.publications.kinds import kind
from yangguang.hub.publications.recoding import recode
from yangguang.hub.publications.subjects import CODES
from yangguang.sources.documents.circulation import DOCUMENT_TYPES
from yangguang.sources.documents.codes import TYPE_CODES, TYPES, type_code
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.parsing import parse_document
from yangguang.sources.documents.services import draft, edit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
LIST = "/workbench/documents/"


@pytest.fixture
def keeper(town: Town) -> Actor:
    """本平台最上一级机构的监督员。"""
    return actor("supervisor", town.organisation)


def payload(document: OfficialDocument) -> dict[str, Any]:
    return kind("document").payload(OfficialDocument.objects.get(pk=document.pk))


def test_the_types_are_exactly_those_of_the_eighth_article_each_with_its_item() -> None:
    codes = dict.fromkeys(entry.code for entry in TYPES.packaged)
    assert len(DOCUMENT_TYPES) == len(codes) == 15
    assert all("第八条第" in entry.legal_basis for entry in TYPES.packaged)
    assert [entry.code for entry in TYPES.packaged if entry.holds(date(2027, 1, 1))] == list(codes)
    assert type_code("令") == type_code("命令") == type_code("命令（令）") == "8-3"
    assert parse_document("甘肃省人民政府令\n（第12号）\n").document_type in (None, "令")


def test_subjects_have_codes_and_no_wording_twice() -> None:
    assert len(CODES) == len(SUBJECTS.packaged)
    assert subject_code("综合政务\\政务公开") == "2-1" and subject_code("") == ""
    with pytest.raises(LookupError):
        subject_code("没有这一类")


def test_the_page_carries_the_wording_of_the_day_of_issue(town: Town, keeper: Actor) -> None:
    old = town.document(1, subject="2-1", document_type="8-3", issued_on=date(2020, 1, 2))
    new = town.document(2, subject="2-1", document_type="8-3", issued_on=date(2027, 1, 2))
    revise_code(
        SUBJECTS, Entry("2-1", "综合政务\\政务公开和政务服务", "新的目录"), since=date(2021, 1, 1),
        actor=keeper,
    )  # fmt: skip
    assert (payload(old)["subject"], payload(old)["form"]) == ("综合政务\\政务公开", "命令")
    assert payload(new)["subject"] == "综合政务\\政务公开和政务服务"
    assert payload(new)["document_type"] == "命令（令）"


def test_what_is_stopped_is_no_longer_offered_and_still_shown(town: Town, keeper: Actor) -> None:
    document = town.document(1, subject="17-6", document_type="8-8")
    end_code(
        SUBJECTS, "17-6", TODAY() - timedelta(days=1), reason="改称乡村振兴", actor=keeper
    )  # fmt: skip
    desk = sign_in(town.drafter)
    page = desk.get(f"{LIST}{document.pk}/edit/").content.decode()
    assert "民政、扶贫、救灾\\扶贫（不再使用）" in page
    assert "民政、扶贫、救灾\\扶贫" in desk.get(f"{LIST}{document.pk}/").content.decode()
    assert payload(document)["subject"] == "民政、扶贫、救灾\\扶贫"
    # 不动它的照样存得下；别的公文选不到
    assert desk.fill(f"{LIST}{document.pk}/edit/", title="改过标题").status_code == 200
    other = town.document(2)
    assert "扶贫（不再使用）" not in desk.get(f"{LIST}{other.pk}/edit/").content.decode()
    with pytest.raises(Refused, match=r"主题分类：“民政、扶贫、救灾\\扶贫”已经停用"):
        edit(other, {"subject": "17-6"}, actor=town.drafter)
    with pytest.raises(Refused, match="文种：没有“通知”这一项"):
        draft(
            {"title": "一", "document_type": "通知"}, organisation=town.organisation,
            actor=town.drafter, key="a",
        )  # fmt: skip
    add_code(
        SUBJECTS, Entry("17-b1", "民政、扶贫、救灾\\乡村振兴", "新的目录", TODAY()), actor=keeper
    )
    edit(other, {"subject": "17-b1"}, actor=town.drafter)
    assert payload(other)["subject"] == "民政、扶贫、救灾\\乡村振兴"


def test_the_same_table_serves_articles_and_the_form_takes_an_old_wording(town: Town) -> None:
    article = written(town, subject="16-1")
    assert kind("article").payload(article)["subject"] == "公安、安全、司法\\公安"
    desk = sign_in(town.drafter)
    page = desk.get(f"/workbench/articles/{article.pk}/edit/").content.decode()
    assert '<optgroup label="公安、安全、司法">' in page
    desk.fill(f"/workbench/articles/{article.pk}/edit/", subject="综合政务\\信访")
    article.refresh_from_db()
    assert article.subject == "2-7"
    refused = desk.fill(f"/workbench/articles/{article.pk}/edit/", subject="随手写的")
    assert "没有“随手写的”这一项，或者已经停用" in refused.content.decode()


def test_what_was_typed_by_hand_before_keeps_its_words(town: Town) -> None:
    """升级：认得出的改存代码，认不出的照写。"""
    rows = {1: ("通知", "综合政务\\政务公开"), 2: ("令", "自己写的主题"), 3: ("", "")}
    for number, (document_type, subject) in rows.items():
        document = town.document(number)
        OfficialDocument.objects.filter(pk=document.pk).update(
            document_type=document_type, subject=subject
        )
    recode("documents", "OfficialDocument", "document_type", TYPE_CODES)(apps, None)
    recode("documents", "OfficialDocument", "subject", CODES)(apps, None)
    found = OfficialDocument.objects.order_by("pk")
    assert [(each.document_type, each.subject) for each in found] == [
        ("8-8", "2-1"), ("8-3", "自己写的主题"), ("", ""),
    ]  # fmt: skip
    assert payload(found[1])["subject"] == "自己写的主题"
    page = sign_in(town.drafter).get(f"{LIST}{found[1].pk}/edit/").content.decode()
    assert "自己写的主题（不再使用）" in page
    recode("documents", "OfficialDocument", "subject", {c: w for w, c in CODES.items()})(apps, None)
    assert OfficialDocument.objects.get(pk=found[0].pk).subject == "综合政务\\政务公开"


def test_a_list_reads_the_table_once_however_long(town: Town) -> None:
    desk = sign_in(town.drafter)
    desk.post(f"{LIST}columns/", {"column": ["state", "document_type", "subject"]})

    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            page = desk.get(LIST).content.decode()
        assert "综合政务\\信访" in page and "通知" in page
        return len(made)

    town.document(1, subject="2-7", document_type="8-8")
    cost()
    one = cost()
    for number in range(2, 9):
        town.document(number, subject="2-7", document_type="8-8")
    assert cost() == one


def test_a_system_hands_in_wordings_or_codes_of_today(system: Api) -> None:
    for number, document_type in enumerate(("通知", "8-8")):
        elements = {
            "document_type": document_type, "subject": "综合政务\\信访",
            "document_number": f"测州办发〔2020〕{number + 1}号",
        }  # fmt: skip
        answer = system.hand_in({**HANDED, "elements": elements}, key=f"k{number}")
        assert answer.status_code == 201, answer.json()
    found = OfficialDocument.objects.values_list("document_type", "subject")
    assert set(found) == {("8-8", "2-7")}
    refused = fault(system.hand_in({**HANDED, "elements": {"subject": "随手写的"}}, key="k9"), 422)
    (told,) = refused["errors"]
    assert told["pointer"] == "#/elements/subject" and "没有“随手写的”这一项" in told["detail"]
