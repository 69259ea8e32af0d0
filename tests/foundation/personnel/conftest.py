"""一个州、一个县，各有管理员和办事的人。"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone

from tests.actors import actor, organisation
from tests.staff import enrolled
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.personnel.models import StaffMember
from yangguang.foundation.personnel.services import Wanted


@dataclass
class Office:
    """机构和身份。``member`` 取人员，``wanted`` 写一个要授予的任职。"""

    prefecture: Organisation
    county: Organisation
    admin: Actor
    county_admin: Actor
    security: Actor
    drafter: Actor
    reviewer: Actor

    def member(self, who: Actor) -> StaffMember:
        return StaffMember.objects.get(user=who.user_id)

    def user(self, who: Actor) -> User:
        return User.objects.get(pk=who.user_id)


@pytest.fixture
def office(db: None) -> Office:
    prefecture = organisation("prefecture")
    county = organisation("county", prefecture, level="county")
    found = Office(
        prefecture,
        county,
        actor("organisation_admin", prefecture, subtree=True),
        actor("organisation_admin", county),
        actor("security_admin", prefecture, subtree=True),
        actor("drafter", county, username="xin.xi"),
        actor("reviewer", county, username="shen.he"),
    )
    for who in (found.admin, found.county_admin, found.security, found.drafter, found.reviewer):
        enrolled(who)
    return found


@pytest.fixture
def wanted(office: Office) -> Callable[..., Wanted]:
    def written(role: str = "drafter", at: Organisation | None = None, **fields: object) -> Wanted:
        values = {
            "includes_subtree": False, "valid_from": timezone.localdate(), "valid_until": None,
        } | fields  # fmt: skip
        return Wanted(role, at or office.county, **values)  # type: ignore[arg-type]

    return written
