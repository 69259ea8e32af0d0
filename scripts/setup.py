"""make setup：只要有 python3（3.11 以上）就能装好。

建 ``.venv``，装入固定版本的 uv，按 uv.lock 装依赖；Debian/Ubuntu 上以 root 运行时
补装中文字体和 Chromium，否则说明缺什么、会怎样，然后继续。
锁文件没变就什么也不做。``--python-only`` 不管字体和 Chromium：``make demo`` 用不到它们。
"""

import hashlib
import importlib.util
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
    "chromium": (
        ("/usr/bin/chromium", "/usr/bin/chromium-browser"),
        "浏览器测试和截图无法运行",
    ),
    "fonts-noto-cjk": (("/usr/share/fonts/opentype/noto",), "截图里的汉字会显示成方框"),
}
"""软件包：有其中任何一个路径就是装了；没装会怎样。"""


def main() -> None:
    """装好，或说清楚为什么装不好。"""
    if sys.version_info < (3, 11):
        sys.exit("需要 Python 3.11 以上，现在是 " + sys.version.split()[0])
    if not stamp_is_current():
        install_python_packages()
        STAMP.write_text(fingerprint())
    if "--python-only" not in sys.argv:
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
    if not environment_works():
        need_ensurepip()
        say("建立 .venv")
        venv.create(VENV, with_pip=True, clear=True)
    run(VENV / "bin" / "python", "-m", "pip", "install", "--quiet", f"uv=={UV_VERSION}")
    say("按 uv.lock 安装依赖")
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV)}
    run(
        VENV / "bin" / "uv", "sync", "--frozen", "--inexact", "--quiet",
        "--python", VENV / "bin" / "python", env=environment,
    )  # fmt: skip


def environment_works() -> bool:
    """``.venv`` 是否完整可用：建到一半断掉的、Python 换了地方的，都要重建。"""
    python = VENV / "bin" / "python"
    if not python.exists():
        return False
    check = [python, "-m", "pip", "--version"]
    return (
        subprocess.run(check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    )


def need_ensurepip() -> None:
    """Debian 把 ensurepip 分在 python3-venv 里；没有就补装，补装不了就停下说明。"""
    if importlib.util.find_spec("ensurepip"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("安装系统软件包：python3-venv")
        apt_install("python3-venv")
        importlib.invalidate_caches()
    if not importlib.util.find_spec("ensurepip"):
        sys.exit(
            "缺少 python3-venv，建不成 .venv。请先执行 sudo apt-get install python3-venv，再来一次。"
        )


def apt_install(*packages: str) -> None:
    """装软件包；装没装上由调用者再看。"""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", *packages],
    ):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
            return


def install_system_packages() -> None:
    """补装系统软件包；不能装就说明后果。"""
    missing = missing_packages()
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("安装系统软件包：" + "、".join(missing))
        apt_install(*missing)
        missing = missing_packages()
    for name, why in missing.items():
        say(f"缺少 {name}：{why}。可执行 sudo apt-get install {name}")


def missing_packages() -> dict[str, str]:
    """没有装的软件包，和没装会怎样。"""
    return {
        name: why
        for name, (paths, why) in PACKAGES.items()
        if not any(Path(path).exists() for path in paths)
    }


def run(*command: object, env: dict[str, str] | None = None) -> None:
    """运行一步；失败就停下并说明是哪一步。"""
    arguments = [str(part) for part in command]
    if subprocess.run(arguments, cwd=ROOT, env=env).returncode:
        sys.exit(
            "安装失败：" + " ".join(arguments) + "\n"
            "多半是连不上 Python 软件源：检查网络后再来一次，已经下载的不会重下。"
            "要用镜像，设置环境变量 PIP_INDEX_URL 和 UV_DEFAULT_INDEX。"
        )


def say(message: str) -> None:
    """打印一行进度。"""
    print(f"· {message}", flush=True)


if __name__ == "__main__":
    main()
