"""一个人手上的公文：没有发布、没有撤回的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .circulation import IN_CIRCULATION
from .due import AWAITING
from .models import OfficialDocument

register(
    LivingHolding(
        OfficialDocument,
        "公文",
        frozenset({"draft", *IN_CIRCULATION, *AWAITING, "revising"}),
        "workbench:documents-record",
    )
)
