"""演示用的一期公报：数据在 ``data/linxia/gazette.json``，选文件、排版、送签、签发、公布都照实走一遍。"""

import json
from datetime import date
from pathlib import Path

from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import site_for
from yangguang.outlets.gazette.models import GazetteIssue
from yangguang.outlets.gazette.selectors import candidates
from yangguang.outlets.gazette.services import make_print, open_issue, printed, take_entry

from .people import Staff

UNIT, EDITOR = "linxia-office", "office.gazette"
KEY = "demo:gazette"


def print_gazette(path: Path, staff: Staff) -> str:
    """编、签、公布 ``path`` 里的一期，返回走到了哪一步。办过的不再办，中断了接着办；排不出 PDF 的停在签发。"""
    data = json.loads(path.read_text(encoding="utf-8"))
    editor, approver = staff.named(EDITOR), staff.at(UNIT, "approver")
    done = {
        key.removeprefix(f"{KEY}:"): number
        for key, number in TransitionRecord.objects.filter(
            idempotency_key__startswith=f"{KEY}:"
        ).values_list("idempotency_key", "object_id")
    }
    if "create" in done:
        issue = GazetteIssue.objects.get(pk=done["create"])
    else:
        issue = _opened(data, staff)
    if "submit" not in done:
        _choose(issue, data["documents"], staff)
        perform(issue, "submit", actor=editor, key=f"{KEY}:submit")
    if "approve" not in done:
        # 作业进程也会来排；这里先排好，装完就看得到
        for made in issue.prints.exclude(step="made"):
            make_print(made)
        if printed(issue) is None:
            return "没有排成 PDF，停在签发"
        perform(issue, "approve", actor=approver, key=f"{KEY}:approve")
    if "publish" not in done:
        perform(issue, "publish", actor=editor, key=f"{KEY}:publish")
    return "已公布"


def _opened(data: dict[str, object], staff: Staff) -> GazetteIssue:
    unit = Organisation.objects.get(code=UNIT)
    values = {name: data[name] for name in ("name", "year", "number", "running")}
    return open_issue(
        values | {"dated_on": date.fromisoformat(str(data["dated_on"]))},
        organisation=unit, actor=staff.named(EDITOR), key=f"{KEY}:create",
        columns=list(Column.objects.filter(site=site_for(unit), code__in=data["columns"])),
        back_filled_from="演示补录：照出版日期", is_demonstration=True,
    )  # fmt: skip


def _choose(issue: GazetteIssue, numbers: list[str], staff: Staff) -> None:
    """照文号选入；选入过的已经不在候选里。"""
    found = {each.document_number: each for each in candidates(issue)}
    for number in numbers:
        if number in found:
            take_entry(issue, found[number], actor=staff.named(EDITOR))
