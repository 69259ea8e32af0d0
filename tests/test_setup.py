"""装环境和跑测试的规矩：缺什么说清楚，不留半个环境，缺浏览器不算通过。"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.PROJECT_ROOT)
WITHOUT_ENSUREPIP = "import sys\nsys.modules['ensurepip'] = None\n"
NOWHERE = "http://127.0.0.1:9/simple"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """只有装环境用得到的几个文件的一份。"""
    folder = tmp_path / "clone"
    (folder / "scripts").mkdir(parents=True)
    for name in ("scripts/setup.py", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def setup(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """用系统的 Python 装环境：连不上软件源，也没有 apt-get 可用。"""
    return subprocess.run(
        [sys._base_executable, "scripts/setup.py", "--python-only"],
        cwd=clone,
        env={
            "PATH": str(clone),
            "PIP_INDEX_URL": NOWHERE,
            "PIP_RETRIES": "0",
            "PIP_CONFIG_FILE": os.devnull,
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_without_python3_venv_it_says_what_to_install(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "hide").mkdir()
    (tmp_path / "hide" / "sitecustomize.py").write_text(WITHOUT_ENSUREPIP)
    done = setup(clone, PYTHONPATH=str(tmp_path / "hide"))
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr and "Traceback" not in done.stderr
    assert not (clone / ".venv").exists()


def test_a_half_built_environment_is_built_again_and_a_missing_network_is_told(
    clone: Path,
) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    done = setup(clone)
    assert done.returncode == 1
    assert "检查网络后再来一次" in done.stderr and "Traceback" not in done.stderr
    assert (clone / ".venv" / "bin" / "python").exists()
    assert not (clone / ".venv" / "setup-stamp").exists()


@pytest.mark.parametrize(
    ("allowed", "code", "told"),
    [
        ("", 1, "没有 Chromium，浏览器测试没有运行"),
        ("chromium", 0, "1 个：Skipped: 没有 Chromium（ALLOW_SKIP=chromium）"),
    ],
)
def test_a_missing_browser_fails_the_tests_unless_it_was_agreed_to(
    tmp_path: Path, allowed: str, code: int, told: str
) -> None:
    test = tmp_path / "test_page.py"
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    test.write_text("import pytest\n@pytest.mark.browser\ndef test_page(): pass\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         "-c", ROOT / "pyproject.toml", "--rootdir", ROOT, test],
        cwd=ROOT, env={**os.environ, "PATH": str(tmp_path), "ALLOW_SKIP": allowed},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == code, done.stdout
    assert told in done.stdout
