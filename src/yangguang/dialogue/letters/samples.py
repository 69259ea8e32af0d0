"""三十八种文书各一件样例：模板上传时照它试排，``docs/letters`` 里的样件也照它。机关、人、事都是虚构的。"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from yangguang.dialogue.remedies.rules import Authority, Version

from .facts import (
    BY_REQUESTS,
    JOINT,
    THIRD,
    Access,
    Applicant,
    CaseFacts,
    Clarification,
    Consultation,
    Extension,
    Fee,
    Inquiry,
    Office,
    Responsible,
    Search,
    Service,
)
from .kinds import INTERNAL, ORGAN, THIRD_PARTY, Kind
from .numbers import numbered

OFFICE = Office(
    "临夏州示例局", "临州示", "临夏州示例局政府信息公开办公室", "临夏州临夏市示例路1号", "0930-0000000",
    "工作日8:30—12:00，14:30—18:00", "731100", "gongkai@example.invalid",
    "https://fuyi.example.invalid/",
)  # fmt: skip
APPLICANT = Applicant(
    "马示例", identity="居民身份证6229**********0011", contact="138****0000",
    address="临夏州临夏市示例路2号",
)  # fmt: skip
CONTENT = "2023年度临夏市示例路道路改造项目的验收报告"
WRITTEN = date(2024, 3, 20)
BASE = CaseFacts(
    office=OFFICE,
    applicant=APPLICANT,
    number="YSQ-2024-0018",
    channel="互联网",
    came_on=date(2024, 3, 4),
    received_on=date(2024, 3, 5),
    received_sentence="通过互联网提出的，以双方确认之日为收到申请之日（条例第三十一条）",
    content=CONTENT,
    delivery_form="纸质，邮寄",
    due_on=date(2024, 4, 2),
    due_sentence="自收到申请之日的次日起第20个工作日",
    query_url="https://gongkai.example.invalid/requests/",
    handler="王示例",
    authority=Authority("prefecture_department", OFFICE.name, government="临夏州人民政府"),
    written_on=WRITTEN,
    archive_number="2024-依申请-0018",
)
CLARIFIED = Clarification(
    date(2024, 3, 8), date(2024, 3, 22),
    ("所需政府信息的名称：申请中的“有关材料”指哪一份文件，请写明名称、文号或者形成的时间；",
     "获取信息的方式、途径：请选择纸质或者电子，邮寄或者自行领取。"),
)  # fmt: skip
CONSULTED = Consultation(THIRD, "甘肃示例建材有限公司", date(2024, 3, 11))
JOINTLY = Consultation(JOINT, "临夏州另例局", date(2024, 3, 11))
FEE = Fee(BY_REQUESTS, 44, 28, date(2024, 4, 18), payment="持本通知到临夏州示例局财务科（示例路1号），或者扫描缴款码，"
          "缴入同级国库，凭财政票据办理。")  # fmt: skip
ASKED = Inquiry(date(2024, 3, 8), date(2024, 3, 22), date(2024, 3, 15), date(2024, 5, 31))
REASONS = "经审查，该信息的情形符合上述规定，不存在法律、法规、规章规定应当公开的情形。"
PROCEDURAL: Mapping[str, Mapping[str, object]] = {
    "receipt": {},
    "clarification": {"clarification": CLARIFIED},
    "reason_inquiry": {"inquiry": Inquiry(due_on=date(2024, 4, 3))},
    "extension": {"extension": Extension(date(2024, 4, 2), date(2024, 4, 30), 20, "李示例")},
    "consultation_notice": {"consultations": (CONSULTED,)},
    "third_party_notice": {"consultations": (replace(CONSULTED, answered_on=date(2024, 3, 15)),)},
    "assistance": {"reply_by": date(2024, 3, 27)},
    "fee_notice": {"fee": FEE},
    "delayed_reply": {"inquiry": ASKED},
    "internal_approval": {"outcome": "process_info", "reasons": REASONS},
    "service_return": {
        "service": Service("临夏州示例局政府信息公开申请答复书", "临州示公开复〔2024〕7号", "马示例",
                           "邮政特快专递（EMS）", "临夏州临夏市示例路2号"),
    },
    "abandonment_record": {"clarification": CLARIFIED},
    "withdrawal_confirmation": {"withdrawn_on": date(2024, 3, 18)},
}  # fmt: skip
WRITING: Mapping[str, Mapping[str, str]] = {
    "reason_inquiry": {
        "demand": "2024年3月1日至3月5日，你方先后向本机关提出政府信息公开申请46件，内容多有重复。"
    },
    "extension": {"reasons": "所涉档案形成时间较早，分存于三处，须逐卷调阅、核对。"},
    "third_party_consultation": {"demand": "你方于2023年提交的示例路道路改造项目材料检测报告。"},
    "third_party_notice": {
        "demand": "示例路道路改造项目材料检测报告中的检测结论。",
        "reasons": "该检测结论关系道路通行安全，公众有了解的必要。",
    },
    "joint_maker_consultation": {"demand": "《示例路道路改造项目验收报告》。"},
    "assistance": {"demand": "协助检索2023年度示例路道路改造项目的验收报告；没有的，请书面说明。"},
    "delayed_reply": {"reasons": "申请共46件，涉及档案二百余卷，须分批办理。"},
}
OUTCOME_FACTS: Mapping[str, Mapping[str, object]] = {
    "already_public": {"access": Access("临夏州人民政府门户网站 https://www.example.invalid/art/2024/1.html")},
    "granted": {
        "access": Access("", "纸质复印件", 12, "邮寄", "本答复书送达时一并提供"),
        "attachments": ("《示例路道路改造项目验收报告》复印件",),
    },
    "partial": {
        "access": Access("", "经区分处理的纸质复印件", 9, "邮寄", "本答复书送达时一并提供"),
        "reasons": "报告附表中载有参与验收的个人的住址、电话，属于个人隐私，依据条例第十五条不予公开。",
        "harm": "公开个人的住址、电话，会使其生活安宁受到打扰。",
        "severability": "附表可以与报告正文区分，已作遮盖处理，其余内容全部提供。",
        "consultations": (replace(CONSULTED, answered_on=date(2024, 3, 15)),),
        "attachments": ("《示例路道路改造项目验收报告》（经区分处理）复印件",),
    },
    "not_existing": {
        "search": Search("2022年1月至2024年3月形成的全部文书档案和业务系统记录", "“示例路”“道路改造”“验收”",
                         "办公室档案室、规划科、工程科，电子公文系统、项目管理系统", "人工查阅档案目录和系统全文检索",
                         "办公室会同工程科", date(2024, 3, 12)),
    },
    "not_responsible": {
        "reasons": "示例路道路改造项目由临夏市示例局组织验收，该信息由其制作、保存。",
        "responsible": Responsible("临夏市示例局", "0930-0000001，临夏市示例路3号"),
    },
    "admin_query": {
        "reasons": "您申请的不动产登记资料，依照《不动产登记暂行条例》的规定查询。",
        "access": Access("持有效身份证明到临夏市不动产登记中心（示例路4号）查询"),
    },
    "petition": {"access": Access("可以到临夏州信访局（示例路5号）反映，或者拨打12345热线")},
    "publication": {"access": Access("可以到临夏州图书馆、档案馆查阅《临夏州人民政府公报》")},
    "excessive": {"inquiry": ASKED},
    "unclear": {"clarification": replace(CLARIFIED, corrected_on=date(2024, 3, 13))},
    "duplicate": {"reasons": "本机关已于2024年1月10日对您提出的相同申请作出答复（临州示公开复〔2024〕2号）。"},
}  # fmt: skip
HARM = "公开该信息，会使相关工作不能正常进行，具体危害已经逐项评估。"
WHOLE = "该信息的各部分不能区分处理，无法提供其中的一部分。"


def sample(kind: Kind, versions: Sequence[Version]) -> tuple[CaseFacts, dict[str, str]]:
    """一种文书的样例：事实，和经办人写的。``versions`` 是救济途径的各版规定。"""
    facts = replace(BASE, versions=versions)
    if kind.series:
        number = numbered(kind, OFFICE.agency_code, WRITTEN.year, 7)
        facts = replace(facts, letter_number=number)
    if outcome := kind.outcome:
        told: dict[str, object] = {"outcome": kind.code}
        if outcome.needs_reason:
            told["reasons"] = REASONS
        if outcome.needs_harm:
            told |= {"harm": HARM, "severability": WHOLE}
        facts = replace(facts, **(told | dict(OUTCOME_FACTS.get(kind.code, {}))))  # type: ignore[arg-type]
        return facts, {}
    if kind.addressee == THIRD_PARTY:
        facts = replace(facts, addressee="甘肃示例建材有限公司")
    elif kind.addressee == ORGAN:
        facts = replace(facts, addressee="临夏州另例局", consultations=(JOINTLY,))
    elif kind.addressee == INTERNAL:
        facts = replace(facts, archive_number="")
    facts = replace(facts, **PROCEDURAL.get(kind.code, {}))  # type: ignore[arg-type]
    return facts, dict(WRITING.get(kind.code, {}))
