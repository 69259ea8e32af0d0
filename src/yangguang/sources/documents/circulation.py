"""公文的运转：起草、审核、审查、会签、签发、编号、印发、上网。纯规则，不碰数据库、时钟和配置。

先定公开属性，再运转呈签：没有公开属性的不能送审。走哪几步由机构和公文的性质定（``routes``）。
"""

from collections.abc import Callable, Mapping
from typing import Any

from yangguang.foundation.lifecycle.guards import has_columns, not_the_drafter
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .disclosure import disclosure_faults
from .fairness import sheet_faults
from .interpreting import plan_faults
from .joint import forwarding_fault
from .routes import ORDER, after

DOCUMENT_TYPES = (
    "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示",
    "批复", "议案", "函", "纪要",
)  # fmt: skip
"""公文的 15 个文种（党政机关公文处理工作条例第八条）。"""


def has_disclosure(context: GuardContext) -> list[str]:
    """公开属性已定，理由齐备。"""
    facts = context.facts
    return disclosure_faults(
        facts["disclosure"],
        facts["disclosure_ground"],
        facts["disclosure_reason"],
        is_norm=facts["is_norm"],
        reasons=facts["reasons"],
    )


def is_complete(context: GuardContext) -> list[str]:
    """必备的要素都有，存疑的都已核对。"""
    facts = context.facts
    reasons = [
        f"缺少{label}。"
        for label, field in (
            ("标题", "title"),
            ("正文", "body"),
            ("发文机关", "issuers"),
            ("五公开类别", "stage"),
        )
        if not facts[field]
    ]
    if facts["uncertain"]:
        names = "、".join(facts["uncertain"])
        reasons.append(f"还有识别时存疑的内容没有核对：{names}。核对后在“已核对”处确认。")
    return reasons


def passes_screening(context: GuardContext) -> list[str]:
    """主动公开的，正文和附件里没有必须拦下的内容。"""
    return list(context.facts["screening"]) if context.facts["disclosure"] == "proactive" else []


def is_dated(context: GuardContext) -> list[str]:
    """没有填成文日期的，签发之日就是（GB/T 9704：负责人签发的日期）；早就印发了的，签发前须填。"""
    facts = context.facts
    issued = facts["issued_on"]
    if facts["written_on"] or issued is None or issued >= facts["today"]:
        return []
    return [f"印发日期是 {issued.isoformat()}，早于今天：签发前须填成文日期。"]


def is_proactive(context: GuardContext) -> list[str]:
    """只有主动公开的才上网。"""
    if context.facts["disclosure"] == "proactive":
        return []
    return ["公开属性不是“主动公开”，不能发布上网。"]


def agrees_with_original(context: GuardContext) -> list[str]:
    """转发件的公开属性与原文一致。"""
    facts = context.facts
    fault = forwarding_fault(
        facts["disclosure"], facts["original_disclosure"], facts["original_number"]
    )
    return [fault] if fault else []


def has_interpretation(context: GuardContext) -> list[str]:
    """政策文件有解读方案，或者写明了不作解读的理由（三同步）。"""
    facts = context.facts
    if not facts["needs_interpretation"]:
        return []
    return plan_faults(facts["plan"], is_major_decision=facts["is_major_decision"])


def is_free(context: GuardContext) -> list[str]:
    """没有转给别人办。"""
    assigned = context.facts["assigned_to"]
    if assigned is None or assigned in context.actor.persons:
        return []
    return [f"这一步已转请{context.facts['assigned_name']}办理。要改由您办，先转给自己。"]


def is_issued(context: GuardContext) -> list[str]:
    """该编号、印发的，编了号、印发了再上网。"""
    ahead = after(context.facts["path"], context.facts["state"])
    if ahead == "numbered":
        return [
            "先编号、印发，再上网。" if "issued" in context.facts["path"] else "先编号，再上网。"
        ]
    return ["先印发，再上网。"] if ahead == "issued" else []


def is_numbered(context: GuardContext) -> list[str]:
    """该编号的，编了号再印发。"""
    facts = context.facts
    return ["先编号，再印发。"] if after(facts["path"], facts["state"]) == "numbered" else []


def is_the_keeper(context: GuardContext) -> list[str]:
    """由经办人来做。"""
    if {context.facts["created_by"], context.facts["keeper"]} & context.actor.persons:
        return []
    return ["由起草人或者接手经办的人来做。"]


def not_urged_today(context: GuardContext) -> list[str]:
    """一天只催一次。"""
    return ["今天已经催过一次。"] if context.facts["is_urged_today"] else []


def has_person(context: GuardContext) -> list[str]:
    """转给谁已经选定。"""
    return [] if context.inputs.get("person") else ["请选定转请谁办理。"]


def has_sheet(context: GuardContext) -> list[str]:
    """公平竞争审查表填好了，而且结论可以出台。"""
    return sheet_faults(context.inputs.get("sheet") or {})


def has_series(context: GuardContext) -> list[str]:
    """用哪个机关代字已经选定。"""
    return [] if context.inputs.get("series") else ["请选定机关代字。"]


def is_issued_in_time(context: GuardContext) -> list[str]:
    """印发日期不早于成文，不晚于今天。"""
    on, facts = context.inputs.get("issued_on"), context.facts
    if on is None:
        return ["请填印发日期。"]
    if on > facts["today"]:
        return ["印发日期不能晚于今天。"]
    if facts["written_on"] and on < facts["written_on"]:
        return ["印发日期不能早于成文日期。"]
    return []


def not_the_releaser(context: GuardContext) -> list[str]:
    """紧急发布的人不能自己补审。"""
    if context.facts["released_by"] in context.actor.persons:
        return ["紧急发布是您办的，须由他人补审。"]
    return []


def is_ours(context: GuardContext) -> bool:
    """此人管得到制发机构；会签机关的人只能会签。"""
    facts = context.facts
    return context.actor.covers(facts["organisation"], facts["organisation_path"])


def is_asked(context: GuardContext) -> bool:
    """等此人的机关会签。"""
    asked = context.actor.organisation_id in context.facts["asked"]
    return asked or (context.facts["state"] != "in_countersign" and not is_ours(context))


def _onward(context: GuardContext) -> str:
    """步骤里的下一步。"""
    return after(context.facts["path"], context.facts["state"])


def _stays(context: GuardContext) -> str:
    return str(context.facts["state"])


def _countersigned(context: GuardContext) -> str:
    """都会签了才往下走。"""
    left = set(context.facts["asked"]) - {context.actor.organisation_id}
    return "in_countersign" if left else _onward(context)


def _held(holders: Mapping[str, frozenset[str]]) -> Callable[[GuardContext], bool]:
    """制发机构里，这一步归此人的角色；不在这几步的不论。"""

    def applies(context: GuardContext) -> bool:
        roles = holders.get(context.facts["state"])
        return is_ours(context) and (roles is None or context.actor.role in roles)

    return applies


def _is_released(context: GuardContext) -> bool:
    """紧急发布了，还没有补审。"""
    return is_ours(context) and context.facts["released_by"] is not None


DRAFTER = frozenset({"drafter"})
REVIEWER = frozenset({"reviewer"})
APPROVER = frozenset({"approver"})
SECRECY = frozenset({"secrecy_reviewer"})
LEGALITY = frozenset({"legality_reviewer"})
PUBLISHERS = DRAFTER | APPROVER

HOLDERS = {
    "in_review": REVIEWER,
    "in_disclosure_review": REVIEWER,
    "in_secrecy_review": SECRECY,
    "in_legality_review": LEGALITY,
    "in_fairness_review": LEGALITY,
    "in_approval": APPROVER,
}
"""各步由谁办。会签由各会签机关的签发人办，不在其中。"""
RETURNERS = {
    **{state: roles | APPROVER for state, roles in HOLDERS.items()},
    "in_countersign": APPROVER,
    "in_approval": REVIEWER | APPROVER,
}
"""各步谁可以退回。"""
IN_CIRCULATION = frozenset({*HOLDERS, "in_countersign"})
READY = (
    has_disclosure, agrees_with_original, has_interpretation, is_complete, passes_screening,
)  # fmt: skip
REVIEWED = (not_the_drafter, is_free)


def _review(event: str, label: str, source: str, **given: Any) -> Transition:
    """签发以前的一步审查。"""
    guards = (*REVIEWED, *given.pop("guards", ()))
    return Transition(
        event, label, frozenset({source}), "in_approval", HOLDERS[source],
        guards=guards, applies=is_ours, onward=_onward, targets=IN_CIRCULATION, **given,
    )  # fmt: skip


CIRCULATION = Lifecycle(
    name="documents",
    label="公文",
    initial="draft",
    states={
        "draft": "起草",
        "in_review": "审核",
        "in_disclosure_review": "公开属性审查",
        "in_secrecy_review": "保密审查",
        "in_legality_review": "合法性审核",
        "in_fairness_review": "公平竞争审查",
        "in_countersign": "会签",
        "in_approval": "签发",
        "approved": "已签发",
        "numbered": "已编号",
        "issued": "已印发",
        "published": "已发布",
        "revising": "修订中",
        "withdrawn": "已撤回",
    },
    progress=ORDER,
    transitions=(
        Transition(
            "submit", "送审", frozenset({"draft"}), "in_approval", DRAFTER,
            guards=READY, legal_basis="先确定公开属性、再运转呈签", in_bulk=True,
            applies=is_ours, onward=_onward, targets=IN_CIRCULATION,
        ),
        _review("pass", "审核通过", "in_review", legal_basis="条例第十七条"),
        _review(
            "pass_disclosure", "公开属性审查通过", "in_disclosure_review",
            guards=(has_disclosure, agrees_with_original),
            legal_basis="条例第十三条、第十四条至第十六条",
        ),
        _review("pass_secrecy", "保密审查通过", "in_secrecy_review", legal_basis="条例第十七条"),
        _review(
            "pass_legality", "合法性审核通过", "in_legality_review", needs_message=True,
            legal_basis="国办发〔2018〕115号；国令第713号",
        ),
        _review(
            "pass_fairness", "公平竞争审查通过", "in_fairness_review", input_guards=(has_sheet,),
            legal_basis="公平竞争审查条例",
        ),
        Transition(
            "countersign", "会签同意", frozenset({"in_countersign"}), "in_approval", APPROVER,
            applies=is_asked, onward=_countersigned, targets=IN_CIRCULATION,
        ),
        Transition(
            "decline", "会签不同意", frozenset({"in_countersign"}), "draft", APPROVER,
            needs_message=True, applies=is_asked,
        ),
        Transition(
            "return", "退回", IN_CIRCULATION, "draft", REVIEWER | APPROVER | SECRECY | LEGALITY,
            needs_message=True, applies=_held(RETURNERS),
        ),
        Transition(
            "take_back", "收回", IN_CIRCULATION, "draft", DRAFTER,
            guards=(is_the_keeper,), applies=is_ours,
        ),
        Transition(
            "delegate", "转请他人办", frozenset(HOLDERS), "in_approval",
            REVIEWER | APPROVER | SECRECY | LEGALITY, input_guards=(has_person,),
            applies=_held(HOLDERS), onward=_stays, targets=frozenset(HOLDERS),
        ),
        Transition(
            "urge", "催办", IN_CIRCULATION, "in_approval", DRAFTER, guards=(not_urged_today,),
            applies=is_ours, onward=_stays, targets=IN_CIRCULATION,
        ),
        Transition(
            "approve", "签发", frozenset({"in_approval"}), "approved", APPROVER,
            guards=(*REVIEWED, has_disclosure, agrees_with_original, is_dated), applies=is_ours,
            deadline_effect="自印发之日起 20 个工作日内上网（条例第二十六条）",
        ),
        Transition(
            "number", "编号", frozenset({"approved"}), "numbered", PUBLISHERS,
            input_guards=(has_series,),
            applies=lambda context: is_ours(context) and "numbered" in context.facts["path"],
        ),
        Transition(
            "void_number", "作废字号", frozenset({"numbered"}), "approved", APPROVER,
            needs_message=True, applies=is_ours,
        ),
        Transition(
            "issue", "印发", frozenset({"approved", "numbered"}), "issued", PUBLISHERS,
            guards=(is_numbered,), input_guards=(is_issued_in_time,),
            applies=lambda context: is_ours(context) and "issued" in context.facts["path"],
            deadline_effect="上网期限自印发之日起重算",
        ),
        Transition(
            "publish", "发布", frozenset({"approved", "numbered", "issued"}), "published",
            PUBLISHERS, guards=(is_proactive, is_issued, has_columns, passes_screening),
            legal_basis="条例第二十三条、第二十六条", in_bulk=True, applies=is_ours,
        ),
        Transition(
            "release", "紧急发布", frozenset({"draft", *IN_CIRCULATION}), "published", APPROVER,
            guards=(not_the_drafter, *READY, is_proactive, has_columns), needs_message=True,
            applies=is_ours,
        ),
        Transition(
            "endorse", "补审通过", frozenset({"published"}), "published", REVIEWER | APPROVER,
            guards=(not_the_drafter, not_the_releaser), needs_message=True, applies=_is_released,
        ),
        Transition(
            "object", "补审不通过", frozenset({"published"}), "revising", REVIEWER | APPROVER,
            guards=(not_the_drafter, not_the_releaser), needs_message=True, applies=_is_released,
        ),
        Transition(
            "revise", "修订", frozenset({"published"}), "revising", DRAFTER, needs_message=True,
            applies=is_ours,
        ),
        Transition(
            "correct", "更正发布", frozenset({"revising"}), "published", APPROVER,
            guards=(is_proactive, is_complete, passes_screening), needs_message=True,
            applies=is_ours,
        ),
        Transition(
            "withdraw", "撤回", frozenset({"published", "revising"}), "withdrawn", APPROVER,
            needs_message=True, applies=is_ours,
        ),
        Transition(
            "republish", "重新发布", frozenset({"withdrawn"}), "published", APPROVER,
            guards=(is_proactive, has_columns, passes_screening), needs_message=True,
            applies=is_ours,
        ),
    ),
)  # fmt: skip
"""公文的转换表。"""
