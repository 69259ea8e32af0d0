"""演示的检索维护：州政府办公室立的几组同义词和几条推荐结果。"""

from datetime import date
from typing import Any

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.publications.models import Publication
from yangguang.hub.search.models import Promotion, SynonymGroup
from yangguang.hub.search.services import add_promotion, add_synonyms

SYNONYMS = (
    ("低保", "最低生活保障"),
    ("医保", "医疗保障", "医疗保险"),
    ("社保", "社会保险"),
    ("补贴", "补助"),
    ("自治州", "州"),
)
SINCE = date(2020, 9, 25)
REASON = "公众常这样说，文件里写的是另一种说法"


@transaction.atomic
def curate(plan: Publication, ledger: Publication, actor: Actor) -> int:
    """立好同义词和推荐，返回新立了几条；已经有的不再立。"""
    if SynonymGroup.objects.exists() or Promotion.objects.exists():
        return 0
    for number, words in enumerate(SYNONYMS):
        key = f"demo:synonyms:{number}"
        add_synonyms(site=None, words="\n".join(words), reason=REASON, actor=actor, key=key)
    targets: tuple[dict[str, Any], ...] = (
        {"words": "政务公开\n政务公开工作方案", "publication": plan},
        {"words": "任务落实\n落实情况\n工作进展\n任务台账", "publication": ledger},
        {"words": "机构\n部门\n单位", "address": "/organisations/", "label": "机构名录"},
    )
    for number, target in enumerate(targets):
        add_promotion(
            site=plan.site, valid_from=SINCE, reason="公众查这些词，多半是要找它", actor=actor,
            key=f"demo:promotion:{number}", **target,
        )  # fmt: skip
    return len(SYNONYMS) + len(targets)
