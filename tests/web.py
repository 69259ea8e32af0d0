"""真的网站进程和真的浏览器会话：登录、凭证、表单都照浏览器的来。

进程连着测试的数据库（见 ``tests.processes``），只用于 ``transaction=True`` 的测试。
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from lxml import html

from tests.processes import process_environment
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor

PATIENCE = 60.0
PASSWORD = "Ceshi-2020-yangguang"

Upload = tuple[str, str, bytes]
"""一份上传：字段名、文件名、内容。"""


def free_port() -> int:
    """一个空闲端口。"""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Web:
    """``yangguang serve_site`` 的一个进程，输出写进 ``log``。"""

    port: int
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    prelude: str = ""
    """在进程里先运行的代码（例如装上审计钩子）。"""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """起进程，等到它应答。"""
        code = f"{self.prelude}\nfrom yangguang.__main__ import main\nmain()"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code, "serve_site", "--port", str(self.port)],
                env={**process_environment(), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "网站一直没有应答"
            time.sleep(0.05)

    def answers(self) -> bool:
        """登录页打得开：应用和数据库都在。"""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/workbench/sign-in/")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def pids(self) -> list[int]:
        """它的全部进程：起的那一个，和它起的。"""
        assert self.process is not None
        return family(self.process.pid)

    def kill(self) -> None:
        """kill -9，连同它起的进程，一个不留。"""
        assert self.process is not None
        kill_group(self.process.pid)
        self.process.wait()
        self.process = None


def family(leader: int) -> list[int]:
    """与 ``leader`` 同一会话的全部进程。"""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(parts[3]) == leader and parts[0] != "Z":
            found.append(int(path.parent.name))
    return sorted(found)


def kill_group(leader: int) -> None:
    """杀掉 ``leader`` 的进程组；已经没有了也不要紧。"""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass


class NoAnswer(Exception):
    """连接断了，没有等到应答：那件事可能做成了，也可能没有。"""


@dataclass
class Answer:
    """一次应答。"""

    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        """页面的文字。"""
        return self.body.decode()


@dataclass
class Browser:
    """一个人的浏览器。"""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    timeout: float = 60.0

    def sign_in(self, actor: Actor) -> "Browser":
        """设好口令，照登录页登录。"""
        user = User.objects.get(pk=actor.user_id)
        if not user.check_password(PASSWORD):
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        answer = self.fill("/workbench/sign-in/", {"username": user.username, "password": PASSWORD})
        assert answer.status == 302, answer.text
        return self

    def get(self, path: str) -> Answer:
        """打开一页。"""
        return self._send("GET", path, None, {})

    def fill(
        self, path: str, values: Mapping[str, object] = {}, uploads: Iterable[Upload] = ()
    ) -> Answer:
        """打开表单，填上，提交。有文件就照浏览器的样子分段传。"""
        form = self.form(path) | dict(values)
        return self.post(path, form, list(uploads))

    def form(self, path: str) -> dict[str, object]:
        """页面上那张表单现在的值。"""
        answer = self.get(path)
        assert answer.status == 200, (path, answer.status, answer.text[-2000:])
        page = html.fromstring(answer.body)
        forms = [f for f in page.forms if f.method == "POST" and f.action in (None, path)]
        values: dict[str, object] = {}
        for name, value in forms[0].form_values():
            held = values.setdefault(name, [])
            assert isinstance(held, list)
            held.append(value)
        return values

    def post(self, path: str, form: Mapping[str, object], uploads: list[Upload]) -> Answer:
        """提交。"""
        pairs = [
            (name, str(each))
            for name, value in form.items()
            for each in (value if isinstance(value, list) else [value])
        ]
        if uploads:
            boundary = uuid.uuid4().hex
            body = _multipart(pairs, uploads, boundary)
            kind = f"multipart/form-data; boundary={boundary}"
        else:
            body, kind = urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        return self._send("POST", path, body, {"Content-Type": kind})

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body, headers | {"Cookie": self.cookie()})
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            raise NoAnswer(path) from error
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, response.headers.get("Location", ""), content)

    def cookie(self) -> str:
        """随请求带上的 Cookie。"""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def _multipart(pairs: list[tuple[str, str]], uploads: list[Upload], boundary: str) -> bytes:
    parts = []
    for name, value in pairs:
        if not any(name == upload[0] for upload in uploads):
            parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode())
    for name, filename, content in uploads:
        head = (
            f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        parts.append(head.encode() + content)
    edge = f"--{boundary}\r\n".encode()
    return b"".join(edge + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def document_number(location: str) -> int:
    """地址里的公文编号。"""
    found = re.search(r"/documents/(\d+)/", location)
    assert found, location
    return int(found[1])
