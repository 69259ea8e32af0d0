"""另一棵树：截至某一天的全站，烘在单独的目录里。

平常的树和库里的账一概不动。列表的次序照库里的账，所以它跟在平常的进度后面；
跟到哪里记在树里的 ``.followed``，有了新的改动就整棵重烘，不再有的文件随即撤下。
"""

import json
import os
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from yangguang.hub.columns.models import Site

from .baker import write_directory
from .models import Cursor
from .parallel import bake_in_parallel
from .projector import hold
from .writer import TWINS, Tree

FOLLOWED = ".followed"


def bake_apart(root: Path, as_of: date, *, anew: bool = False, workers: int = 1) -> int:
    """把截至 ``as_of`` 的全站烘到 ``root``，返回烘了几页。

    自上次以来没有改动就什么也不做，除非 ``anew`` 为真。``workers`` 是几个进程一起烘。
    """
    with hold():
        now = _standing(as_of)
        if not anew and _followed(root) == now:
            return 0
        sites = list(Site.objects.select_related("organisation").order_by("pk"))
        pages = 0
        for site in sites:
            baked = bake_in_parallel(site, as_of, root, workers)
            pages += baked.pages
            _clear(root / site.code, baked.files)
        write_directory(sites, root)
        os.sync()
        Tree(root).write_plain({FOLLOWED: json.dumps(now).encode()})
    return pages


def _standing(as_of: date) -> dict[str, Any]:
    """平常的树跟到了哪里：树的内容由它和截至日期决定。一次查询。"""
    cursor = Cursor.objects.first() or Cursor()
    return {
        "as_of": as_of.isoformat(), "sequence": cursor.sequence, "release": cursor.release,
        "calendar": cursor.calendar,
    }  # fmt: skip


def _followed(root: Path) -> object:
    try:
        return json.loads((root / FOLLOWED).read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _clear(folder: Path, files: Collection[str]) -> None:
    """撤下这一次没有烘出来的文件：撤回的信息、它的附件和副本。"""
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        page = name.removesuffix(path.suffix) if path.suffix in TWINS else name
        if path.is_file() and not path.name.startswith(".") and page not in files:
            path.unlink()
