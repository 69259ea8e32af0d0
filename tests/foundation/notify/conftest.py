"""通知测试的共同夹具。"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.notify.adapters import hooks as adapter_hooks
from yangguang.foundation.notify.adapters import mail
from yangguang.foundation.notify.models import Contact, Message, QuietHours
from yangguang.foundation.notify.outlets import Outlets, read_outlets

ADDRESSES = {"email": "{}@example.gov.cn", "sms": "1380000{:04d}", "webhook": "acc-{}"}


def messages(who: Actor) -> list[Message]:
    """发给此人的，先来的在前。"""
    return list(Message.objects.filter(user=who.user_id).order_by("pk"))


def reachable(who: Actor, channel: str, address: str = "") -> Contact:
    """给此人登记一个核实过的地址，全天都可以打扰。"""
    now = timezone.now()
    QuietHours.objects.update_or_create(
        user_id=who.user_id,
        defaults={"since": "00:00", "until": "00:00", "skips_rest_days": False},
    )
    return Contact.objects.create(
        user_id=who.user_id,
        channel=channel,
        address=address or ADDRESSES[channel].format(who.user_id),
        nonce="0" * 32,
        code_sent_at=now,
        confirmed_at=now,
    )


def run_now() -> int:
    """不等了：排在以后的作业也当作到了时候，做完。"""
    Job.objects.filter(state=Job.State.WAITING).update(run_after=timezone.now())
    return run_due()


@pytest.fixture
def nothing_connected(settings: Any) -> None:
    """一条渠道也没有接通。"""
    settings.NOTIFY = Outlets()


SECRET = "a-secret-of-at-least-thirty-two-characters"


@dataclass
class Server:
    """另一个进程里的服务器。"""

    folder: Path
    ports: list[int]

    @property
    def port(self) -> int:
        """它的端口。"""
        return self.ports[0]

    def mails(self) -> list[bytes]:
        """收下的邮件，原样的字节。"""
        return [path.read_bytes() for path in sorted(self.folder.glob("*.eml"))]

    def requests(self) -> list[dict[str, Any]]:
        """收到的请求，先来的在前。"""
        log = self.folder / "log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def serve(script: str, folder: Path, *arguments: str) -> Iterator[Server]:
    """起一个服务器进程，用完结束它。"""
    path = Path(__file__).with_name(script)
    process = subprocess.Popen([sys.executable, path, folder, *arguments])
    deadline = time.monotonic() + 30
    while not (folder / "port").exists():
        assert process.poll() is None and time.monotonic() < deadline, script
        time.sleep(0.05)
    yield Server(folder, [int(port) for port in (folder / "port").read_text().split()])
    process.kill()
    process.wait()


@pytest.fixture
def smtp(tmp_path: Path, settings: Any) -> Iterator[Server]:
    """接通邮件：另一个进程里的 SMTP 服务器。"""
    for server in serve("smtp_server.py", tmp_path):
        settings.NOTIFY = read_outlets(mail_to(server.port))
        yield server


def mail_to(port: int, scheme: str = "smtp") -> dict[str, str]:
    """接通邮件的环境变量。"""
    return {
        "YANGGUANG_MAIL": f"{scheme}://127.0.0.1:{port}",
        "YANGGUANG_MAIL_SENDER": "notice@example.gov.cn",
        "YANGGUANG_WORKBENCH": "https://gzt.example.gov.cn",
    }


@pytest.fixture
def hooks(tmp_path: Path, settings: Any) -> Iterator[Server]:
    """接通短信和即时通讯：另一个进程里的接口。"""
    for server in serve("hook_server.py", tmp_path, SECRET):
        address = f"http://127.0.0.1:{server.port}"
        settings.NOTIFY = read_outlets({
            "YANGGUANG_SMS": f"{address}/sms",
            "YANGGUANG_SMS_SECRET": SECRET,
            "YANGGUANG_SMS_RECEIPTS": f"{address}/receipts",
            "YANGGUANG_WEBHOOK": f"{address}/webhook?unit=1",
            "YANGGUANG_WEBHOOK_SECRET": SECRET,
            "YANGGUANG_WORKBENCH": "https://gzt.example.gov.cn",
        })  # fmt: skip
        yield server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """少等一会儿：每一步半秒，从头到尾一秒。"""
    for module in (mail, adapter_hooks):
        monkeypatch.setattr(module, "STEP", 0.5)
        monkeypatch.setattr(module, "WHOLE", 1.0)
