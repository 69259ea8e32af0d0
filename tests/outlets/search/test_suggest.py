"""边写边提示：题名、文号、机构的名称；撤回的不提示；写什么都有应答。"""

from typing import Any

import pytest
from django.test import Client

from tests.actors import actor
from tests.outlets.search.conftest import Desk, follow
from tests.outlets.search.test_pages import ODD, county_site
from tests.outlets.website.conftest import NoteKind
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.sharing import share

pytestmark = pytest.mark.django_db


def told(client: Client, words: str, **given: str) -> list[dict[str, str]]:
    response = client.get("/search/suggest", {"q": words, **given})
    assert response.status_code == 200 and response["Cache-Control"] == "no-store"
    found: list[dict[str, str]] = response.json()["suggestions"]
    return found


def texts(client: Client, words: str, **given: str) -> list[str]:
    return [each["text"] for each in told(client, words, **given)]


def test_titles_are_suggested_with_their_address_the_shorter_first(
    desk: Desk, client: Client
) -> None:
    longer = desk.publish("关于加强政务公开工作和做好建议提案办理工作的通知")
    desk.publish("政务公开工作方案")
    desk.publish("防汛预案")
    follow()
    assert texts(client, "政务公") == ["政务公开工作方案", longer.title]
    assert texts(client, "政務公開，工作") == ["政务公开工作方案", longer.title]
    assert texts(client, "公开 提案") == [longer.title], "几个词都要有"
    (only,) = told(client, "建议提案")
    assert only["kind"] == "" and only["href"].endswith(f"/{longer.pk}.html")


def test_a_number_is_suggested_however_it_is_typed(desk: Desk, client: Client) -> None:
    desk.publish("工作方案", document_number="东州办发〔2020〕81号")
    desk.publish("别的", document_number="东州办发〔2020〕82号")
    follow()
    for typed in ("2020 81", "〔2020〕81号", "東州辦發〔2020〕81", "２０２０年８１号"):
        (only,) = told(client, typed)
        assert only["text"] == "东州办发〔2020〕81号　工作方案" and only["kind"] == "文号", typed
    assert len(texts(client, "东州办发")) == 2


def test_units_come_first_by_full_or_short_name(desk: Desk, client: Client) -> None:
    desk.publish("金县人民政府公告")
    follow()
    first, second = told(client, "金县")
    assert (first["text"], first["kind"]) == ("金县人民政府", "机构")
    assert first["href"] == "/organisations/county-0/" and second["text"] == "金县人民政府公告"
    assert texts(client, "州政府") == ["东河州人民政府"]


def test_what_is_withdrawn_is_never_suggested_not_even_before_the_index_follows(
    desk: Desk, client: Client
) -> None:
    gone = desk.publish("政务公开通知")
    same = desk.publish("政务公开办法")
    follow()
    desk.withdraw(gone)
    assert texts(client, "政务公开") == [same.title]
    follow()
    assert texts(client, "政务公开") == [same.title]
    desk.withdraw(same)
    assert texts(client, "政务公开") == []


def test_a_title_that_several_bear_is_suggested_once(desk: Desk, client: Client) -> None:
    for number in (1, 2, 3):
        publication = desk.publish(f"名{number}")
        NoteKind.values[publication.source_id] = {"title": "情况通报"}
        desk.correct(publication, "正文。")
    follow()
    assert texts(client, "情况通报") == ["情况通报"]


def test_another_site_suggests_its_own_and_what_is_shared_to_it(desk: Desk, client: Client) -> None:
    shared, own = desk.publish("共用的通知"), desk.publish("州里的通知")
    county = county_site(desk)
    follow()
    assert texts(client, "的通知", site="jin") == []
    column = Column.objects.get(site=county)
    share(shared, [column], actor=actor("approver", county.organisation))
    follow()
    assert texts(client, "的通知", site="jin") == [shared.title]
    assert set(texts(client, "的通知")) == {shared.title, own.title}


@pytest.mark.parametrize("words", ODD, ids=range(len(ODD)))
def test_whatever_is_typed_there_is_an_answer(desk: Desk, client: Client, words: str) -> None:
    desk.publish("政务公开通知")
    follow()
    assert len(texts(client, words)) <= 8


def test_one_letter_or_a_minus_suggests_nothing(desk: Desk, client: Client) -> None:
    desk.publish("通知")
    follow()
    for words in ("通", "", "通知 -公开"):
        assert texts(client, words) == []


def test_without_site_or_index_there_is_nothing_to_suggest(db: None, client: Client) -> None:
    assert texts(client, "通知") == []


def test_a_suggestion_costs_one_query(
    desk: Desk, client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        desk.publish(f"通知{number}")
    follow()
    told(client, "通知")
    # 现在还公不公开
    with django_assert_num_queries(1):
        assert len(told(client, "通知")) == 8
