"""每种记录都有的两页：各版对照、打印。谁看得到记录，谁就看得到它们，别人一样没有。"""

from collections.abc import Callable

from tests.access import (  # noqa: F401  照它们登记的记录页来
    administration,
    alerts,
    api,
    articles,
    calendar,
    compilations,
    curation,
    disclosures,
    documents,
    funds,
    gazette,
    interpretations,
    ledger,
    library,
    links,
    norms,
    openings,
    pages,
    personnel,
    plans,
    redaction,
    screening,
    sharing,
    sites,
    topics,
)
from tests.access.table import ROWS, Row, rows
from tests.town import Town
from yangguang.foundation.workbench.registry import all_viewsets
from yangguang.foundation.workbench.viewsets import RecordViewSet


def beside(row: Row, tail: str) -> Callable[[Town], str]:
    return lambda town: row.path(town).partition("?")[0] + tail


RECORDS = {row.route: row for row in ROWS if row.method == "GET" and row.route.endswith("-record")}

for viewset in all_viewsets():
    if type(viewset).routes is not RecordViewSet.routes:
        continue
    record = RECORDS[f"workbench:{viewset.slug}-record"]
    tails = ["print", *(["versions"] if viewset.keeps_versions else [])]
    rows(
        *(
            Row(
                f"workbench:{viewset.slug}-{tail}", beside(record, f"{tail}/"), record.roles,
                elsewhere=record.elsewhere,
            )
            for tail in tails
        )
    )  # fmt: skip
