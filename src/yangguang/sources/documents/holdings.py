"""一个人手上的公文：没有发布、没有撤回的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import OfficialDocument

register(
    LivingHolding(
        OfficialDocument,
        "公文",
        frozenset({"draft", "in_review", "in_approval", "approved", "revising"}),
        "workbench:documents-record",
    )
)
