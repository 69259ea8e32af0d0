"""答复文书的转换表：起草，答复书经合法性审核、保密审查，工作机构负责人签发，编号用印，送出，送达。纯规则。

程序性的文书（补正、延期、征求意见等）起草以后直接签发。送出才有法律上的后果：申请随着走一步（``services``）。
"""

from collections.abc import Mapping

from yangguang.dialogue.requests.guards import dated
from yangguang.dialogue.requests.states import HEAD, OFFICER, RECEPTION
from yangguang.foundation.lifecycle.guards import not_the_drafter
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

WAYS: Mapping[str, str] = {
    "counter": "当面送达",
    "entrusted": "委托送达",
    "ems": "邮政特快专递",
    "email": "电子邮件",
    "online": "网上下载",
    "fax": "传真",
}
"""怎样送达。邮寄须经邮政企业，不得用其他快递，不得到付（国办公开办函〔2015〕207号）。"""
ELECTRONIC = frozenset({"email", "online", "fax"})
"""电子送达：答复书须同时告知行政复议的网上申请渠道。"""
WAY_OF_REQUEST: Mapping[str, str] = {
    "online": "online", "email": "email", "post": "ems", "counter": "counter", "fax": "fax",
}  # fmt: skip
"""申请人要求的途径 → 怎样送达。"""
LEGALITY, SECRECY = frozenset({"legality_reviewer"}), frozenset({"secrecy_reviewer"})
STATES: Mapping[str, str] = {
    "draft": "起草",
    "in_legality": "合法性审核",
    "in_secrecy": "保密审查",
    "in_signing": "签发",
    "signed": "已签发",
    "sent": "已送出",
    "delivered": "已送达",
    "voided": "作废",
}


def is_complete(context: GuardContext) -> list[str]:
    """必备的各部分都有，写得合规矩。"""
    return list(context.facts["faults"])


def is_made(context: GuardContext) -> list[str]:
    """docx、PDF 做好了。"""
    return [] if context.facts["is_made"] else ["文书正在排版，排好以后才能送出，请稍候刷新。"]


def has_step(context: GuardContext) -> list[str]:
    """申请现在走得了送出以后的那一步。"""
    return list(context.facts["request_refusals"])


def sending_is_lawful(context: GuardContext) -> list[str]:
    """送出的日期有，不早于成文日期；邮寄的有邮件号，且是邮政企业的。"""
    on, facts = context.inputs.get("sent_on"), context.facts
    reasons = dated(context, "sent_on", "送出的日期", "written_on", "成文日期")
    if on is None:
        return reasons
    if facts["way"] in ELECTRONIC and on != facts["today"]:
        reasons.append("电子送达的，以系统里送出的这一天为送出之日，不能改。")
    if facts["way"] == "ems":
        if not str(context.inputs.get("mail_number", "")).strip():
            reasons.append("邮寄的请填写邮件号：以交邮之日为答复之日，邮件号是凭据。")
        if not context.inputs.get("is_postal"):
            reasons.append("邮寄答复须经邮政企业，不得使用其他快递（国办公开办函〔2015〕207号）。")
    return reasons


def delivery_is_proved(context: GuardContext) -> list[str]:
    """送达的日期不早于送出之日，有凭据。"""
    reasons = dated(context, "delivered_on", "送达的日期", "sent_on", "送出的日期")
    if context.inputs.get("delivered_on") and not context.message.strip():
        reasons.append("请写明送达的凭据：谁签收的、回执在哪里。")
    return reasons


def _submitted(context: GuardContext) -> str:
    return "in_legality" if context.facts["is_reply"] else "in_signing"


CIRCULATION = Lifecycle(
    name="letters",
    label="答复文书",
    initial="draft",
    states=STATES,
    progress=("draft", "in_legality", "in_secrecy", "in_signing", "signed", "sent", "delivered"),
    transitions=(
        Transition(
            "submit", "送审", frozenset({"draft"}), "in_signing", OFFICER, guards=(is_complete,),
            onward=_submitted, targets=frozenset({"in_legality"}),
        ),
        Transition(
            "pass_legality", "合法性审核通过", frozenset({"in_legality"}), "in_secrecy", LEGALITY,
            guards=(not_the_drafter,),
        ),
        Transition(
            "pass_secrecy", "保密审查通过", frozenset({"in_secrecy"}), "in_signing", SECRECY,
            guards=(not_the_drafter,), legal_basis="条例第十七条",
        ),
        Transition(
            "return", "退回", frozenset({"in_legality", "in_secrecy", "in_signing"}), "draft",
            LEGALITY | SECRECY | HEAD, needs_message=True,
        ),
        Transition(
            "sign", "签发", frozenset({"in_signing"}), "signed", HEAD,
            guards=(not_the_drafter, is_complete),
            sentence="签发即编号、用印，成文日期是今天；送出以后才对申请人生效。",
        ),
        Transition(
            "send", "送出", frozenset({"signed"}), "sent", OFFICER,
            guards=(is_made, has_step), input_guards=(sending_is_lawful,),
            sentence="送出以后，申请随着走一步，期限照送出之日计算。",
        ),
        Transition(
            "deliver", "送达", frozenset({"sent"}), "delivered", RECEPTION,
            input_guards=(delivery_is_proved,),
        ),
        Transition(
            "void", "作废", frozenset({"draft", "in_signing", "signed"}), "voided", OFFICER | HEAD,
            needs_message=True, sentence="签发过的，文号留痕，不再用。",
        ),
    ),
)  # fmt: skip
"""一份文书的转换表。"""
