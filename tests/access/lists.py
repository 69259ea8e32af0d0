"""每种列表都有的几页：导出、常用筛选、选列、成批办理。以公文的列表为例，各列表的导出另见 ``_check``。"""

from typing import Any

from tests.access.documents import DRAFTER, READERS
from tests.access.table import Row, rows
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.workbench.bulking import begin, finish
from yangguang.foundation.workbench.services import save_list
from yangguang.sources.documents.models import OfficialDocument

LIST = "/workbench/documents/"


def saved_page(town: Town) -> str:
    return f"{LIST}saved/{save_list('documents', '甲', 'q=1', actor=town.drafter).pk}/"


def bulk_page(town: Town) -> str:
    return f"{LIST}bulk/?event=submit&pk={town.document().pk}"


def bulk_path(town: Town) -> str:
    town.document()
    return f"{LIST}bulk/"


def picked(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-bulk", "event": "submit", "pk": [OfficialDocument.objects.get().pk]}


def result_page(town: Town) -> str:
    submit: Transition = OfficialDocument.lifecycle.transition("submit")
    run = begin("access-run", "documents", submit, actor=town.drafter)
    finish(run, [{"pk": town.document().pk, "reasons": []}], actor=town.drafter)
    return f"{LIST}bulk/{run.pk}/"


rows(
    Row(
        "workbench:export", lambda t: f"{LIST}export.csv", READERS, event="workbench.export",
        elsewhere=True, answer=200,
    ),
    Row(
        "workbench:save", lambda t: f"{LIST}saved/", READERS, method="POST", elsewhere=True,
        data=lambda t, who: {"name": "甲", "query": "q=1"},
    ),
    Row(
        "workbench:saved", saved_page, DRAFTER, method="POST",
        data=lambda t, who: {"do": "default"},
    ),
    Row("workbench:columns", lambda t: f"{LIST}columns/", READERS, elsewhere=True),
    Row(
        "workbench:columns", lambda t: f"{LIST}columns/", READERS, method="POST", elsewhere=True,
        data=lambda t, who: {"column": "state"},
    ),
    Row("workbench:bulk", bulk_page, DRAFTER),
    Row(
        "workbench:bulk", bulk_path, DRAFTER, method="POST", data=picked, event="workbench.bulk",
    ),
    Row("workbench:bulk-result", result_page, DRAFTER),
)  # fmt: skip
