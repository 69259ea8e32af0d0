"""紧急发布的界面：监督员看得到谁、什么时候、为什么，补审了没有、过了期限没有；各机关的数加得起来。"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.actors import actor
from tests.sources.documents.test_steps import does, full  # noqa: F401  合用的夹具
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.sources.documents.emergencies import REVIEW_DAYS, by_unit
from yangguang.sources.documents.models import EmergencyRelease
from yangguang.sources.documents.selectors import emergencies

pytestmark = pytest.mark.django_db
LIST = "/workbench/emergencies/"


@pytest.fixture
def supervisor(full: Town) -> Actor:  # noqa: F811
    return actor("supervisor", full.organisation, subtree=True)


@pytest.fixture
def three(full: Town) -> list[EmergencyRelease]:  # noqa: F811
    """一次补审过了，一次等着，一次等着、过了期限。"""
    found = []
    for number, reason in enumerate(("山洪预警", "疫情通告", "道路中断"), start=1):
        document = full.document(number)
        does(document, "release", full.approver, reason)
        found.append(document.releases.get())
    does(found[0].document, "endorse", full.reviewer, "内容属实")
    long_ago = timezone.now() - timedelta(days=30)
    EmergencyRelease.objects.filter(pk=found[2].pk).update(at=long_ago)
    return found


def page(desk: Desk, query: str = "") -> Any:
    return desk.get(f"{LIST}{query}")


def test_each_emergency_says_who_when_why_and_whether_it_was_reviewed(
    full: Town,  # noqa: F811
    three: list[EmergencyRelease],
    supervisor: Actor,
) -> None:
    text = page(sign_in(supervisor)).content.decode()
    for told in ("山洪预警", "疫情通告", "道路中断", "补审通过", "等补审，过了期限"):
        assert told in text
    assert full.approver.display_name in text and full.reviewer.display_name in text
    assert f"次日起{'三' if REVIEW_DAYS == 3 else REVIEW_DAYS}个工作日以内" in text


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("?outcome=pending", {"疫情通告", "道路中断"}),
        ("?outcome=overdue", {"道路中断"}),
        ("?outcome=sound", {"山洪预警"}),
        ("?q=疫情", {"疫情通告"}),
    ],
)
def test_the_list_narrows_to_what_is_owed(
    query: str, reasons: set[str], three: list[EmergencyRelease], supervisor: Actor
) -> None:
    table = page(sign_in(supervisor), query).context["table"]
    assert {each.reason for each in table.data.data} == reasons
    assert sum(each.total for each in table.units) == len(reasons)


def test_the_counts_add_up_and_are_those_of_the_selector(three: list[EmergencyRelease]) -> None:
    (unit,) = by_unit(EmergencyRelease.objects.select_related("document__organisation"))
    assert (unit.total, unit.sound, unit.faulty, unit.pending, unit.overdue) == (3, 1, 0, 2, 1)
    today = timezone.localdate()
    counted = emergencies(Organisation.objects.all(), today - timedelta(days=60), today)
    assert counted == {"sound": unit.sound, "faulty": unit.faulty, "pending": unit.pending}


def test_only_a_supervisor_opens_it_and_only_over_what_he_is_over(
    full: Town,  # noqa: F811
    three: list[EmergencyRelease],
    supervisor: Actor,
) -> None:
    from tests.actors import organisation

    assert page(sign_in(full.approver)).status_code == 404
    elsewhere = actor("supervisor", organisation("elsewhere"))
    assert not page(sign_in(elsewhere)).context["table"].data.data


def test_what_is_listed_is_exported(three: list[EmergencyRelease], supervisor: Actor) -> None:
    answer: Any = sign_in(supervisor).get("/workbench/emergencies/export.csv?outcome=overdue")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "道路中断" in text and "山洪预警" not in text


def test_the_number_of_queries_does_not_grow(
    full: Town,  # noqa: F811
    three: list[EmergencyRelease],
    supervisor: Actor,
    django_assert_max_num_queries: Callable,
) -> None:
    desk = sign_in(supervisor)
    page(desk)
    for number in (4, 5, 6):
        does(full.document(number), "release", full.approver, "又一次")
    with django_assert_max_num_queries(24):
        page(desk)
