"""机构测试的资料：临夏州的名录，和一个虚构的地级市（证明规则不是为临夏写的）。"""

from pathlib import Path

import pytest
from django.conf import settings

from yangguang.foundation.organisations.services import load_organisations

LINXIA = settings.DATA_ROOT / "linxia"
XISHAN = Path(__file__).parent / "data" / "xishan"


@pytest.fixture
def linxia(db: None) -> None:
    """已载入临夏州的名录。"""
    load_organisations(LINXIA)


@pytest.fixture
def xishan(db: None) -> None:
    """已载入虚构的西山市的名录。"""
    load_organisations(XISHAN)
