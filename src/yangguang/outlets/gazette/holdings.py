"""一个人手上的公报：没有公布的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import GazetteIssue

register(
    LivingHolding(
        GazetteIssue,
        "政府公报",
        frozenset({"draft", "in_approval", "approved"}),
        "workbench:gazette-record",
    )
)
