"""查毒：收下先隔离，查过才放行；查毒服务停了、不答、答不对，都照旧隔离。"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from django.utils import timezone

from tests.clamd import EICAR, LIMITS
from tests.drilling import tell
from tests.foundation.files.hostile import changed, word
from tests.town import Town
from tests.web import free_port
from tests.workbench import sign_in
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files import clamd
from yangguang.foundation.files.clamd import Unavailable, Verdict, scan
from yangguang.foundation.files.models import Screened, StoredFile
from yangguang.foundation.files.quarantine import (
    INFECTED,
    WAITING,
    held,
    look,
    look_at_waiting,
    warnings,
)
from yangguang.foundation.files.rules import MAX_VIDEO_BYTES
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


@pytest.mark.django_db
def test_what_was_not_looked_at_to_the_end_is_no_virus_and_holds_up_nothing_else(
    town: Town, daemon: Callable[..., str], settings: Any
) -> None:
    settings.CLAMD = daemon()
    large = put(town, LIMITS + b"x")
    clean = put(town)
    assert look_at_waiting() == 1
    states = {row.sha256: row.state for row in Screened.objects.all()}
    assert states == {large.sha256: Screened.State.WAITING, clean.sha256: Screened.State.CLEAN}
    assert location(large.sha256).exists()


REAL = "/run/clamav/clamd.ctl"
"""真的 clamd 在哪里听着（Debian 的 clamav-daemon）。"""


def version(path: str) -> str:
    """真的 clamd 的版本；没有装、没有开的为空。"""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(5)
            connection.connect(path)
            connection.sendall(b"zVERSION\0")
            return connection.recv(200).decode().rstrip("\0").partition("/")[0]
    except OSError:
        return ""


with_clamd = pytest.mark.skipif(
    not version(REAL), reason="没有开着的 clamd：apt install clamav-daemon"
)


@with_clamd
@pytest.mark.django_db
def test_the_real_one_knows_the_test_virus_bare_and_inside_a_document(
    town: Town, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.CLAMD = f"unix://{REAL}"
    assert scan(BytesIO(TEXT), settings.CLAMD).is_clean
    inside = changed(word(), {"word/media/eicar.txt": EICAR})
    for content, name in ((EICAR, "说明.txt"), (inside, "通知.docx")):
        assert "eicar" in scan(BytesIO(content), settings.CLAMD).virus.lower()
        file = put(town, content, name)
        assert held([file.sha256]) == {file.sha256: WAITING}
        with django_capture_on_commit_callbacks(execute=True):
            assert look(file.sha256) == Screened.State.INFECTED
        assert not location(file.sha256).exists()
        assert held([file.sha256]) == {file.sha256: INFECTED}


@with_clamd
@pytest.mark.drill
def test_the_real_one_looks_at_a_video_as_large_as_may_be_sent() -> None:
    class Film:
        """一个 GB 的视频，一段一段地给，不占内存。"""

        left = MAX_VIDEO_BYTES

        def read(self, size: int) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    address, film = f"unix://{REAL}", Film()
    began = time.monotonic()
    verdict = scan(cast(Any, film), address)
    tell(
        "clamd", version=version(REAL), seconds=round(time.monotonic() - began, 1),
        bare=scan(BytesIO(EICAR), address).virus,
        inside=scan(BytesIO(changed(word(), {"word/media/eicar.txt": EICAR})), address).virus,
    )  # fmt: skip
    assert verdict.is_clean and film.left == 0


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
    number = document.document_attachments.get().pk
    address = f"/workbench/documents/{document.pk}/attachments/{number}/"
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
