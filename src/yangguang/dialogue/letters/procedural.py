"""程序性文书（信函）的各部分：补正、说明理由、延期、征求意见、收费等。纯函数。"""

from collections.abc import Callable, Mapping

from .facts import BY_REQUESTS, THIRD, CaseFacts, Clarification, Consultation, Fee, Inquiry
from .replies import Said, remedy_text
from .wording import (
    REGULATION,
    anonymous,
    cleaned,
    dated,
    history,
    listed,
    receipt,
    receipt_for_others,
)

Parts = dict[str, str]
MEASURES = "《国务院办公厅关于印发〈政府信息公开信息处理费管理办法〉的通知》（国办函〔2020〕109号）"
SLIP = (
    "{office}：\n《{title}》（{number}）已收到。关于该政府信息公开与否，我（单位）的意见是：\n"
    "□同意公开　　□不同意公开　　□同意部分公开\n理由：\n　\n签名（盖章）：　　　　　　　　　　年　　月　　日"
)


def receipt_slip(facts: CaseFacts, said: Said) -> Parts:
    """③ 登记回执。"""
    you = facts.applicant.you
    due = dated(facts.due_on)
    reason = f"{facts.due_sentence.rstrip('。')}。" if facts.due_sentence else ""
    code = f"，查询码：{facts.query_code}" if facts.query_code else ""
    return {
        "receipt": receipt(facts),
        "term": f"依据{REGULATION}第三十三条的规定，本机关应当在{due}以前答复{you}。{reason}"
        if due else "",
        "query": f"{you}可以凭申请编号查询办理情况。查询地址：{facts.query_url}{code}。"
        if facts.query_url else "",
    }  # fmt: skip


def clarification(facts: CaseFacts, said: Said) -> Parts:
    """④ 补正告知书：逐条写明需要补正什么，到哪天，逾期怎样。"""
    held = facts.clarification
    you = facts.applicant.you
    demand = said("demand") or (listed(held.items) if held and held.items else "")
    return {
        "receipt": receipt(facts),
        "demand": f"经审查，{you}的申请内容不明确或者材料不完整。依据{REGULATION}第三十条的规定，请{you}补正以下事项"
        f"（需要指导的，请与下列受理机构联系）：\n{demand}"
        if demand else "",
        "term": _until(held, f"请{you}在{{due}}（含当日）以前，将补正的内容书面提交本机关。"),
        "consequence": f"{you}无正当理由逾期不补正的，视为放弃申请，本机关不再处理该政府信息公开申请。"
        "答复期限自本机关收到补正的申请之日起计算。",
    }  # fmt: skip


def _until(held: Clarification | Inquiry | Fee | None, sentence: str) -> str:
    return sentence.format(due=dated(held.due_on)) if held and held.due_on else ""


def reason_inquiry(facts: CaseFacts, said: Said) -> Parts:
    """⑤ 说明理由告知书。"""
    held, you = facts.inquiry, facts.applicant.you
    demand = said("demand") or (cleaned(held.situation) if held else "")
    return {
        "receipt": receipt(facts),
        "demand": f"{demand}\n{you}申请公开政府信息的数量、频次明显超过合理范围。依据{REGULATION}"
        f"第三十五条的规定，请{you}说明理由。"
        if demand else "",
        "term": _until(held, f"请{you}在{{due}}（含当日）以前，将理由书面提交本机关。"),
        "consequence": "本机关认为申请理由不合理的，告知不予处理；认为申请理由合理，但是无法在规定的期限内答复的，"
        "可以确定延迟答复的合理期限并告知。逾期不说明理由的，本机关依照上述规定处理。",
    }  # fmt: skip


def extension(facts: CaseFacts, said: Said) -> Parts:
    """⑥ 延期答复告知书：理由，新的截止日期；批准人只在内部记录。"""
    held, you, reasons = facts.extension, facts.applicant.you, _reasons(facts, said)
    agreed = (
        f"依据{REGULATION}第三十三条第二款的规定，经本机关政府信息公开工作机构负责人同意，"
        f"本机关对{you}的申请延长答复期限{held.days}个工作日。"
        if held and held.approved_by else ""
    )  # fmt: skip
    return {
        "receipt": receipt(facts),
        "conclusion": agreed,
        "reasons": f"延期的理由：{reasons}" if reasons else "",
        "term": f"原答复期限为{dated(held.from_due)}，延长后，本机关应当在{dated(held.to_due)}以前答复{you}。"
        if held else "",
    }  # fmt: skip


def _reasons(facts: CaseFacts, said: Said) -> str:
    held = facts.extension.reason if facts.extension else ""
    return said("reasons") or cleaned(held)


def _slip(facts: CaseFacts, title: str) -> str:
    return SLIP.format(
        office=facts.office.name, title=f"{facts.office.name}{title}", number=facts.letter_number
    )


def third_party_consultation(facts: CaseFacts, said: Said) -> Parts:
    """⑦ 征求第三方意见书：隐去申请人；沉默不是同意。"""
    demand = said("demand")
    return {
        "receipt": receipt_for_others(facts),
        "demand": f"经审查，下列政府信息公开后可能损害你方的合法权益：{anonymous(demand, facts)}\n"
        f"依据{REGULATION}第十五条、第三十二条的规定，现书面征求你方意见：是否同意公开；不同意公开的，请说明理由。"
        if demand else "",
        "term": "请你方自收到本征求意见书之日起15个工作日内提出意见。",
        "consequence": "逾期未提出意见的，由本机关依照条例的规定决定是否公开。你方不同意公开且有合理理由的，本机关不予公开；"
        "本机关认为不公开可能对公共利益造成重大影响的，可以决定予以公开，并将决定公开的政府信息内容和理由书面告知你方。",
        "slip": _slip(facts, "政府信息公开征求第三方意见书"),
    }  # fmt: skip


def _last(facts: CaseFacts) -> Consultation | None:
    return facts.consultations[-1] if facts.consultations else None


def consultation_notice(facts: CaseFacts, said: Said) -> Parts:
    """⑧ 征求意见告知书：告诉申请人期限停止计算。"""
    held, you = _last(facts), facts.applicant.you
    if not held:
        return {"receipt": receipt(facts)}
    whom, clause, why = (
        ("第三方", "第三十二条", "公开后可能损害第三方的合法权益")
        if held.of == THIRD
        else (held.name, "第三十四条", "由本机关与其他行政机关共同制作")
    )
    return {
        "receipt": receipt(facts),
        "conclusion": f"{you}申请公开的政府信息{why}。依据{REGULATION}{clause}的规定，"
        f"本机关已于{dated(held.asked_on)}书面征求{whom}的意见。",
        "term": f"依据{REGULATION}第三十三条第三款的规定，征求第三方和其他机关意见所需时间不计算在答复期限内。"
        "收到意见或者征求意见的期限届满后，答复期限继续计算。",
    }


def third_party_notice(facts: CaseFacts, said: Said) -> Parts:
    """⑨ 决定告知书：告诉第三方公开的内容和理由。"""
    asked = [each for each in facts.consultations if each.name == facts.addressee]
    held, demand, reasons = asked[-1] if asked else None, said("demand"), said("reasons")
    opinion = f"，你方于{dated(held.answered_on)}提出意见" if held and held.answered_on else ""
    return {
        "history": f"本机关于{dated(held.asked_on)}就一件政府信息公开申请书面征求你方的意见{opinion}。"
        if held else "",
        "conclusion": f"依据{REGULATION}第十五条、第三十二条的规定，本机关认为不公开可能对公共利益造成重大影响，"
        "决定予以公开。",
        "demand": f"决定公开的政府信息内容：{anonymous(demand, facts)}" if demand else "",
        "reasons": f"公开的理由：{anonymous(reasons, facts)}" if reasons else "",
        "remedies": remedy_text("granted", facts, "告知"),
    }  # fmt: skip


def joint_maker_consultation(facts: CaseFacts, said: Said) -> Parts:
    """⑩ 征求共同制作机关的意见：沉默视为同意，与第三方相反。"""
    demand = said("demand")
    return {
        "receipt": receipt_for_others(facts),
        "demand": f"经审查，下列政府信息由本机关牵头、与贵单位共同制作：{anonymous(demand, facts)}\n"
        f"依据{REGULATION}第三十四条的规定，现征求贵单位意见：是否同意公开；不同意公开的，请说明理由和依据。"
        if demand else "",
        "term": "请贵单位自收到本征求意见书之日起15个工作日内提出意见。",
        "consequence": "逾期未提出意见的，视为同意公开。",
        "slip": _slip(facts, "共同制作政府信息公开征求意见书"),
    }  # fmt: skip


def assistance(facts: CaseFacts, said: Said) -> Parts:
    """⑪ 协办函。"""
    demand = said("demand")
    return {
        "receipt": receipt_for_others(facts),
        "demand": f"依据{REGULATION}第十一条的规定，请贵单位协助办理以下事项：\n{anonymous(demand, facts)}"
        if demand else "",
        "term": f"请在{dated(facts.reply_by)}以前书面回复本机关。" if facts.reply_by else "",
    }  # fmt: skip


def fee_notice(facts: CaseFacts, said: Said) -> Parts:
    """⑫ 收费通知书：依据、标准、计算式、数额、缴纳方式、期限、逾期后果、异议。"""
    held, you = facts.fee, facts.applicant.you
    if not held:
        return {"receipt": receipt(facts)}
    payment = said("payment") or cleaned(held.payment)
    return {
        "receipt": receipt(facts),
        "basis": f"{you}申请公开政府信息的数量、频次明显超过合理范围。依据{REGULATION}第四十二条和{MEASURES}的规定，"
        f"本机关决定收取信息处理费。收费标准：{BY_ITEM if held.method == BY_REQUESTS else BY_PAGE}",
        "formula": "计算式：\n" + "；\n".join(held.lines()) + "。",
        "conclusion": f"{'以上合计，' if len(held.lines()) > 1 else ''}{you}应当缴纳信息处理费{held.yuan}元。",
        "payment": f"缴纳方式：{payment}" if payment else "",
        "term": f"请{you}自收到本通知次日起20个工作日内缴纳。"
        "缴纳后，本件申请的处理期限自完成缴费次日起重新计算。",
        "consequence": "逾期未缴纳的，视为放弃申请，本机关不再处理该政府信息公开申请。",
        "fee_remedies": "对收费的决定有异议的，不能单独申请行政复议或者提起行政诉讼；可以在缴费期满后，"
        f"就本机关不再处理该申请的行为，依据{REGULATION}第五十一条的规定投诉、举报，或者依法申请行政复议、提起行政诉讼。",
    }  # fmt: skip


BY_ITEM = (
    "按件计收，同一申请人一个自然月内累计10件以下（含）的不收费；11至30件（含）的部分，100元/件；"
    "31件以上的部分，以10件为一档，每增加一档，收费标准提高100元/件。"
)
BY_PAGE = (
    "按量计收，以单件申请为单位，30页以下（含）的不收费；31至100页（含）的部分，10元/页；"
    "101至200页（含）的部分，20元/页；201页以上的部分，40元/页。"
)


def delayed_reply(facts: CaseFacts, said: Said) -> Parts:
    """⑬ 延迟答复告知书。"""
    held, you, reasons = facts.inquiry, facts.applicant.you, said("reasons")
    return {
        "receipt": receipt(facts),
        "history": history(facts),
        "conclusion": f"本机关认为{you}说明的理由合理，但是无法在规定的期限内答复。依据{REGULATION}"
        "第三十五条的规定，本机关决定延迟答复。",
        "reasons": f"延迟的理由：{reasons}" if reasons else "",
        "term": f"本机关将在{dated(held.delayed_to)}以前答复{you}。"
        if held and held.delayed_to else "",
    }  # fmt: skip


def withdrawal_confirmation(facts: CaseFacts, said: Said) -> Parts:
    """⑰ 撤回确认书。"""
    you = facts.applicant.you
    return {
        "receipt": receipt(facts),
        "history": f"{you}于{dated(facts.withdrawn_on)}向本机关提出撤回上述申请。"
        if facts.withdrawn_on else "",
        "conclusion": f"经与{you}确认，撤回申请是{you}的真实意思表示，本机关终止办理该政府信息公开申请。"
        f"{you}以后需要公开政府信息的，可以另行提出申请。",
    }  # fmt: skip


BUILDERS: Mapping[str, Callable[[CaseFacts, Said], Parts]] = {
    "receipt": receipt_slip,
    "clarification": clarification,
    "reason_inquiry": reason_inquiry,
    "extension": extension,
    "third_party_consultation": third_party_consultation,
    "consultation_notice": consultation_notice,
    "third_party_notice": third_party_notice,
    "joint_maker_consultation": joint_maker_consultation,
    "assistance": assistance,
    "fee_notice": fee_notice,
    "delayed_reply": delayed_reply,
    "withdrawal_confirmation": withdrawal_confirmation,
}
