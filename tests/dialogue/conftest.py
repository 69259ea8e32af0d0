"""互动各处的测试都要一个受理申请的机构。"""

from tests.dialogue.requests.conftest import hall  # noqa: F401
