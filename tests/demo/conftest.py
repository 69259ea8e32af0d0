"""装好一次的演示，供各项测试复制；和一个真跑着的演示。"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from yangguang.demo.group import _die_with_parent

OPEN = "按 Ctrl-C 结束。"
PATIENCE = 120
"""机器很忙时也等得到，秒。"""


def environment(var: Path) -> dict[str, str]:
    """演示的环境：演示自己的设置和目录，不受测试数据库的影响。"""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("YANGGUANG_")}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
        "YANGGUANG_VAR": str(var),
        "PYTHONWARNINGS": "ignore",
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "yangguang", "demo", *arguments]


def demo(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """运行到结束。"""
    return subprocess.run(
        command(*arguments), env=environment(var), capture_output=True, text=True, timeout=300
    )


def processes_of(var: Path) -> list[int]:
    """环境里写着这个演示目录、还在跑的进程。"""
    mark = f"YANGGUANG_VAR={var}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if mark in variables and state != "Z":
            found.append(int(folder.name))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Running:
    """一个跑着的演示。"""

    var: Path
    port: int
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def printed(self) -> str:
        return "\n".join(self.lines)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self, name: str) -> str:
        """印出来的地址，化为站内路径。"""
        found = re.search(rf"^{name}：{self.base}(/\S*)$", self.printed, re.MULTILINE)
        assert found, self.printed
        return found[1]

    def member(self, word: str) -> int:
        """命令行里有 ``word`` 的直接子进程。"""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                arguments = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if parent == self.process.pid and word.encode() in arguments:
                return int(folder.name)
        raise AssertionError(f"没有 {word} 进程")

    def wait(self) -> str:
        """等它结束，返回其后印出的。"""
        out, _ = self.process.communicate(timeout=PATIENCE)
        return out

    def port_is_free(self) -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                return False
            return True


@contextmanager
def running(var: Path, *arguments: str) -> Iterator[Running]:
    """起一个演示，等到它说可以看了。"""
    port = free_port()
    process = subprocess.Popen(
        command("--port", str(port), *arguments), env=environment(var), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        preexec_fn=_die_with_parent,
    )  # fmt: skip
    shown = Running(var, port, process)
    assert process.stdout
    try:
        for line in process.stdout:
            shown.lines.append(line.rstrip("\n"))
            if line.startswith(OPEN):
                break
        assert process.poll() is None, shown.printed
        yield shown
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """装好的演示目录，全部测试进程合用一份，只读。"""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    var = shared / "demo-loaded"
    with (shared / "demo-loaded.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not (var / "done").exists():
            began = time.monotonic()
            done = demo(var, "--no-serve")
            assert done.returncode == 0, done.stderr
            (var / "done").write_text(f"{time.monotonic() - began:.0f} 秒\n{done.stdout}")
    return var


@pytest.fixture
def copy(loaded: Path, tmp_path: Path) -> Path:
    """自己的一份，可以改。"""
    return Path(shutil.copytree(loaded, tmp_path / "demo"))
