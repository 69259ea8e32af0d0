"""发布、更正、撤回：版本不可改，索引号不重用，拒绝时一个字也不落库。"""

import io

import pytest
from django.db import DatabaseError, connection, transaction

from tests.town import Town
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.services import store
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.hub.publications.models import Change, Publication, PublicationVersion
from yangguang.hub.publications.rebuilding import check, rebuild
from yangguang.hub.publications.refreshing import refresh
from yangguang.sources.documents.services import attach, edit, publication_of


def released(town: Town, number: int = 1, **overrides: object):
    document = town.document(number, **overrides)
    for event, actor in (
        ("submit", town.drafter),
        ("pass", town.reviewer),
        ("approve", town.approver),
        ("publish", town.drafter),
    ):
        perform(document, event, actor=actor, key=f"{number}-{event}")
    return document


def test_publishing_writes_version_state_change_and_event_together(town: Town) -> None:
    document = released(town)
    publication = publication_of(document)
    assert (
        publication.index_number
        == f"{town.organisation.uscc}/{publication.published_at.year}-00001"
    )
    assert publication.title == "测试州人民政府办公室关于印发第1号工作方案的通知"
    assert publication.current_version.payload["body"]
    assert [c.action for c in Change.objects.all()] == ["publish"]
    assert AuditEvent.objects.filter(action="publications.publish").count() == 1
    assert check().broken == ()


def test_a_double_click_publishes_once(town: Town) -> None:
    document = released(town)
    perform(document, "publish", actor=town.drafter, key="1-publish")
    assert PublicationVersion.objects.count() == 1


def test_a_correction_is_a_new_version_and_the_old_one_stays(town: Town) -> None:
    document = released(town)
    perform(document, "revise", actor=town.drafter, key="r", message="标题有误")
    edit(document, {"title": "更正后的标题"}, actor=town.drafter)
    assert check().broken == ()
    perform(document, "correct", actor=town.approver, key="c", message="更正标题")
    publication = publication_of(document)
    assert publication.title == "更正后的标题"
    assert [v.payload["title"] for v in publication.versions.order_by("number")] == [
        "测试州人民政府办公室关于印发第1号工作方案的通知",
        "更正后的标题",
    ]
    assert check().broken == ()


def test_a_correction_that_changes_nothing_is_refused(town: Town) -> None:
    document = released(town)
    perform(document, "revise", actor=town.drafter, key="r", message="拟改")
    with pytest.raises(Refused, match="完全相同"):
        perform(document, "correct", actor=town.approver, key="c", message="没有改")
    document.refresh_from_db()
    assert document.state == "revising"


def test_what_was_withdrawn_and_published_again_keeps_its_index_number(town: Town) -> None:
    document = released(town)
    number = publication_of(document).index_number
    perform(document, "withdraw", actor=town.approver, key="w", message="内容有误")
    withdrawn = publication_of(document)
    assert (withdrawn.state, withdrawn.withdrawal_reason) == ("withdrawn", "内容有误")
    perform(document, "republish", actor=town.approver, key="p2", message="已核实")
    again = publication_of(document)
    assert (again.state, again.index_number, again.versions.count()) == ("published", number, 2)
    assert check().broken == ()


@pytest.mark.parametrize("said", ["身份证号 622901199003071239", "手机 13800138000"])
def test_personal_identifiers_in_the_text_stop_publication(town: Town, said: str) -> None:
    body = [{"type": "paragraph", "text": f"联系人{said}", "style": "plain"}]
    document = town.document(1, body=body)
    with pytest.raises(Refused, match="请核实并遮盖"):
        perform(document, "submit", actor=town.drafter, key="s")
    assert Publication.objects.count() == 0


def test_personal_identifiers_in_an_attachment_stop_publication(town: Town) -> None:
    document = town.document()
    file = store(
        io.BytesIO("名单：手机 13800138000".encode()),
        "名单.txt",
        actor=town.drafter,
        organisation=town.organisation,
    )
    attach(document, [file], actor=town.drafter)
    with pytest.raises(Refused, match="附件“名单.txt”"):
        perform(document, "submit", actor=town.drafter, key="s")


@pytest.mark.parametrize(
    "table",
    ["publications_publicationversion", "publications_change", "lifecycle_transitionrecord"],
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_versions_changes_and_transitions_cannot_be_rewritten(
    town: Town, table: str, statement: str
) -> None:
    released(town)
    with (
        pytest.raises(DatabaseError, match="只增不改"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_rows_are_rebuilt_from_their_versions(town: Town) -> None:
    document = released(town)
    Publication.objects.update(title="被改过", state="withdrawn", validity="repealed")
    broken = check().broken
    assert any("状态与变更日志不符" in fault for fault in broken)
    assert any("字段与现行版本不符" in fault for fault in broken)
    assert rebuild().broken == ()
    assert check().broken == ()
    assert publication_of(document).state == "published"


def test_a_source_changed_behind_the_services_is_reported(town: Town) -> None:
    document = released(town)
    type(document).objects.filter(pk=document.pk).update(title="绕过服务的改动")
    assert any("没有更正发布" in fault for fault in check().broken)


@pytest.mark.django_db(transaction=True)
def test_a_refreshed_key_is_a_change_only_inside_the_transaction_that_caused_it() -> None:
    with pytest.raises(RuntimeError):
        refresh("plan:1")
    with transaction.atomic():
        assert refresh("plan:1").publication is None
