"""给测试用的真进程：独立的解释器，连着与测试同一个数据库。

只用于 ``transaction=True`` 的测试，那里的改动是真提交的，别的进程看得见。
"""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from django.conf import settings
from django.db import connection

PRELUDE = "import django; django.setup()\n"


def start(code: str, **environment: str) -> subprocess.Popen[str]:
    """起一个进程运行 ``code``（已 ``django.setup()``），连测试数据库，文件目录也同测试。"""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PRELUDE + textwrap.dedent(code)],
        env=process_environment() | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def process_environment() -> dict[str, str]:
    """子进程的环境变量：指向测试数据库与测试的目录。"""
    values = connection.settings_dict
    name = str(values["NAME"])
    if connection.vendor == "sqlite":
        address = f"sqlite:///{Path(name)}"
    else:
        login = f"{values['USER']}:{values['PASSWORD']}".rstrip(":")
        address = f"postgresql://{login}@{values['HOST']}:{values['PORT']}/{name}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "yangguang.settings.test",
        "YANGGUANG_TEST_DATABASE": address,
        "YANGGUANG_TEST_VAR": str(settings.VAR_ROOT),
    }


def together(processes: list[subprocess.Popen[str]]) -> None:
    """等每个进程都印出一行“就绪”，再同时放行（各进程随后读一行标准输入）。"""
    for process in processes:
        assert process.stdout and process.stdout.readline(), process.communicate()[1]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()


def finish(process: subprocess.Popen[str], timeout: float = 60) -> str:
    """等进程结束，返回它的输出；非零退出则把错误报出来。"""
    out, err = process.communicate(timeout=timeout)
    assert process.returncode == 0, err
    return out
