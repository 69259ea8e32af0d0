"""备好演示：建库、装入、烘焙。每一步都可以重来，已经做过的不再做。"""

import shutil
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.commands import BadInput
from yangguang.foundation.signing import create_key
from yangguang.outlets.website.apart import bake_apart
from yangguang.outlets.website.projector import catch_up

from .loading import Loaded, Say, load

FILES = ("yangguang.sqlite3", "yangguang.sqlite3-wal", "yangguang.sqlite3-shm")
FOLDERS = ("site", "as-of", "files", "seals", "keys", "patrol", "static", "log")
"""演示目录里由演示自己写下的东西。``reset`` 只删这些，别的一概不碰。"""


def tree_as_of(day: date) -> Path:
    """截至 ``day`` 的那棵树在哪里。每个日期一棵，与平常的树分开。"""
    return Path(settings.VAR_ROOT) / "as-of" / day.isoformat()


def prepare(say: Say, as_of: date | None = None) -> Loaded:
    """从无到有备好；``as_of`` 另烘一棵截至那天的树，平常的树和它的账不受影响。"""
    say("数据库：建表或升级")
    call_command("migrate", verbosity=0, interactive=False)
    loaded = load(say=say)
    create_key(Path(settings.SITE_KEY))
    say("网站：烘焙页面")
    seal_all()
    done = catch_up()
    say(f"网站：落实 {done.changes} 笔变更，烘焙 {done.pages} 页")
    if as_of is not None:
        baked = bake_apart(tree_as_of(as_of), as_of)
        say(f"截至 {as_of} 的网站：烘焙 {baked} 页，在单独的目录里")
    return loaded


def reset() -> None:
    """删去演示数据，从头再来。数据库不在演示目录里时抛出 ``BadInput``，什么也不删。"""
    root = Path(settings.VAR_ROOT)
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    if database.resolve() != root / FILES[0]:
        raise BadInput(
            "--reset：数据库由 YANGGUANG_DATABASE 另行指定，不在演示目录里，请自行清空。"
        )
    for name in FOLDERS:
        shutil.rmtree(root / name, ignore_errors=True)
    for name in FILES:
        (root / name).unlink(missing_ok=True)
