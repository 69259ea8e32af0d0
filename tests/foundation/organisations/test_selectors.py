"""机构的读取：各是什么，各要几次查询。"""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from yangguang.foundation.organisations import selectors
from yangguang.foundation.organisations.models import Organisation

ON = date(2020, 9, 25)


def test_each_selector_takes_the_queries_it_states(
    linxia: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    root = Organisation.objects.get(code="linxia")
    with django_assert_num_queries(5):
        selectors.directory()
    with django_assert_num_queries(5):
        selectors.resolve_units(["州政府各部门", "州税务局", "各县市政府"] * 50, ON)
    with django_assert_num_queries(5):
        selectors.tables()
    with django_assert_num_queries(1):
        assert selectors.by_code("linxia-market").disclosure_authority.code == "linxia-office"
    for listing in (
        lambda: selectors.subtree(root),
        lambda: selectors.existing(ON),
        lambda: selectors.counties(ON),
        lambda: selectors.departments(root, ON),
    ):
        with django_assert_num_queries(1):
            list(listing())


def test_a_subtree_is_the_organisation_and_all_below_it(linxia: None) -> None:
    found = selectors.subtree(selectors.by_code("yongjing"))
    assert [unit.code for unit in found] == ["yongjing", "yongjing-office", "yongjing-liujiaxia"]


def test_the_directory_of_a_day_holds_what_existed_then(linxia: None) -> None:
    codes = {unit.code for unit in selectors.directory(ON).units}
    assert "linxia-poverty" in codes
    assert not codes & {"linxia-rural-revitalisation", "linxia-nfra", "linxia-cbrc"}
    assert "linxia-nfra" in {unit.code for unit in selectors.directory().units}


def test_departments_are_the_organs_right_below_their_government(linxia: None) -> None:
    codes = {unit.code for unit in selectors.departments(on=ON)}
    assert {"linxia-office", "linxia-market", "linxia-poverty"} <= codes
    assert not codes & {
        "linxia-tax",
        "linxia-party-publicity",
        "linxia-hospital",
        "yongjing-office",
    }
    yongjing = selectors.by_code("yongjing")
    assert [unit.code for unit in selectors.departments(yongjing)] == ["yongjing-office"]


def test_each_government_is_supervised_by_its_own_office_and_party_organs_by_none(
    linxia: None,
) -> None:
    for county in selectors.counties(ON):
        assert county.disclosure_authority.code == f"{county.code}-office"
    for unit in Organisation.objects.filter(kind__in=["party", "vertical"]):
        assert unit.disclosure_authority is None
    for unit in Organisation.objects.filter(kind="vertical"):
        assert unit.line_superior


def test_an_unknown_code_does_not_exist(linxia: None) -> None:
    with pytest.raises(Organisation.DoesNotExist):
        selectors.by_code("nowhere")
