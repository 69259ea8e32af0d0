"""长时演练：真的进程、真的 kill -9、真的写满。"""

import pytest

pytest.register_assert_rewrite("tests.drills.office")
