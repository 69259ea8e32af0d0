"""测试环境：默认 SQLite；``YANGGUANG_TEST_DATABASE`` 给出 PostgreSQL 时用它。"""

import os
import tempfile
from pathlib import Path

from yangguang.foundation.notify.outlets import read_outlets

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, database

INSTALLED_APPS = [*INSTALLED_APPS, "yangguang.demo"]

# 测试起的子进程沿用测试的目录（tests/processes.py）
VAR_ROOT = Path(os.environ.get("YANGGUANG_TEST_VAR") or tempfile.mkdtemp(prefix="yangguang-test-"))
DEBUG = False
ALLOWED_HOSTS = ["*"]
SECRET_KEY = "test-only-key-that-protects-nothing"  # noqa: S105
DATABASES = {
    "default": database(
        os.environ.get("YANGGUANG_TEST_DATABASE", f"sqlite:///{VAR_ROOT / 'test.sqlite3'}")
    )
}
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_ROOT / "test_yangguang.sqlite3")}
    # 测试里“断电”断的是进程，操作系统还在：不等磁盘，写过的也都读得到
    DATABASES["default"]["OPTIONS"] |= {  # type: ignore[operator]
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    }
SITE_ROOT = VAR_ROOT / "site"
FILES_ROOT = VAR_ROOT / "files"
SEARCH_ROOT = VAR_ROOT / "search"
SEAL_ROOT = VAR_ROOT / "seals"
SITE_KEY = VAR_ROOT / "keys" / "site-signing-key.pem"
PATROL_ROOT = VAR_ROOT / "patrol"
STATIC_ROOT = VAR_ROOT / "static"
# 要求第二步的那些测试自己打开它
SECOND_STEP_REQUIRED = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# 测试都来自一个地址；限速另有测试，自己定次数
API_PER_MINUTE_ANONYMOUS = REQUESTS_PER_HOUR = WRONG_CODES_PER_HOUR = 1_000_000
# 与生产同一段代码接通三条渠道，对方在本机；没有服务器应答，除非测试自己起一个、写进环境变量
NOTIFY = read_outlets(
    {
        "YANGGUANG_MAIL": "smtp://127.0.0.1:9",
        "YANGGUANG_MAIL_SENDER": "notice@example.gov.cn",
        "YANGGUANG_SMS": "http://127.0.0.1:9/sms",
        "YANGGUANG_SMS_SECRET": "test-only-secret-that-signs-nothing",
        "YANGGUANG_WEBHOOK": "http://127.0.0.1:9/webhook",
        "YANGGUANG_WEBHOOK_SECRET": "test-only-secret-that-signs-nothing",
        "YANGGUANG_WORKBENCH": "https://gzt.example.gov.cn",
        **os.environ,
    }
)
