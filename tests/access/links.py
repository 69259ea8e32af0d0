"""打不开的站外链接：站点主办单位的签发人、监督员。"""

from tests.access.table import Row, rows

EDITORS = frozenset({"approver", "supervisor"})

rows(
    Row("workbench:dead-links", lambda town: "/workbench/dead-links/", EDITORS),
    Row("workbench:dead-links-workbook", lambda town: "/workbench/dead-links/workbook/", EDITORS),
)
