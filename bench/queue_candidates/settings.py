"""试验用的设置：``TRIAL_QUEUE`` 选队列，``TRIAL_DATABASE`` 给出数据库地址。"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
from yangguang.settings.base import database  # noqa: E402

SECRET_KEY = "trial"  # noqa: S105
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(os.environ["TRIAL_DATABASE"])}
QUEUE = os.environ["TRIAL_QUEUE"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
if QUEUE == "q2":
    INSTALLED_APPS.append("django_q")
    # 租约 6 秒、作业限时 5 秒、最多 3 次；q2 要求 retry > timeout
    Q_CLUSTER = {
        "name": "trial",
        "orm": "default",
        "workers": 2,
        "timeout": 5,
        "retry": 6,
        "max_attempts": 3,
        "ack_failures": False,
        "poll": 0.2,
        "queue_limit": 2,
        "bulk": 1,
        "save_limit": 0,
    }
elif QUEUE == "tasks":
    INSTALLED_APPS += ["django_tasks", "django_tasks_db"]
    TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
elif QUEUE == "house":
    INSTALLED_APPS += [
        "treebeard",
        "yangguang.foundation.organisations",
        "yangguang.foundation.accounts",
        "yangguang.foundation.audit",
        "yangguang.foundation.jobs",
        "bench.queue_candidates.house",
    ]
    AUTH_USER_MODEL = "accounts.User"
    SEAL_ROOT = Path(os.environ["TRIAL_LOG"]).parent / "seals"
    JOB_LEASE_SECONDS = 6
