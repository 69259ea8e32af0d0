"""信息报送的界面：约稿到应约、采用、排名，一路办下来；查询次数不随多少变。"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.actors import organisation
from tests.sources.contributions.conftest import Bureau
from tests.workbench import sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.sources.articles.models import Article
from yangguang.sources.contributions.models import Call, Contribution

pytestmark = pytest.mark.django_db
HOUSEHOLD = 5
CALLS, BASE = "/workbench/calls/", "/workbench/contributions/"


def test_asked_for_written_signed_adopted_and_ranked(bureau: Bureau) -> None:
    town = bureau.town
    office, supervisor = sign_in(town.drafter), sign_in(bureau.supervisor)
    drafter, approver = sign_in(bureau.drafter), sign_in(bureau.approver)

    office.fill(
        f"{CALLS}new/", title="秋收情况", requirements="写清进度。",
        due_on=timezone.localdate().isoformat(), units=[str(bureau.organisation.pk)],
    )  # fmt: skip
    call = Call.objects.get()
    office.fill(f"{CALLS}{call.pk}/do/issue/")
    assert "还没有报送" in office.get(f"{CALLS}{call.pk}/").content.decode()

    today = drafter.get("/workbench/").content.decode()
    assert "秋收情况" in today and f"{BASE}new/?call={call.pk}" in today
    drafter.fill(f"{BASE}new/?call={call.pk}", title="全县秋粮入库", body="正文一段。")
    contribution = Contribution.objects.get()
    assert (contribution.call, contribution.receiver) == (call, town.organisation)
    home = f"{BASE}{contribution.pk}/"
    drafter.fill(f"{home}do/submit/")
    assert "全县秋粮入库" not in office.get("/workbench/").content.decode()
    approver.fill(f"{home}do/send/")

    assert "全县秋粮入库" in office.get("/workbench/").content.decode()
    office.fill(f"{home}do/adopt/", grade="full")
    article = Article.objects.get()
    assert f"/workbench/articles/{article.pk}/" in office.get(home).content.decode()
    seen = drafter.get(home).content.decode()
    assert "已采用" in seen and f"/workbench/articles/{article.pk}/" not in seen

    ranking = supervisor.get("/workbench/contribution-ranking/").content.decode()
    assert "农业局" in ranking and "定分值" in ranking
    supervisor.fill("/workbench/contribution-ranking/points/", full="7")
    again = supervisor.get("/workbench/contribution-ranking/points/").content.decode()
    assert 'value="7"' in again
    sheet = supervisor.get("/workbench/contribution-ranking/export.csv")
    assert "农业局" in b"".join(sheet.streaming_content).decode()  # type: ignore[attr-defined]


def test_what_is_printed_has_the_text(bureau: Bureau) -> None:
    desk = sign_in(bureau.town.drafter)
    assert "全县秋粮入库。" in desk.get(f"{BASE}{bureau.sent().pk}/print/").content.decode()
    assert "写清进度。" in desk.get(f"{CALLS}{bureau.call().pk}/print/").content.decode()


def test_the_queries_do_not_grow(
    bureau: Bureau, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    desk = sign_in(bureau.town.drafter)
    sent = [bureau.sent(title=f"第{number}篇") for number in range(6)]
    for path, more in (
        (BASE, 6), (f"{BASE}{sent[0].pk}/", 14), ("/workbench/contribution-ranking/", 6),
    ):  # fmt: skip
        desk.get(path)
        with django_assert_max_num_queries(HOUSEHOLD + more):
            assert desk.get(path).status_code == 200


def test_each_side_narrows_by_the_units_it_has_to_do_with(bureau: Bureau) -> None:
    organisation("elsewhere", short_name="别处")
    bureau.sent()

    def offered(actor: Actor) -> list[str]:
        form = sign_in(actor).get(BASE).context["filterset"].form
        return [unit.code for unit in form.fields["organisation"].queryset]

    # 接收一方：本机构的，报来过的；报送一方只有自己
    assert offered(bureau.town.drafter) == ["test-prefecture", bureau.organisation.code]
    assert offered(bureau.drafter) == [bureau.organisation.code]
    # 撤销了的单位，从前的投稿还找得到
    Organisation.objects.filter(pk=bureau.organisation.pk).update(valid_until=date(2021, 1, 1))
    assert bureau.organisation.code in offered(bureau.town.drafter)
