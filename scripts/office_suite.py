"""LibreOffice：把 Word 文件照它的样子转成 PDF，看别的软件打开是什么样。

只有 ``make drill`` 用。没有而又是 root，就装 Debian 的 ``libreoffice-writer-nogui``。
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.setup import apt_install

PACKAGE = "libreoffice-writer-nogui"
PATIENCE = 300
"""一批最多转这么多秒。"""


class Unready(Exception):  # noqa: N818  没有软件是情况，不是程序出错
    """LibreOffice 没有装好；信息是缘由。"""


def ready() -> str:
    """装好，返回版本；装不好抛出 ``Unready``。"""
    if not shutil.which("soffice") and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install("--no-install-recommends", PACKAGE)
    if not shutil.which("soffice"):
        raise Unready(f"缺少 LibreOffice。可执行 apt-get install {PACKAGE}")
    said = subprocess.run(["soffice", "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"LibreOffice [\d.]+", said.stdout)
    return found[0] if found else said.stdout.strip()


def to_pdf(folder: Path, files: Sequence[Path]) -> dict[str, bytes]:
    """一批 Word 文件的 PDF：去掉后缀的文件名到内容。转不出的不在里面。"""
    out = folder / "pdf"
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", out, *files],
        check=True, capture_output=True, timeout=PATIENCE, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    return {path.stem: path.read_bytes() for path in out.glob("*.pdf")}
