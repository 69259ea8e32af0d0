"""make test-postgres：在 PostgreSQL 上跑同一套测试，小结记入 ``docs/drills.md``。

用哪个服务器，依次看：

1. 环境变量 ``YANGGUANG_TEST_DATABASE``（``postgresql://用户:密码@主机:端口/库``）；
2. 本机 5432 上不用密码就能连、又能建库的服务器（``PGHOST``、``PGUSER`` 等照常有效）；
3. 用 Debian 的软件包临时起一个，数据放在临时目录，用完即删；没有装而又是 root，就先装上。

``--if-reachable`` 只用已经在运行的服务器（此时还认 ``YANGGUANG_TEST_POSTGRES``），没有就说明
缘由并正常结束：``make test`` 用它跑标了 ``postgres`` 的并发测试。其余参数原样交给 pytest。
"""

import argparse
import glob
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from drills import keep, machine

ROOT = Path(__file__).resolve().parents[1]
QUIET_CLUSTER = Path("/etc/postgresql-common/createcluster.d/yangguang.conf")


class Unavailable(Exception):  # noqa: N818  没有服务器是情况，不是程序出错
    """没有可用的 PostgreSQL；信息是缘由。"""


def main() -> int:
    """找到或起一个服务器，跑测试，记小结。"""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--if-reachable", action="store_true", help="只用已在运行的服务器")
    options, arguments = parser.parse_known_args()
    try:
        if options.if_reachable:
            return run(reachable(os.environ.get("YANGGUANG_TEST_POSTGRES", "")), arguments)[0]
        if given := os.environ.get("YANGGUANG_TEST_DATABASE", ""):
            return run_and_keep(given, "YANGGUANG_TEST_DATABASE 指定的服务器", arguments)
        try:
            return run_and_keep(reachable(), "本机已有的服务器", arguments)
        except Unavailable as reason:
            say(f"{reason}临时起一个。")
        with throwaway() as address:
            return run_and_keep(address, "临时起的服务器", arguments)
    except Unavailable as reason:
        if options.if_reachable:
            say(f"跳过 PostgreSQL 上的测试：{reason}")
            return 0
        say(str(reason))
        return 1


def reachable(given: str = "") -> str:
    """已在运行、能建库的服务器的地址；没有抛出 ``Unavailable``。"""
    target = given or "dbname=postgres"
    try:
        with psycopg.connect(target, connect_timeout=3, autocommit=True) as connection:
            return _checked(connection)
    except psycopg.OperationalError as error:
        if not given and "PGHOST" not in os.environ:
            try:
                with psycopg.connect(
                    target, host="127.0.0.1", connect_timeout=3, autocommit=True
                ) as connection:
                    return _checked(connection)
            except psycopg.OperationalError:
                pass
        raise Unavailable(f"连不上 PostgreSQL（{str(error).splitlines()[0]}）。") from error


def _checked(connection: psycopg.Connection) -> str:
    row = connection.execute(
        "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if not row or not row[0]:
        raise Unavailable("PostgreSQL 连得上，但这个用户不能建库。")
    info = connection.info
    host = info.host if not info.host.startswith("/") else "127.0.0.1"
    login = f"{info.user}:{info.password}" if info.password else info.user
    # 库名带进程号：几处同时跑也各用各的测试库
    return f"postgresql://{login}@{host}:{info.port}/yangguang_{os.getpid()}"


@contextmanager
def throwaway() -> Iterator[str]:
    """用 Debian 的软件包起一个临时的服务器，离开时停掉并删除。"""
    programs = installed()
    folder = Path(tempfile.mkdtemp(prefix="yangguang-postgres-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        # 服务器拒绝以 root 运行
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "data", free_port()
    control = [*as_user, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-s"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    try:
        step(
            *as_user, programs / "initdb", "-D", data, "-U", "yangguang", "-A", "trust",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        step(*control, "-o", options, "start")
        yield f"postgresql://yangguang@127.0.0.1:{port}/yangguang"
    finally:
        if (data / "postmaster.pid").exists():
            step(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def installed() -> Path:
    """服务器程序所在的目录；没有而又是 root 就装上。"""
    if not (found := programs()) and os.geteuid() == 0 and shutil.which("apt-get"):
        say("安装软件包 postgresql")
        # 只要程序，不要软件包顺手建起并开机运行的那个库
        QUIET_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
        QUIET_CLUSTER.write_text("create_main_cluster = false\n")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        try:
            subprocess.run(["apt-get", "update", "-qq"], env=environment)
            subprocess.run(
                ["apt-get", "install", "-y", "-qq", "postgresql"],
                env=environment, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        finally:
            QUIET_CLUSTER.unlink()
        found = programs()
    if not found:
        raise Unavailable("没有 PostgreSQL 的服务器程序，可执行 sudo apt-get install postgresql。")
    return found


def programs() -> Path | None:
    """Debian 装在 ``/usr/lib/postgresql/版本/bin``；取最新的一版。"""
    found = [Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    if not found and (elsewhere := shutil.which("initdb")):
        found = [Path(elsewhere).resolve().parent]
    return max(
        found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], default=None
    )


def free_port() -> int:
    """一个空闲端口。"""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def step(*command: object) -> None:
    """一步；失败就说清是哪一步。"""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise Unavailable(f"PostgreSQL 没有起来：{done.stderr.strip() or done.stdout.strip()}")


def run(address: str, arguments: list[str]) -> tuple[int, str]:
    """在 ``address`` 上跑 pytest；返回退出码和末行小结。"""
    command = [sys.executable, "-m", "pytest", *arguments]
    environment = os.environ | {"YANGGUANG_TEST_DATABASE": address}
    last = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if re.search(r"\d+ (passed|failed|error).* in [\d.]+s", line):
                last = line
    return process.returncode, last


def run_and_keep(address: str, where: str, arguments: list[str]) -> int:
    """跑全套，并把小结记入 ``docs/drills.md``；只跑一部分时只打印。"""
    began = time.monotonic()
    code, last = run(address, arguments or ["-n", "2"])
    counts = {
        word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)", last)
    }
    server = address.rsplit("/", 1)[0] + "/postgres"
    with psycopg.connect(server) as connection:
        version = connection.info.server_version
    summary = (
        f"- {machine()}，PostgreSQL {version // 10000}.{version % 10000}（{where}）："
        f"通过 {counts.get('passed', 0)}，"
        f"失败 {counts.get('failed', 0) + counts.get('error', 0) + counts.get('errors', 0)}，"
        f"跳过 {counts.get('skipped', 0)}，用时 {time.monotonic() - began:.0f} 秒。"
    )
    print(summary)
    if not arguments:
        keep("PostgreSQL 上的全套测试", "make test-postgres", [summary])
    return code


def say(message: str) -> None:
    """打印一行进度。"""
    print(f"· {message}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
