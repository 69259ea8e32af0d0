"""查毒：收下先隔离，查过才放行；查毒服务停了、不答、答不对，都照旧隔离。"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.clamd import EICAR
from tests.town import Town
from tests.web import free_port
from tests.workbench import sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files import clamd
from yangguang.foundation.files.clamd import Unavailable, Verdict, scan
from yangguang.foundation.files.models import Screened, StoredFile
from yangguang.foundation.files.quarantine import held, look, look_at_waiting, warnings
from yangguang.foundation.files.services import store
from yangguang.foundation.files.storing import location
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.hub.publications.models import Publication
from yangguang.sources.documents.services import attach

TEXT = "一份说明。\n".encode()


@pytest.fixture
def daemon() -> Iterator[Callable[..., str]]:
    """起一个 clamd，返回它的地址。"""
    started: list[subprocess.Popen[bytes]] = []

    def start(fault: str = "none") -> str:
        port = free_port()
        program = Path(__file__).parents[2] / "clamd.py"
        started.append(subprocess.Popen([sys.executable, str(program), str(port), fault]))
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        return f"tcp://127.0.0.1:{port}"

    yield start
    for process in started:
        process.kill()
        process.wait()


def put(town: Town, content: bytes = TEXT, name: str = "说明.txt") -> StoredFile:
    return store(BytesIO(content), name, actor=town.drafter, organisation=town.organisation)


# ---- 说话 ----


def test_clean_and_infected_are_told_apart_however_long(daemon: Callable[..., str]) -> None:
    address = daemon()
    assert scan(BytesIO(b""), address) == Verdict()
    assert scan(BytesIO(b"x" * 3_000_000), address).is_clean
    found = scan(BytesIO(b"x" * 300_000 + EICAR), address)
    assert (found.is_clean, found.virus) == (False, "Eicar-Test-Signature")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("limit", "StreamMaxLength"),
        ("garbage", "看不懂"),
        ("drop", ""),
        ("hang", "连不上，或者中途断了"),
    ],
)
def test_a_daemon_that_does_not_do_its_work_says_nothing_is_clean(
    daemon: Callable[..., str], fault: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clamd, "ANSWER_WITHIN", 1.0)
    with pytest.raises(Unavailable, match=told):
        scan(BytesIO(b"x" * 5_000_000), daemon(fault))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:///nowhere", "clamd:3310", ""])
def test_a_daemon_that_is_not_there(address: str) -> None:
    with pytest.raises(Unavailable):
        scan(BytesIO(TEXT), address)


@pytest.mark.skipif(not shutil.which("clamd"), reason="没有 clamd：apt install clamav-daemon")
def test_the_real_one_knows_the_test_virus() -> None:
    address = "unix:///run/clamav/clamd.ctl"
    assert scan(BytesIO(TEXT), address).is_clean
    assert not scan(BytesIO(EICAR), address).is_clean


# ---- 隔离 ----


@pytest.mark.django_db
def test_without_a_daemon_nothing_is_held_and_nothing_asked(
    town: Town, django_assert_num_queries: Callable[[int], Any]
) -> None:
    file = put(town)
    with django_assert_num_queries(0):
        assert held([file.sha256]) == {}
    assert not Screened.objects.exists()


@pytest.mark.django_db
def test_what_is_taken_in_is_held_until_it_is_found_clean(
    town: Town, daemon: Callable[..., str], settings: Any
) -> None:
    settings.CLAMD = daemon()
    file = put(town)
    assert "还在查毒" in held([file.sha256])[file.sha256]
    assert Job.objects.get(name="files.scan").payload == {"sha256": file.sha256}
    assert look(file.sha256) == "clean"
    assert held([file.sha256]) == {}
    put(town, name="又一份.txt")
    assert held([file.sha256]) == {} and Job.objects.filter(name="files.scan").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_infected_one_loses_its_content_and_stays_held(
    town: Town, daemon: Callable[..., str], settings: Any
) -> None:
    settings.CLAMD = daemon()
    file = put(town, TEXT + EICAR, "坏的.txt")
    assert look(file.sha256) == "infected"
    assert "查出病毒" in held([file.sha256])[file.sha256]
    assert not location(file.sha256).exists()
    event = AuditEvent.objects.get(action="files.infected")
    assert event.public == {"sha256": file.sha256, "virus": "Eicar-Test-Signature"}
    assert any("Eicar-Test-Signature：坏的.txt" in told for told in warnings(timezone.localdate()))


@pytest.mark.django_db
def test_with_the_daemon_down_it_stays_held_and_the_health_check_says_so(
    town: Town, daemon: Callable[..., str], settings: Any
) -> None:
    settings.CLAMD = "tcp://127.0.0.1:1"
    file = put(town)
    with pytest.raises(Unavailable):
        look(file.sha256)
    assert look_at_waiting() == 0 and held([file.sha256])
    today, now = timezone.localdate(), timezone.now()
    assert warnings(today, now + timedelta(minutes=9)) == []
    (told,) = warnings(today, now + timedelta(minutes=11))
    assert told.startswith("1 份文件隔离了十分钟以上")
    settings.CLAMD = daemon()
    assert look_at_waiting() == 1 and held([file.sha256]) == {}
    assert look_at_waiting() == 0


@pytest.mark.django_db
def test_what_is_held_is_neither_handed_out_nor_published(
    town: Town, daemon: Callable[..., str], settings: Any
) -> None:
    settings.CLAMD = daemon()
    document, file = town.document(), put(town)
    attach(document, [file], actor=town.drafter)
    address = f"/workbench/documents/{document.pk}/attachments/{file.pk}/"
    answer = sign_in(town.drafter).get(address)
    assert answer.status_code == 409 and "还在查毒" in answer.content.decode()
    for step, (event, who) in enumerate(
        (("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver))
    ):
        perform(document, event, actor=who, key=f"step-{step}")
    with pytest.raises(Refused, match="附件“说明.txt”：这份文件还在查毒"):
        perform(document, "publish", actor=town.drafter, key="publish")
    look(file.sha256)
    perform(document, "publish", actor=town.drafter, key="publish-again")
    assert Publication.objects.filter(state="published").exists()
    assert sign_in(town.drafter).get(address).status_code == 200
