"""表格一类的文书：申请表、登记表、呈批单、送达回证、视为放弃的登记。纯函数。"""

from collections.abc import Iterator

from yangguang.dialogue.requests.outcomes import BY_OUTCOME

from .facts import CaseFacts
from .replies import Said, conclusion
from .wording import REGULATION, applicant_line, cleaned, dated

BLANK = "　"
"""留着手填的一格。"""


def parts(facts: CaseFacts, said: Said) -> dict[str, str]:
    """各格；哪种表用哪几格在 ``kinds``。"""
    person, service = facts.applicant, facts.service
    reach = "；".join(filter(None, (person.contact, person.address)))
    held = {
        "registered": facts.number,
        "applicant": applicant_line(facts),
        "identity": person.identity,
        "reach": reach if person.contact else "",
        "agent": person.agent,
        "content": cleaned(facts.content),
        "form": facts.delivery_form,
        "applied": dated(facts.came_on),
        "transcribed": facts.transcribed_by,
        "channel": facts.channel,
        "received": f"{dated(facts.received_on)}。{facts.received_sentence}".rstrip("。") + "。"
        if facts.received_on else "",
        "due": "。".join(filter(None, (dated(facts.due_on), facts.due_sentence.rstrip("。")))) + "。"
        if facts.due_on else "",
        "handler": facts.handler,
        "proposal": conclusion(BY_OUTCOME[facts.outcome], facts).replace(person.you, "申请人")
        if facts.outcome in BY_OUTCOME else "",
        "reasons": said("reasons"),
        "note": said("note"),
        "told": "\n".join(_told(facts)),
        "ending": _ending(facts),
    }  # fmt: skip
    if service:
        held |= {
            "document": f"{service.document}（{service.number}）" if service.number else "",
            "recipient": service.recipient,
            "service": "；".join(filter(None, (service.method, service.address))),
        }
    return held


def _told(facts: CaseFacts) -> Iterator[str]:
    """没有等到的补正、缴费，各是哪天告知、到哪天为止。"""
    if (asked := facts.clarification) and not asked.corrected_on:
        yield f"{dated(asked.told_on)}告知补正，补正期限至{dated(asked.due_on)}，逾期没有补正。"
    if (fee := facts.fee) and fee.notified_on and fee.due_on and not fee.paid_on:
        yield f"{dated(fee.notified_on)}通知缴费{fee.yuan}元，缴费期限至{dated(fee.due_on)}，逾期没有缴纳。"


def _ending(facts: CaseFacts) -> str:
    if (fee := facts.fee) and fee.notified_on and not fee.paid_on:
        return (
            f"依据{REGULATION}第四十二条、国办函〔2020〕109号的规定，申请人逾期未按收费通知要求缴纳费用，"
            "视为放弃申请，本机关不再处理。"
        )
    if (asked := facts.clarification) and not asked.corrected_on:
        return f"依据{REGULATION}第三十条的规定，申请人无正当理由逾期不补正，视为放弃申请，本机关不再处理。"
    return ""
