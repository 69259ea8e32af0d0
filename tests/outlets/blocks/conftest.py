"""编排的测试材料：网站测试的那个小州，首页已经开始编排。"""

import pytest

from tests.outlets.website.conftest import Desk, desk, kinds_registered, moment  # noqa: F401
from yangguang.outlets.blocks.models import BlockPage
from yangguang.outlets.blocks.services import begin


@pytest.fixture
def home(desk: Desk) -> BlockPage:  # noqa: F811
    desk.follow()
    return begin(desk.site, None, actor=desk.actor, key="home")
