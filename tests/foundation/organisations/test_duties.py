"""性质决定义务：谁有专栏、受理申请、编年报，不服时走哪条路。"""

import pytest

from yangguang.foundation.organisations.models import Kind
from yangguang.foundation.organisations.rules import duties


def test_every_kind_has_its_duties() -> None:
    assert all(duties(kind).legal_basis.startswith(("条例", "行政复议法")) for kind in Kind.values)


@pytest.mark.parametrize("kind", ["government", "administrative", "authorised"])
def test_organs_and_authorised_organisations_carry_all_duties(kind: str) -> None:
    carried = duties(kind)
    assert (carried.own_column, carried.requests, carried.annual_report) == (True, True, True)
    assert (carried.remedy, carried.reconsidered_by) == ("reconsideration", "government")


def test_party_organs_carry_none() -> None:
    carried = duties("party")
    assert (carried.own_column, carried.requests, carried.annual_report) == (False, False, False)
    assert carried.remedy == ""


def test_public_institutions_publish_by_their_own_regime_and_are_appealed_to_the_department() -> (
    None
):
    carried = duties("public_institution")
    assert (carried.own_column, carried.requests, carried.annual_report) == (False, False, False)
    assert carried.remedy == "appeal"


@pytest.mark.parametrize("kind", ["vertical", "provincial"])
def test_vertically_led_organs_are_reconsidered_by_the_upper_organ_of_the_line(kind: str) -> None:
    assert duties(kind).remedy == "reconsideration"
    assert duties(kind).reconsidered_by == "line"


def test_an_agency_answers_requests_and_is_counted_by_the_organ_that_sent_it() -> None:
    carried = duties("agency")
    assert carried.requests
    assert not carried.annual_report


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="没有这种机构性质"):
        duties("company")
