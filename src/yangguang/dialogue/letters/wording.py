"""文书里几处共用的话：日期、收到申请的情况、办理经过、联系方式。纯函数，不碰数据库、时钟和配置。"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from .facts import NATURAL, THIRD, CaseFacts, Consultation

REGULATION = "《中华人民共和国政府信息公开条例》"
HIDDEN = "申请人"
"""隐去申请人以后怎样称呼。"""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]")


def dated(day: date | None) -> str:
    """2020年9月25日；没有的为空。"""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def cleaned(text: str) -> str:
    """写进文书的字：去掉控制符、看不见的格式符和空行，其余一字不改。"""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    lines = "".join(each for each in plain if unicodedata.category(each) != "Cf").split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def listed(items: Sequence[str]) -> str:
    """几项的逐条排列，一项的不编号。"""
    if len(items) == 1:
        return items[0]
    return "\n".join(f"{number}．{item}" for number, item in enumerate(items, 1))


def receipt(facts: CaseFacts) -> str:
    """收到日期（第三十一条的口径）、申请方式、编号，申请内容的原文。给申请人。"""
    if not (facts.received_on and facts.number and facts.channel and facts.content):
        return ""
    you = facts.applicant.you
    sentence = f"{facts.received_sentence.rstrip('。')}。" if facts.received_sentence else ""
    return (
        f"{you}以{facts.channel}方式提出的政府信息公开申请（申请编号：{facts.number}），"
        f"本机关于{dated(facts.received_on)}收到。{sentence}\n"
        f"{you}申请公开的内容为：“{cleaned(facts.content)}”。"
    )


def receipt_for_others(facts: CaseFacts) -> str:
    """收到一件申请，和申请的内容，隐去申请人。给第三方和其他机关。"""
    if not (facts.received_on and facts.content):
        return ""
    return (
        f"本机关于{dated(facts.received_on)}收到一件政府信息公开申请，"
        f"申请公开的内容为：“{anonymous(cleaned(facts.content), facts)}”。"
    )


def anonymous(text: str, facts: CaseFacts) -> str:
    """隐去申请人、代理人的姓名和联系方式。"""
    for name in identifying(facts):
        text = text.replace(name, HIDDEN)
    return text


def identifying(facts: CaseFacts) -> list[str]:
    """认得出申请人的字样，长的在前。"""
    person = facts.applicant
    told = {
        person.name, person.identity, person.contact, person.address, person.agent, *person.hidden,
    }  # fmt: skip
    return sorted((each for each in told if len(each) > 1), key=len, reverse=True)


def history(facts: CaseFacts) -> str:
    """补正、征求意见、说明理由、收费、延期的经过，各一段。"""
    return "\n".join(_told(facts))


def _told(facts: CaseFacts) -> Iterator[str]:
    you = facts.applicant.you
    if facts.redo:
        yield facts.redo
    if held := facts.clarification:
        yield f"因申请内容不明确，本机关于{dated(held.told_on)}告知{you}补正" + (
            f"，{you}于{dated(held.corrected_on)}补正；答复期限自收到补正的申请之日起计算。"
            if held.corrected_on
            else f"，补正期限至{dated(held.due_on)}。"
        )
    yield from (consulted(each, facts) for each in facts.consultations)
    if (asked := facts.inquiry) and asked.told_on:
        yield (
            f"因申请的数量、频次明显超过合理范围，本机关于{dated(asked.told_on)}要求{you}说明理由"
            + (f"，{you}于{dated(asked.explained_on)}作出说明。" if asked.explained_on else "。")
        )
    if (fee := facts.fee) and fee.notified_on:
        yield f"本机关于{dated(fee.notified_on)}向{you}发出收费通知" + (
            f"，{you}于{dated(fee.paid_on)}缴纳信息处理费{fee.yuan}元。" if fee.paid_on else "。"
        )
    if (longer := facts.extension) and longer.told_on:
        yield (
            f"经本机关政府信息公开工作机构负责人同意，本机关于{dated(longer.told_on)}告知{you}"
            f"延长答复期限{longer.days}个工作日，至{dated(longer.to_due)}。"
        )


def consulted(held: Consultation, facts: CaseFacts) -> str:
    """征求意见的一段：给申请人的不写第三方是谁。"""
    whom = "第三方" if held.of == THIRD else f"共同制作该政府信息的{held.name}"
    answered = f"，于{dated(held.answered_on)}收到意见" if held.answered_on else ""
    return (
        f"本机关于{dated(held.asked_on)}书面征求{whom}的意见{answered}；"
        "征求意见所需时间不计算在答复期限内。"
    )


def contact(facts: CaseFacts) -> str:
    """受理机构怎样联系；一样也没有的为空。"""
    office = facts.office
    told = (
        ("受理机构", office.office), ("地址", office.address), ("邮政编码", office.postcode),
        ("电话", office.telephone), ("电子邮箱", office.email), ("办公时间", office.hours),
    )  # fmt: skip
    held = "；".join(f"{label}：{text}" for label, text in told if text)
    return f"联系方式：{held}。" if held else ""


def attachments(names: Sequence[str]) -> str:
    """附件清单。"""
    if not names:
        return ""
    return f"附件：{names[0]}" if len(names) == 1 else "附件：\n" + listed(names)


def copies(facts: CaseFacts) -> str:
    """抄送机关和存档号。"""
    held = [f"抄送：{facts.copies}。"] if facts.copies else []
    held += [f"存档号：{facts.archive_number}"] if facts.archive_number else []
    return "\n".join(held)


def applicant_line(facts: CaseFacts) -> str:
    """表格里的申请人：名称，法人的写是哪一类。"""
    person = facts.applicant
    return person.name if person.kind == NATURAL else f"{person.name}（{person.kind}）"
