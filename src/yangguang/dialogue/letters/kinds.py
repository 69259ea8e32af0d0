"""依申请公开的三十八种文书：十七种程序性的，二十一种答复。纯数据，不碰数据库、时钟和配置。

每一种写明给谁、编不编号、由哪几部分组成。各部分里，结论、条款、日期、算式、救济段由数据和规则生成，改不了；
``written`` 的由经办人写。
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yangguang.dialogue.requests.outcomes import OUTCOMES, Outcome

APPLICANT, THIRD_PARTY, ORGAN, INTERNAL = "applicant", "third_party", "organ", "internal"
ADDRESSEES = {
    APPLICANT: "申请人", THIRD_PARTY: "第三方", ORGAN: "其他机关", INTERNAL: "本机关内部",
}  # fmt: skip
HIDES_APPLICANT = frozenset({THIRD_PARTY, ORGAN})
"""给这些人的文书隐去申请人。"""

LABELS: Mapping[str, str] = {
    "letterhead": "版头",
    "title": "标题",
    "number": "文号",
    "salutation": "称谓",
    "receipt": "收到申请的情况",
    "history": "办理经过",
    "opening": "答复引语",
    "conclusion": "结论",
    "reasons": "理由",
    "harm": "公开的危害",
    "severability": "能否区分处理",
    "search": "检索过程",
    "access": "获取的方式、途径和时间",
    "responsible": "负责公开的机关",
    "demand": "需要办理的事项",
    "term": "期限",
    "consequence": "逾期的后果",
    "basis": "收费的依据和标准",
    "formula": "计算式",
    "payment": "缴纳方式",
    "fee_remedies": "对收费的异议",
    "remedies": "救济途径",
    "query": "查询办法",
    "contact": "联系方式",
    "attachments": "附件",
    "signature": "落款",
    "date": "成文日期",
    "copies": "抄送和存档",
    "slip": "回执",
    "registered": "申请编号",
    "applicant": "申请人",
    "identity": "身份证明",
    "reach": "联系方式、地址",
    "agent": "代理人",
    "content": "所需信息的名称、文号或者特征描述",
    "form": "获取信息的方式、途径",
    "applied": "提出申请的日期",
    "transcribed": "代为填写的人",
    "channel": "申请方式",
    "received": "收到日期",
    "due": "答复期限",
    "handler": "经办人",
    "proposal": "拟答复的结论和依据",
    "secrecy": "保密审查意见",
    "legality": "合法性审核意见",
    "approval": "负责人审批意见",
    "document": "送达的文书和文号",
    "recipient": "受送达人",
    "service": "送达方式、地点",
    "signed_for": "受送达人签收（签名、日期）",
    "received_by_other": "代收人和代收的理由",
    "server": "送达人（签名、日期）",
    "note": "备注",
    "applicant_signature": "申请人签名（盖章）",
    "told": "告知的情况",
    "ending": "办结的结论",
}
"""各部分叫什么。"""


@dataclass(frozen=True)
class Slot:
    """文书的一部分。``mandatory`` 的没有就不能办结；``written`` 的由经办人写；``blank`` 的留着手填。"""

    name: str
    mandatory: bool = True
    written: bool = False
    blank: bool = False

    @property
    def label(self) -> str:
        """叫什么。"""
        return LABELS[self.name]


@dataclass(frozen=True)
class Kind:
    """一种文书。``mark`` 是目录里的序号，``series`` 是文号的类别字，不编号的为空；``used`` 是何时用。"""

    code: str
    mark: str
    title: str
    series: str
    addressee: str
    used: str
    slots: tuple[Slot, ...]
    is_form: bool = False
    has_remedies: bool = False
    outcome: Outcome | None = None

    @property
    def hides_applicant(self) -> bool:
        """隐去申请人。"""
        return self.addressee in HIDES_APPLICANT

    @property
    def mandatory(self) -> tuple[str, ...]:
        """必备的各部分。"""
        return tuple(slot.name for slot in self.slots if slot.mandatory)

    @property
    def editable(self) -> tuple[str, ...]:
        """由经办人写的各部分。"""
        return tuple(slot.name for slot in self.slots if slot.written)


def _slots(told: str) -> tuple[Slot, ...]:
    """``?`` 可以没有，``*`` 由经办人写，``_`` 留着手填。"""
    return tuple(
        Slot(each.rstrip("?*_"), "?" not in each and "_" not in each, "*" in each, "_" in each)
        for each in told.split()
    )


HEAD = "letterhead title number salutation"
FOOT = "contact? attachments? signature date copies?"


def _letter(
    code: str, mark: str, title: str, series: str, addressee: str, used: str, middle: str,
    *, has_remedies: bool = False, tail: str = "",
) -> Kind:  # fmt: skip
    head = HEAD if series else HEAD.replace(" number", "")
    slots = _slots(f"{head} {middle} {FOOT} {tail}")
    return Kind(code, mark, title, series, addressee, used, slots, has_remedies=has_remedies)


def _form(code: str, mark: str, title: str, used: str, middle: str) -> Kind:
    return Kind(code, mark, title, "", INTERNAL, used, _slots(f"title {middle}"), is_form=True)


PROCEDURAL = (
    _form("application_form", "①", "政府信息公开申请表", "申请人填写，或者口头申请由工作人员代为填写（第二十九条）",
          "registered? applicant identity reach agent? content form applied transcribed? applicant_signature_"),
    _form("register_form", "②", "政府信息公开申请登记表", "收到申请时登记（第三十一条、第四十五条）",
          "registered applicant channel applied received content form due handler note*?"),
    _letter("receipt", "③", "政府信息公开申请登记回执", "", APPLICANT, "收到申请、完成登记以后",
            "receipt term query"),
    _letter("clarification", "④", "政府信息公开申请补正告知书", "补", APPLICANT,
            "申请内容不明确，收到之日起 7 个工作日内一次性告知（第三十条）", "receipt demand* term consequence"),
    _letter("reason_inquiry", "⑤", "政府信息公开申请说明理由告知书", "询", APPLICANT,
            "申请的数量、频次明显超过合理范围（第三十五条）", "receipt demand* term consequence"),
    _letter("extension", "⑥", "政府信息公开申请延期答复告知书", "延", APPLICANT,
            "不能在 20 个工作日内答复，期限届满以前（第三十三条第二款）", "receipt history? conclusion reasons* term"),
    _letter("third_party_consultation", "⑦", "政府信息公开征求第三方意见书", "征", THIRD_PARTY,
            "公开可能损害第三方合法权益（第三十二条）", "receipt demand* term consequence", tail="slip"),
    _letter("consultation_notice", "⑧", "政府信息公开征求意见告知书", "告", APPLICANT,
            "已经征求第三方或者其他机关的意见，期限停止计算（第三十三条第三款）", "receipt conclusion term"),
    _letter("third_party_notice", "⑨", "政府信息公开决定告知书", "知", THIRD_PARTY,
            "第三方不同意而决定公开（第三十二条）", "history conclusion demand* reasons* remedies",
            has_remedies=True),
    _letter("joint_maker_consultation", "⑩", "共同制作政府信息公开征求意见书", "商", ORGAN,
            "信息由几个行政机关共同制作（第三十四条）", "receipt demand* term consequence", tail="slip"),
    _letter("assistance", "⑪", "政府信息公开申请协办函", "协", ORGAN, "须其他机关协商、确认或者协助检索（第十一条）",
            "receipt demand* term"),
    _letter("fee_notice", "⑫", "政府信息公开信息处理费收费通知书", "收", APPLICANT,
            "超出一定数量或者频次范围（第四十二条，国办函〔2020〕109号）",
            "receipt basis formula conclusion payment* term consequence fee_remedies"),
    _letter("delayed_reply", "⑬", "政府信息公开申请延迟答复告知书", "缓", APPLICANT,
            "大量申请理由合理，但无法按期答复（第三十五条）", "receipt history conclusion reasons* term"),
    _form("internal_approval", "⑭", "政府信息公开申请答复呈批暨保密审查表", "答复书签发以前（第十七条、第四十五条）",
          "registered applicant received content due proposal reasons*? handler secrecy_ legality_ approval_"),
    _form("service_return", "⑮", "送达回证", "送达文书时",
          "registered document recipient service signed_for_ received_by_other_ server_ note*?"),
    _form("abandonment_record", "⑯", "政府信息公开申请视为放弃办结登记表", "逾期不补正、逾期不缴费（第三十条、国办函〔2020〕109号）",
          "registered applicant received content told ending handler note*?"),
    _letter("withdrawal_confirmation", "⑰", "政府信息公开申请撤回确认书", "撤", APPLICANT, "申请人撤回申请",
            "receipt history conclusion"),
)  # fmt: skip
"""程序性的十七种。"""


def _reply(outcome: Outcome) -> Kind:
    middle = "receipt history? opening conclusion"
    if outcome.needs_search:
        middle += " search"
    if outcome.needs_reason:
        middle += " reasons*"
    if outcome.needs_harm:
        middle += " harm* severability*"
    if outcome.needs_authority:
        middle += " responsible"
    if outcome.needs_location:
        middle += " access"
    return Kind(
        outcome.code, outcome.letter, "政府信息公开申请答复书", "复", APPLICANT, outcome.label,
        _slots(f"{HEAD} {middle} remedies {FOOT}"), has_remedies=True, outcome=outcome,
    )  # fmt: skip


REPLIES = tuple(map(_reply, OUTCOMES))
"""答复的二十一种，代码就是答复的种类（``requests.outcomes``）。"""
KINDS = (*PROCEDURAL, *REPLIES)
BY_KIND: Mapping[str, Kind] = {kind.code: kind for kind in KINDS}
