"""一个人手上的文书：没有送出的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import CaseLetter

register(
    LivingHolding(
        CaseLetter,
        "答复文书",
        frozenset({"draft", "in_legality", "in_secrecy", "in_signing", "signed"}),
        "workbench:letters-record",
    )
)
