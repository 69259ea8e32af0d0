"""演示环境：SQLite、库内队列、静态树与数据都在 ``var/`` 下。"""

import os
from datetime import date
from pathlib import Path

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, PROJECT_ROOT, database

INSTALLED_APPS = [*INSTALLED_APPS, "yangguang.demo"]

VAR_ROOT = Path(os.environ.get("YANGGUANG_VAR", PROJECT_ROOT / "var" / "demo")).resolve()
VAR_ROOT.mkdir(parents=True, exist_ok=True)

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", ".localhost", "[::1]", "testserver"]
ALLOWED_HOSTS += [host for host in os.environ.get("YANGGUANG_HOSTS", "").split(",") if host]

READING_DAY = (
    date.fromisoformat(os.environ["YANGGUANG_AS_OF"]) if "YANGGUANG_AS_OF" in os.environ else None
)
# 演示的域名是真的，网站却在本机：核对去本机取
SITES_SERVED_AT = os.environ.get("YANGGUANG_SITES_SERVED_AT", "127.0.0.1:8000")


def _secret(name: str) -> str:
    """读出 ``var`` 下的密钥；没有就生成一把，只有本用户可读。"""
    path = VAR_ROOT / name
    if not path.exists():
        from django.core.management.utils import get_random_secret_key

        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(get_random_secret_key())
    return path.read_text()


SECRET_KEY = _secret("secret-key")
LETTER_SEAL = "yangguang.dialogue.letters.sealing.DemonstrationSeal"
DATABASES = {
    "default": database(
        os.environ.get("YANGGUANG_DATABASE", f"sqlite:///{VAR_ROOT / 'yangguang.sqlite3'}")
    )
}
# 演示的口令是公开的，不要求人人有手机；想看的，在“我的账号”里自己设
SECOND_STEP_REQUIRED = False
SITE_ROOT = VAR_ROOT / "site"
FILES_ROOT = VAR_ROOT / "files"
SEARCH_ROOT = VAR_ROOT / "search"
SEAL_ROOT = VAR_ROOT / "seals"
SITE_KEY = VAR_ROOT / "keys" / "site-signing-key.pem"
PATROL_ROOT = VAR_ROOT / "patrol"
STATIC_ROOT = VAR_ROOT / "static"
