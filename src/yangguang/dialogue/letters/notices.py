"""文书的通知：审核、审查、签发等谁，退给谁，签发了等经办人送出。"""

from yangguang.dialogue.requests.states import HEAD, OFFICER
from yangguang.foundation.notify.audiences import Keeper, Roles
from yangguang.foundation.notify.registry import LivingNotices, register

from .circulation import LEGALITY, SECRECY
from .models import CaseLetter

register(
    LivingNotices(
        CaseLetter,
        "答复文书",
        "workbench:letters-record",
        waits={
            "in_legality": Roles(LEGALITY, reaches_up=False),
            "in_secrecy": Roles(SECRECY, reaches_up=False),
            "in_signing": Roles(HEAD, reaches_up=False),
            "signed": Keeper(OFFICER),
        },
        returns={"return": Keeper(OFFICER)},
    )
)
