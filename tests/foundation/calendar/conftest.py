"""维护日历的人。"""

import pytest

from tests.actors import actor, organisation
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation


@pytest.fixture
def prefecture(db: None) -> Organisation:
    return organisation("prefecture", division_code="622900")


@pytest.fixture
def supervisor(prefecture: Organisation) -> Actor:
    return actor("supervisor", prefecture, subtree=True)
