"""转发的工作台：县里的监督员挑州里的文件放进自己的栏目，再停止；不归他管的站点不存在。"""

import pytest
from lxml import html

from tests.access.sharing import elsewhere
from tests.actors import actor, organisation
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Change, Publication

LIST = "/workbench/sharing/"


@pytest.fixture
def publication(town: Town) -> Publication:
    return elsewhere(town)


@pytest.fixture
def desk(town: Town) -> Desk:
    return sign_in(actor("supervisor", town.organisation))


def text(response: object) -> str:
    return " ".join(html.fromstring(response.content).text_content().split())  # type: ignore[attr-defined]


def test_an_editor_finds_shares_moves_and_stops(
    town: Town, publication: Publication, desk: Desk
) -> None:
    record = f"{LIST}{publication.pk}/"
    assert publication.title in text(desk.get(LIST))
    assert "没有转发。" in text(desk.get(record))
    shown = text(desk.fill(f"{record}test/", columns=[town.column.pk]))
    assert "已转发到测试州的网站" in shown and "在转发：政策文件" in shown
    assert publication.title in text(desk.get(f"{LIST}?shared=true"))
    assert publication.title not in text(desk.get(f"{LIST}?shared=false"))
    shown = text(desk.fill(f"{record}test/stop/", reason="与本州无关"))
    assert "不再转发" in shown and "没有转发。" in shown
    assert [c.action for c in Change.objects.order_by("pk")] == ["publish", "share", "unshare"]


def test_what_is_missing_is_told_at_the_field_and_nothing_is_done(
    town: Town, publication: Publication, desk: Desk
) -> None:
    page = f"{LIST}{publication.pk}/test/"
    assert "请选定放在哪个栏目。" in text(desk.fill(page, columns=[]))
    desk.fill(page, columns=[town.column.pk])
    assert "停止转发须写明原因。" in text(desk.fill(f"{page}stop/", reason=""))
    assert Change.objects.count() == 2


def test_ones_own_originals_and_others_sites_are_not_there(
    town: Town, publication: Publication, desk: Desk
) -> None:
    county = organisation("county", town.organisation, level="county")
    Site.objects.create(
        code="county", name="县人民政府", short_name="本县", organisation=county,
        domain="www.county.example", identification_code="6299000008",
    )  # fmt: skip
    record = f"{LIST}{publication.pk}/"
    for path in (f"{record}county/", f"{record}county/stop/", f"{record}neighbour/"):
        assert desk.get(path).status_code == 404, path
    owner = sign_in(actor("supervisor", publication.organisation))
    assert owner.get(record).status_code == 404
    above = sign_in(actor("supervisor", town.organisation, username="above", subtree=True))
    page = text(above.get(record))
    assert "测试州人民政府" in page and "县人民政府" in page


def test_what_was_withdrawn_meanwhile_is_not_there(
    town: Town, publication: Publication, desk: Desk
) -> None:
    from yangguang.hub.publications.services import withdraw

    withdraw(publication, actor=town.approver, reason="内容有误")
    assert desk.get(f"{LIST}{publication.pk}/test/").status_code == 404
    assert publication.title not in text(desk.get(LIST))


def test_the_list_costs_a_fixed_number_of_queries(
    town: Town, publication: Publication, desk: Desk, django_assert_max_num_queries: object
) -> None:
    desk.fill(f"{LIST}{publication.pk}/test/", columns=[town.column.pk])
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        desk.get(LIST)


def test_the_list_is_exported_with_what_it_shows(
    town: Town, publication: Publication, desk: Desk
) -> None:
    desk.fill(f"{LIST}{publication.pk}/test/", columns=[town.column.pk])
    answer = desk.get(f"{LIST}export.csv")
    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert len(rows) == 2 and publication.title in rows[1] and rows[1].endswith("测试州")
