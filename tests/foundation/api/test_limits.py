"""限速：几个进程合计，拦下的说要等几秒；没有密钥的读不碰数据库。"""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api, Issue, fault
from tests.processes import finish, start, together
from yangguang.foundation.api.limits import AddressBook, admit_address
from yangguang.foundation.api.models import KeyUse
from yangguang.foundation.api.rules import Pace

pytestmark = pytest.mark.django_db
NOW = 1_700_000_000.0


@pytest.fixture
def own_book(settings: Any, tmp_path: Path) -> None:
    settings.VAR_ROOT = tmp_path


def test_a_visitor_is_let_in_so_often_a_minute_and_told_how_long_to_wait(
    own_book: None, settings: Any, visitor: Api
) -> None:
    settings.API_PER_MINUTE_ANONYMOUS = 3
    assert [visitor.get("/sites").status_code for _ in range(3)] == [200] * 3
    refused = visitor.get("/sites")
    assert "秒之后再来" in fault(refused, 429)["detail"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 20
    other = visitor.client.get("/api/v1/sites", REMOTE_ADDR="10.9.9.9")
    assert other.status_code == 200


def test_a_visitor_who_tries_keys_is_held_to_the_same_pace(
    own_book: None, settings: Any, visitor: Api
) -> None:
    settings.API_PER_MINUTE_ANONYMOUS = 2
    guess = f"yg_{'0' * 12}_{'a' * 43}"
    answers = [Api(guess).get("/sites").status_code for _ in range(3)]
    assert answers == [401, 401, 429]


def test_reading_without_a_key_writes_nothing_to_the_database(own_book: None, visitor: Api) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        visitor.get("/sites")
    assert [q["sql"].split()[0] for q in queries] == ["SELECT"]
    with CaptureQueriesContext(connection) as queries:
        assert admit_address("10.1.2.3") == 0
    assert not queries.captured_queries


def test_a_key_has_its_own_pace_and_its_use_is_kept(issue: Issue) -> None:
    issued = issue(per_minute=2)
    api = Api(str(issued.token))
    assert [api.get("/sites").status_code for _ in range(3)] == [200, 200, 429]
    use = KeyUse.objects.get(api_key=issued.key)
    assert use.count == 2
    assert use.last_used_at is not None


def test_two_visitors_do_not_share_and_the_file_tells_no_address(tmp_path: Path) -> None:
    book = AddressBook(tmp_path / "book", b"secret")
    pace = Pace(1)
    for number in range(2_000):
        assert book.admit(f"10.0.{number // 256}.{number % 256}", pace, NOW) == 0
    assert book.admit("10.0.0.0", pace, NOW) == pytest.approx(60, abs=0.1)
    assert b"10.0." not in (tmp_path / "book").read_bytes()


def test_a_full_disk_does_not_keep_visitors_from_reading(
    own_book: None, settings: Any, visitor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_ROOT = Path("/proc/yangguang")
    assert visitor.get("/sites").status_code == 200


COUNT = """
    import sys
    from pathlib import Path
    from yangguang.foundation.api.limits import AddressBook
    from yangguang.foundation.api.rules import Pace
    book = AddressBook(Path(PATH), b"secret")
    print("就绪", flush=True)
    sys.stdin.readline()
    print(sum(book.admit("10.1.2.3", Pace(300), 1_700_000_000.0) == 0 for _ in range(400)))
"""


def test_several_processes_together_let_in_no_more_than_the_pace(tmp_path: Path) -> None:
    code = COUNT.replace("PATH", repr(str(tmp_path / "book")))
    processes = [start(code) for _ in range(2)]
    together(processes)
    assert sum(int(finish(process).split()[-1]) for process in processes) == 300
