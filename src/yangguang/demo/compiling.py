"""演示用的文件汇编：把演示的规范性文件汇成一部，照实走一遍编、审、签、公布。"""

from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import site_for
from yangguang.sources.compilations.models import Compilation
from yangguang.sources.compilations.services import begin, make

from .norms import COLUMN, UNIT
from .people import Staff

KEY = "demo:compilation"
TITLE = "演示数据：临夏州人民政府办公室规范性文件汇编"
STEPS = (
    ("submit", "drafter"), ("pass", "reviewer"), ("approve", "approver"), ("publish", "drafter"),
)  # fmt: skip
ABOUT = "演示：收录本办公室公布的规范性文件，不论有效性，各注明状态。"


def compile_norms(staff: Staff) -> int:
    """编一部、公布，返回新公布了几部；办过的步骤不再办。这台机器排不出 PDF 的，停在签发。"""
    done = dict(
        TransitionRecord.objects.filter(idempotency_key__startswith=f"{KEY}:").values_list(
            "idempotency_key", "object_id"
        )
    )
    record = (
        Compilation.objects.get(pk=done[f"{KEY}:create"])
        if f"{KEY}:create" in done
        else _begun(staff)
    )
    for event, role in STEPS:
        if f"{KEY}:{event}" in done:
            continue
        if event == "approve" and not record.made.filter(step="made").exists():
            return 0
        perform(record, event, actor=staff.at(UNIT, role), key=f"{KEY}:{event}")
        for made in record.made.filter(step="queued"):
            make(made)
    return int(f"{KEY}:publish" not in done)


def _begun(staff: Staff) -> Compilation:
    unit = Organisation.objects.get(code=UNIT)
    values = {
        "title": TITLE, "about": ABOUT, "unit": unit, "collected": "norms", "validity": "any",
        "grouping": "year",
    }  # fmt: skip
    return begin(
        values, organisation=unit, actor=staff.at(UNIT, "drafter"), key=f"{KEY}:create",
        columns=list(Column.objects.filter(site=site_for(unit), code=COLUMN)),
        is_demonstration=True,
    )  # fmt: skip
