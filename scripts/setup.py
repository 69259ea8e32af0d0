"""make setup：只要有 python3（3.11 以上）就能装好。

建 ``.venv``，装入固定版本的 uv，按 uv.lock 装依赖；Debian/Ubuntu 上以 root 运行时
补装中文字体和 Chromium，否则说明缺什么、会怎样，然后继续。
锁文件没变就什么也不做。
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "setup-stamp"
UV_VERSION = "0.13.9"
PACKAGES = {
    "chromium": ("/usr/bin/chromium", "浏览器测试和截图无法运行"),
    "fonts-noto-cjk": ("/usr/share/fonts/opentype/noto", "截图里的汉字会显示成方框"),
}


def main() -> None:
    """装好，或说清楚为什么装不好。"""
    if sys.version_info < (3, 11):
        sys.exit("需要 Python 3.11 以上，现在是 " + sys.version.split()[0])
    if not stamp_is_current():
        install_python_packages()
        STAMP.write_text(fingerprint())
    install_system_packages()


def fingerprint() -> str:
    """依赖的指纹：锁文件、项目文件和 uv 的版本变了才重装。"""
    digest = hashlib.sha256(UV_VERSION.encode())
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp_is_current() -> bool:
    """上次装好的是否就是现在要的。"""
    return STAMP.exists() and STAMP.read_text() == fingerprint()


def install_python_packages() -> None:
    """建虚拟环境并按锁文件安装。"""
    if not (VENV / "bin" / "python").exists():
        say("建立 .venv")
        venv.create(VENV, with_pip=True)
    run(VENV / "bin" / "python", "-m", "pip", "install", "--quiet", f"uv=={UV_VERSION}")
    say("按 uv.lock 安装依赖")
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV)}
    run(
        VENV / "bin" / "uv", "sync", "--frozen", "--inexact", "--quiet",
        "--python", VENV / "bin" / "python", env=environment,
    )  # fmt: skip


def install_system_packages() -> None:
    """补装系统软件包；不能装就说明后果。"""
    missing = {name: why for name, (path, why) in PACKAGES.items() if not Path(path).exists()}
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("安装系统软件包：" + "、".join(missing))
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", *missing],
        ):
            if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
                break
        missing = {n: w for n, w in missing.items() if not Path(PACKAGES[n][0]).exists()}
    for name, why in missing.items():
        say(f"缺少 {name}：{why}。可执行 sudo apt-get install {name}")


def run(*command: object, env: dict[str, str] | None = None) -> None:
    """运行一步；失败就停下并说明是哪一步。"""
    arguments = [str(part) for part in command]
    if subprocess.run(arguments, cwd=ROOT, env=env).returncode:
        sys.exit("安装失败：" + " ".join(arguments))


def say(message: str) -> None:
    """打印一行进度。"""
    print(f"· {message}", flush=True)


if __name__ == "__main__":
    main()
