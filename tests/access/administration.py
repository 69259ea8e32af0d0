"""管理员的界面：审计归审计管理员，作业和出口归系统管理员，系统状况三种管理员都看。"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone

from tests.access.table import Row, rows
from tests.actors import actor
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.audit.services import record
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.organisations import selectors, workbook

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
AUDIT_ADMIN = frozenset({"audit_admin"})
SYSTEM_ADMIN = frozenset({"system_admin"})
UNITS = "/workbench/organisations/"


def event(town: Town) -> str:
    """本机构的人办的一件事。"""
    with transaction.atomic():
        record("access.sample", actor=actor("drafter", town.organisation), target=None)
    return f"/workbench/audit/{AuditEvent.objects.latest('pk').pk}/"


def dead(tail: str = "") -> Callable[[Town], str]:
    """一项死信。"""

    def path(town: Town) -> str:
        now = timezone.now()
        job = Job.objects.create(
            name="search.forget", key="access", state=Job.State.DEAD, attempts=6, run_after=now,
            created_at=now, finished_at=now, last_error="错",
        )  # fmt: skip
        return f"/workbench/jobs/{job.pk}/{tail}"

    return path


def unit(tail: str = "") -> Callable[[Town], str]:
    """本机构。"""
    return lambda town: f"/workbench/organisations/{town.organisation.pk}/{tail}"


def workbook_of(town: Town, who: Actor) -> dict[str, Any]:
    """名录原样，只把本机构的资料来源改了。"""
    tables = selectors.tables()
    tables.organisations[0].values["source"] = "改过"
    stream = BytesIO(workbook.dump(tables))
    stream.name = "机构资料.xlsx"
    return {"key": "access-import", "file": stream}


rows(
    Row("workbench:audit", lambda t: "/workbench/audit/", AUDIT_ADMIN, elsewhere=True),
    Row("workbench:audit-record", event, AUDIT_ADMIN),
    Row("workbench:jobs", lambda t: "/workbench/jobs/", SYSTEM_ADMIN, elsewhere=True),
    Row("workbench:jobs-record", dead(), SYSTEM_ADMIN, elsewhere=True),
    Row("workbench:jobs-requeue", dead("requeue/"), SYSTEM_ADMIN, elsewhere=True),
    Row(
        "workbench:jobs-requeue", dead("requeue/"), SYSTEM_ADMIN, method="POST", elsewhere=True,
        data=lambda t, who: {"key": "access-requeue", "note": "已修好"}, event="jobs.requeue",
    ),
    Row("workbench:health", lambda t: "/workbench/health/", ADMINISTRATORS, elsewhere=True),
    Row("workbench:projectors", lambda t: "/workbench/projectors/", SYSTEM_ADMIN, elsewhere=True),
    Row("workbench:organisations", lambda t: f"{UNITS}", SYSTEM_ADMIN, elsewhere=True),
    Row(
        "workbench:organisations-workbook", lambda t: f"{UNITS}workbook/", SYSTEM_ADMIN,
        elsewhere=True,
    ),
    Row("workbench:organisations-import", lambda t: f"{UNITS}import/", SYSTEM_ADMIN, elsewhere=True),
    Row(
        "workbench:organisations-import", lambda t: f"{UNITS}import/", SYSTEM_ADMIN, method="POST",
        data=workbook_of, event="organisations.import", elsewhere=True,
    ),
    Row("workbench:organisations-record", unit(), SYSTEM_ADMIN),
    Row("workbench:organisations-rename", unit("rename/"), SYSTEM_ADMIN),
    Row(
        "workbench:organisations-rename", unit("rename/"), SYSTEM_ADMIN, method="POST",
        data=lambda t, who: {
            "key": "access-rename", "name": "新名称", "on": "2020-10-01", "note": "改革",
        },
        event="organisations.rename",
    ),
    Row("workbench:organisations-merge", unit("merge/"), SYSTEM_ADMIN),
)  # fmt: skip
