"""WSGI 服务器的比较：granian 与 gunicorn，各一个进程，供给同一棵烘好的树和同一个 Django 页面。

    make bench ARGS=servers

服务器占一个核，压它的客户端占另一个核，只走本机回环；每种测量几轮，候选者轮流来，取中位数，
免得机器一时忙闲偏向谁。还看三件事：几条只发半个请求就不动的连接会不会拖住别人；
收到 SIGTERM 时正在应答的请求答不答完；占多少内存。结论见 ``docs/decisions/0003-server.md``。
"""

import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPLICATION = "yangguang.outlets.website.serving:application"
CONNECTIONS = 16
SECONDS = 4
ROUNDS = 5
STALLED = 12
PAGES = {"烘好的首页": "/", "Django 登录页": "/workbench/sign-in/"}


@dataclass(frozen=True)
class Candidate:
    """一个候选者和它的起法。"""

    name: str
    arguments: tuple[str, ...]


CANDIDATES = (
    Candidate(
        "granian",
        ("granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "8",
         "--no-ws", "--no-log", "--host", "127.0.0.1", "--port", "{port}", APPLICATION),
    ),
    Candidate(
        "gunicorn gthread",
        ("gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "8",
         "--bind", "127.0.0.1:{port}", "--log-level", "error", APPLICATION),
    ),
    Candidate(
        "gunicorn sync",
        ("gunicorn", "--worker-class", "sync", "--workers", "1",
         "--bind", "127.0.0.1:{port}", "--log-level", "error", APPLICATION),
    ),
)  # fmt: skip


def main() -> None:
    """装好一份演示，逐个测，打印一张表。"""
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="servers-") as folder:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "yangguang.settings.demo",
            "YANGGUANG_VAR": folder,
            "PYTHONPATH": str(ROOT / "src"),
        }
        subprocess.run(
            [sys.executable, "-m", "yangguang", "demo", "--no-serve", "--json"],
            env=environment, check=True, capture_output=True,
        )  # fmt: skip
        results = measure(environment, cores)
    print("| | " + " | ".join(candidate.name for candidate in CANDIDATES) + " |")
    print("|---" * (len(CANDIDATES) + 1) + "|")
    for label, values in results.items():
        print(f"| {label} | " + " | ".join(values) + " |")


def measure(environment: dict[str, str], cores: list[int]) -> dict[str, list[str]]:
    """各项结果，每项按候选者的次序。"""
    pressed: dict[tuple[str, str], list[dict[str, float]]] = {}
    memory: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for candidate in CANDIDATES:
            with served(candidate, environment, cores[0]) as (process, port):
                for label, path in PAGES.items():
                    pressed.setdefault((label, candidate.name), []).append(
                        press(port, path, cores[-1])
                    )
                memory.setdefault(candidate.name, []).append(resident(process.pid))
    results: dict[str, list[str]] = {}
    for label in PAGES:
        rounds = [pressed[label, candidate.name] for candidate in CANDIDATES]
        for key, unit in (
            ("per_second", "每秒应答"), ("median_ms", "中位毫秒"), ("p99_ms", "99% 毫秒"),
        ):  # fmt: skip
            results[f"{label}，{unit}"] = [
                f"{statistics.median(r[key] for r in each):.{0 if key == 'per_second' else 1}f}"
                for each in rounds
            ]
        results[f"{label}，失败"] = [f"{sum(r['failures'] for r in each):.0f}" for each in rounds]
    results["压过之后的内存，MB"] = [
        f"{statistics.median(memory[candidate.name]):.0f}" for candidate in CANDIDATES
    ]
    results[f"{STALLED} 条连接只发半个请求时，别人的首页"] = [
        stalled(candidate, environment, cores[0]) for candidate in CANDIDATES
    ]
    results["SIGTERM 后多久退出，正在收的大文件"] = [
        terminated(candidate, environment, cores[0]) for candidate in CANDIDATES
    ]
    return results


@contextmanager
def served(
    candidate: Candidate, environment: dict[str, str], core: int
) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """起一个服务器，等它应答；离开时结束。"""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    arguments = [part.format(port=port) for part in candidate.arguments]
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not all(fetch(port, path, 20) == 200 for path in PAGES.values()):
            assert process.poll() is None and time.monotonic() < deadline, candidate.name
            time.sleep(0.1)
        yield process, port
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def fetch(port: int, path: str, timeout: float) -> int:
    """取一次，返回应答码；连不上或超时为 0。"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        connection.close()


def press(port: int, path: str, core: int) -> dict[str, float]:
    """用另一个核上的客户端压一次。"""
    done = subprocess.run(
        [sys.executable, "bench/load.py", str(port), path, str(CONNECTIONS), str(SECONDS)],
        cwd=ROOT, check=True, capture_output=True, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found


def resident(leader: int) -> float:
    """一组进程各自独占的内存（Pss）之和，MB。"""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == leader:
                text = (folder / "smaps_rollup").read_text()
                total += int(re.search(r"^Pss: +(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
        except (OSError, ProcessLookupError):
            continue
    return total / 1024


def stalled(candidate: Candidate, environment: dict[str, str], core: int) -> str:
    """几条连接发了半个请求就停住；此时别人打开首页要多久。"""
    with served(candidate, environment, core) as (_, port):
        lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(STALLED)]
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        time.sleep(1)
        began = time.monotonic()
        status = fetch(port, "/", 10)
        took = time.monotonic() - began
        for line in lines:
            line.close()
    return f"{took * 1000:.0f} 毫秒" if status == 200 else "10 秒没有应答"


def terminated(candidate: Candidate, environment: dict[str, str], core: int) -> str:
    """收到 SIGTERM 时有人正在慢慢收一个 8 MB 的文件：收全了没有，多久退出。"""
    tree = Path(environment["YANGGUANG_VAR"]) / "site" / "linxia"
    large = tree / "files" / "large.bin"
    large.parent.mkdir(exist_ok=True)
    large.write_bytes(os.urandom(8 << 20))
    try:
        with served(candidate, environment, core) as (process, port):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as reader:
                reader.sendall(
                    b"GET /files/large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                )
                got = len(reader.recv(1 << 16))
                process.terminate()
                began = time.monotonic()
                try:
                    while part := reader.recv(1 << 18):
                        got += len(part)
                        time.sleep(0.02)
                except OSError:
                    pass
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                return "40 秒没有退出"
            whole = "收全" if got > 8 << 20 else f"断在 {got / (1 << 20):.1f} MB"
            return f"{time.monotonic() - began:.1f} 秒，{whole}"
    finally:
        large.unlink()


if __name__ == "__main__":
    main()
