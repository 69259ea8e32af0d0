"""一个受理机构办文书的几个人，和几种判断。"""

from datetime import date
from typing import Any

from tests.actors import actor
from tests.dialogue.requests.conftest import Hall, key
from yangguang.dialogue.letters.models import CaseLetter
from yangguang.dialogue.letters.services import draft, make
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation

RECEIVED = date(2024, 3, 5)
OURS = {"clarity": "clear", "nature": "information", "responsible": "ours", "existence": "exists"}
GIVE = OURS | {"giving": "granted", "when": "随本答复提供"}
REFUSE = OURS | {
    "giving": "refused", "ground": "process_info", "overruled": "no", "severable": "no",
    "reason": "所要的是会议讨论记录，尚未形成最终意见，属于第十六条第二款的过程性信息。",
    "harm": "公开讨论记录会妨碍参加讨论的人坦率地发表意见。",
}  # fmt: skip


class Desk:
    """一个受理机构的经办人、审核人、审查员和负责人。"""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        # 文书要写复议机关、法院：机构须在名录里有级别
        place = hall.town.organisation
        Organisation.objects.filter(pk=place.pk).update(kind="administrative")
        place.refresh_from_db()
        self.legality = actor("legality_reviewer", place)
        self.secrecy = actor("secrecy_reviewer", place)
        self.head = hall.town.approver

    def go(
        self, letter: CaseLetter, event: str, who: Actor, message: str = "", **inputs: Any
    ) -> None:
        perform(letter, event, actor=who, key=key(), message=message, inputs=inputs)

    def draft(self, request: DisclosureRequest, kind: str, **values: Any) -> CaseLetter:
        request.refresh_from_db()
        return draft(request, kind, values, actor=self.hall.officer, key=key())

    def signed(self, request: DisclosureRequest, kind: str, **values: Any) -> CaseLetter:
        letter = self.draft(request, kind, **values)
        self.go(letter, "submit", self.hall.officer)
        if letter.state == "in_legality":
            self.go(letter, "pass_legality", self.legality)
            self.go(letter, "pass_secrecy", self.secrecy)
        self.go(letter, "sign", self.head)
        make(letter)
        return letter

    def sent(self, request: DisclosureRequest, kind: str, **values: Any) -> CaseLetter:
        letter = self.signed(request, kind, **values)
        self.go(letter, "send", self.hall.officer, sent_on=letter.written_on)
        request.refresh_from_db()
        return letter
