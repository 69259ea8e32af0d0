"""依申请公开的测量：七百个机构一年十万件，登记簿、记录页、表三，夜里重算全部没有办结的期限。

    python bench/requests.py [件数]

造数据不量。登记簿和记录页量服务的时间（进程内的客户端，连同登录、菜单），打印中位数和第 95 百分位。
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ["DJANGO_SETTINGS_MODULE"] = "yangguang.settings.demo"
os.environ["YANGGUANG_VAR"] = tempfile.mkdtemp(prefix="yangguang-bench-")
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
UNITS, TIMES, YEAR = 700, 60, 2025

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from tests.actors import actor, organisation  # noqa: E402
from tests.workbench import sign_in  # noqa: E402

from yangguang.dialogue.requests.counting import Period, tables_by_organisation  # noqa: E402
from yangguang.dialogue.requests.models import DisclosureRequest  # noqa: E402
from yangguang.dialogue.requests.table3 import APPLICANTS, RESULTS  # noqa: E402
from yangguang.foundation.calendar.dated import redate  # noqa: E402
from yangguang.foundation.calendar.services import load_calendar  # noqa: E402
from yangguang.foundation.organisations.models import Organisation  # noqa: E402


def main() -> None:
    """造、量、打印。"""
    call_command("migrate", verbosity=0)
    load_calendar()
    root = organisation("root", name="测试州人民政府")
    units = [organisation(f"unit-{place}", root) for place in range(UNITS)]
    fill(units)
    officer = actor("request_officer", units[0])
    supervisor = actor("supervisor", Organisation.objects.get(code="root"), subtree=True)
    print(f"{COUNT} 件，{UNITS} 个机构")
    for name, who in (("经办人", officer), ("监督员（全州）", supervisor)):
        client = sign_in(who).client
        first = DisclosureRequest.objects.filter(organisation=units[0]).latest("pk")
        for label, path in (
            ("登记簿", "/workbench/requests/"),
            ("登记簿，没有办结的", "/workbench/requests/?due=open"),
            ("登记簿，已过期的", "/workbench/requests/?due=overdue"),
            ("登记簿，查找", "/workbench/requests/?q=第 77 项"),
            ("记录页", f"/workbench/requests/{first.pk}/"),
            ("表三", f"/workbench/request-table/?year={YEAR}"),
        ):
            print(f"{name}　{label}：{spread(lambda path=path, client=client: client.get(path))}")
    period = Period.of(YEAR, date(YEAR + 1, 2, 1))
    records = DisclosureRequest.objects.all()
    print(f"全部机构的年度表三：{spread(lambda: tables_by_organisation(records, period), 5)}")
    began = time.perf_counter()
    found = redate(nightly=True)
    print(f"夜里核对没有办结的 {found.checked} 个期限：{time.perf_counter() - began:.1f} 秒")


def fill(units: list[Organisation]) -> None:
    """一年的申请：九成办结，各机构平摊。"""
    random, first, rows = Random(1), date(YEAR, 1, 1), []
    for place in range(COUNT):
        received = first + timedelta(random.randrange(365))
        done = random.random() < 0.9
        finished = received + timedelta(random.randrange(30)) if done else None
        rows.append(
            DisclosureRequest(
                organisation=units[place % UNITS], number=f"{place:08d}", channel="counter",
                submitted_at=timezone.now(), created_at=timezone.now(), came_on=received,
                received_on=received, applicant_kind=random.choice(APPLICANTS),
                applicant_label="某", applicant_digest=f"{random.randrange(20_000):064d}",
                subject=f"某年某村第 {place} 项信息的公示结果", description="某镇某村某年",
                delivery_form="paper", delivery_way="post",
                state="replied" if done else "under_review", finished_on=finished,
                result=random.choice(RESULTS).code if done else "",
            )
        )  # fmt: skip
    DisclosureRequest.objects.bulk_create(rows, batch_size=2_000)
    began = time.perf_counter()
    found = redate(nightly=True)
    print(f"头一次算出 {found.changed} 个期限：{time.perf_counter() - began:.1f} 秒")


def spread(work: Callable[[], object], times: int = TIMES) -> str:
    """中位数和第 95 百分位，毫秒。"""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return (
        f"中位 {taken[len(taken) // 2]:.0f} 毫秒，p95 {taken[int(len(taken) * 0.95) - 1]:.0f} 毫秒"
    )


if __name__ == "__main__":
    main()
