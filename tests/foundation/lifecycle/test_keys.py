"""幂等键认人、认事、认对象：别人的、别的事的、别的记录的，都不能拿来再用。"""

import pytest

from tests.actors import actor
from tests.town import TEXT, Town
from tests.workbench import sign_in
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import KeyTaken, perform
from yangguang.hub.publications.models import PublicationVersion
from yangguang.hub.publications.services import publish
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import publication_of, take_in

TAKEN = "这次提交的凭据已用于另一项操作"


def released(town: Town, number: int) -> OfficialDocument:
    document = town.document(number)
    for event, who in (
        ("submit", town.drafter),
        ("pass", town.reviewer),
        ("approve", town.approver),
        ("publish", town.drafter),
    ):
        perform(document, event, actor=who, key=f"{number}-{event}")
    return document


def test_another_persons_key_does_not_take_in_a_document_nor_show_his(town: Town) -> None:
    town.document(1)
    other = actor("drafter", town.organisation, username="other-drafter")
    with pytest.raises(KeyTaken, match=TAKEN):
        take_in(TEXT.format(number=2), organisation=town.organisation, actor=other, key="take-in-1")
    assert OfficialDocument.objects.count() == 1


def test_another_persons_key_carries_out_nothing(town: Town) -> None:
    document = town.document(1)
    perform(document, "submit", actor=town.drafter, key="s")
    perform(document, "return", actor=town.reviewer, key="back", message="再改")
    other = actor("drafter", town.organisation, username="other-drafter")
    with pytest.raises(KeyTaken):
        perform(document, "submit", actor=other, key="s")
    document.refresh_from_db()
    assert document.state == "draft"


@pytest.mark.parametrize("event", ["submit", "withdraw"])
def test_a_key_of_another_record_or_another_step_carries_out_nothing(
    event: str, town: Town
) -> None:
    document, second = town.document(1), town.document(2)
    perform(document, "submit", actor=town.drafter, key="s")
    before = TransitionRecord.objects.count()
    target = second if event == "submit" else document
    with pytest.raises(KeyTaken):
        perform(target, event, actor=town.drafter, key="s", message="理由")
    assert TransitionRecord.objects.count() == before


def test_on_the_workbench_the_refusal_is_told_and_what_was_typed_stays(town: Town) -> None:
    town.document(1)
    other = sign_in(actor("drafter", town.organisation, username="other-drafter"))
    page = other.post(
        "/workbench/documents/new/", {"key": "take-in-1", "text": TEXT.format(number=2)}
    )
    assert page.status_code == 422
    assert TAKEN in page.content.decode()
    assert "第2号工作方案" in page.content.decode()


def test_a_version_is_not_handed_to_another_record_or_another_person(town: Town) -> None:
    first, second = released(town, 1), released(town, 2)
    version = publication_of(first).current_version
    key = PublicationVersion.objects.get(pk=version.pk).idempotency_key

    def again(document: OfficialDocument, who: object) -> PublicationVersion:
        return publish(
            document, "document", organisation=town.organisation, columns=[town.column],
            actor=who, key=key,
        )  # fmt: skip

    assert again(first, town.drafter) == version
    with pytest.raises(KeyTaken):
        again(second, town.drafter)
    with pytest.raises(KeyTaken):
        again(first, town.approver)
    assert PublicationVersion.objects.count() == 2
