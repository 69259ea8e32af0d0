"""把一件申请的记录填成文书可以引用的事实。读取；查询次数与申请的经过多少无关，至多三十次。"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from yangguang.dialogue.remedies.authorities import WrongAuthority, authority, level_of
from yangguang.dialogue.remedies.rules import Authority
from yangguang.dialogue.remedies.tables import packaged_tables
from yangguang.dialogue.requests.applicants import DELIVERY_FORMS, DELIVERY_WAYS, KINDS
from yangguang.dialogue.requests.models import DisclosureRequest, RequestOffice
from yangguang.dialogue.requests.selectors import applicant_of, deadline_of, office_of
from yangguang.foundation.calendar.deadlines import CHANNEL_RULES, Channel
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import directory
from yangguang.foundation.reading_day import reading_day
from yangguang.hub.columns.selectors import site_for

from . import facts as told
from .checking import faults
from .circulation import ELECTRONIC
from .composing import Letter, compose
from .kinds import BY_KIND, Kind
from .models import CaseLetter
from .wording import dated

NO_AGENCY_CODE = "还没有登记机关代字，编不了文号：请在受理机构的设置里补上。"


def authority_of(organisation: Organisation, on: date) -> Authority | None:
    """作出答复的机关和它的复议机关、法院；没有复议、诉讼途径的（党委机构、公共企事业单位）为空。"""
    found, tables = directory(), packaged_tables()
    unit = found.by_code[organisation.code]
    level = level_of(unit)
    if not level:
        return None
    try:
        return authority(
            level, unit.name, found, courts=tables.courts, above_root=tables.above_root, on=on
        )
    except WrongAuthority:
        return None


def composed(letter: CaseLetter, *, shows_name: bool = True) -> Letter:
    """照现在的事实排出的一份，还没有签发的不编号。``shows_name`` 为假的隐去申请人的姓名。"""
    return compose(letter.kind_of, facts_of(letter, shows_name=shows_name), letter.written)


def draft_faults(letter: CaseLetter) -> list[str]:
    """还缺什么、哪里不对，每条一句；文号、成文日期签发时才有，不算。"""
    found = faults(letter.kind_of, facts_of(letter), letter.written, final=False)
    if letter.kind_of.has_remedies and not composed(letter).text("remedies"):
        found.append(
            "写不出救济途径：名录里没有本机关的级别，或者今天没有有效的规定，请联系系统管理员。"
        )
    if letter.kind_of.series and not _office(letter.request).agency_code:
        found.append(NO_AGENCY_CODE)
    return [*found, *enclosure_faults(letter)]


def enclosure_faults(letter: CaseLetter) -> list[str]:
    """随附的遮盖件还是不是核对过的那一份，每份一句。一次查询。"""
    return [
        f"随附的“{each.title}”出自的遮盖件后来改过或者退回了，请去掉，附上重新核对过的一份。"
        for each in letter.enclosures.select_related("redaction")
        if (made := each.redaction) is not None
        and (made.state != "checked" or made.output_id != each.file_id)
    ]


def form_letter(request: DisclosureRequest, code: str, *, shows_name: bool) -> Letter:
    """一张表（登记表、呈批表、送达回证……）：不经签发，照现在的事实排出来。"""
    facts = case_facts(request, shows_name=shows_name)
    last = request.letters.exclude(number="").exclude(state="voided").order_by("pk").last()
    if last is not None:
        to = last.addressee or facts.applicant.name
        where = "" if last.addressee else facts.applicant.address
        service = told.Service(last.kind_of.title, last.number, to, last.get_way_display(), where)
        facts = replace(facts, service=service)
    return compose(BY_KIND[code], facts, {})


def facts_of(letter: CaseLetter, *, shows_name: bool = True) -> told.CaseFacts:
    """一份文书的全部事实。"""
    on = letter.written_on or reading_day()
    is_electronic = letter.way in ELECTRONIC
    base = case_facts(letter.request, shows_name=shows_name)
    own = _own(letter.kind_of, letter, base)
    return replace(
        base,
        letter_number=letter.number,
        written_on=on,
        is_electronic=is_electronic,
        addressee=letter.addressee,
        copies=letter.copies,
        attachments=tuple(letter.enclosures.values_list("title", flat=True)),
        authority=authority_of(letter.organisation, on),
        versions=packaged_tables().versions,
        **own,
    )


def _own(kind: Kind, letter: CaseLetter, base: told.CaseFacts) -> dict[str, Any]:
    """这一份自己的：还没有发生的补正、延期、征求、收费，照 ``terms`` 写。"""
    terms, today = letter.terms, reading_day()
    match kind.code:
        case "clarification":
            items = tuple(terms.get("items", ()))
            return {
                "clarification": told.Clarification(today, _day(terms, "until") or today, items)
            }
        case "extension":
            due, days = letter.request.reply_due or today, int(terms.get("days") or 0)
            calendar = Calendars().of(letter.organisation)
            later = calendar.nth(due, days) if days else due
            head = letter.signed_by.display_name if letter.signed_by else "负责人"
            return {"extension": told.Extension(due, later, days, head)}
        case "reason_inquiry":
            return {"inquiry": told.Inquiry(today, _day(terms, "until"))}
        case "delayed_reply":
            inquiry = base.inquiry or told.Inquiry()
            return {"inquiry": replace(inquiry, delayed_to=_day(terms, "until"))}
        case "fee_notice":
            return {"fee": _fee(letter, terms)}
        case "assistance":
            return {"reply_by": _day(terms, "until")}
        case _:
            return {}


def _fee(letter: CaseLetter, terms: Mapping[str, Any]) -> told.Fee:
    method, quantity = str(terms.get("method", "pages")), int(terms.get("quantity") or 0)
    first = quantity if method == told.BY_REQUESTS else 1
    due = Calendars().of(letter.organisation).nth(letter.written_on or reading_day(), 20)
    return told.Fee(method, quantity, first, due)


def case_facts(request: DisclosureRequest, *, shows_name: bool) -> told.CaseFacts:
    """一件申请的事实，不连同哪一份文书的。"""
    deadline = deadline_of(request)
    decision = getattr(request, "decision", None)
    answers: Mapping[str, str] = decision.answers if decision else {}
    site = site_for(request.organisation)
    keeper = keeper_of(request)
    first = request.reopened_from or request
    return told.CaseFacts(
        office=_told_office(request),
        applicant=_told_applicant(request, shows_name),
        number=first.number,
        channel=request.channel_label,
        came_on=first.came_on,
        received_on=first.received_on,
        redo=_redo(request),
        received_sentence=CHANNEL_RULES[Channel(request.channel)][1],
        content=request.content,
        delivery_form=f"{DELIVERY_FORMS[request.delivery_form]}，{DELIVERY_WAYS[request.delivery_way]}",
        due_on=deadline.due if deadline else None,
        due_sentence=_why(deadline.steps) if deadline else "",
        query_url=f"https://{site.domain}/interact/requests/" if site else "",
        handler=keeper.display_name if keeper else "",
        outcome=decision.outcome if decision else "",
        reasons=_reasons(answers),
        harm=answers.get("harm", ""),
        severability=_severability(answers),
        search=_search(request),
        access=_access(request, answers),
        responsible=_responsible(answers),
        responsible_unknown=bool(decision) and not answers.get("authority"),
        **_history(request),
    )


def _why(steps: Any) -> str:
    return "".join(step.text for step in steps if step.rule.startswith(("条例第三十", "国办")))


def _redo(request: DisclosureRequest) -> str:
    """重作的：从前哪天办结，凭哪一份决定，哪天收到。"""
    first = request.reopened_from
    if first is None or first.finished_on is None or request.received_on is None:
        return ""
    order = getattr(request, "ordered_by", None)
    by = f"{order.body}{order.decision_number}" if order else "有关机关"
    return (
        f"本机关于{dated(first.finished_on)}作出处理。{by}要求重新处理，"
        f"本机关于{dated(request.received_on)}收到，现重新答复。"
    )


def _reasons(answers: Mapping[str, str]) -> str:
    """理由；法律、行政法规禁止公开的连同哪一部哪一条，涉及第三方的连同关于公共利益的判断。"""
    told = [answers.get("reason", "")]
    if law := answers.get("law", "").rstrip("。"):
        told.append(f"禁止公开的规定：{law}。")
    if interest := answers.get("public_interest_reason", ""):
        told.append(f"关于公共利益：{interest}")
    return "\n".join(filter(None, told))


def _severability(answers: Mapping[str, str]) -> str:
    if answers.get("giving") == "partial" or answers.get("severable") == "yes":
        return "可以区分处理，已提供可以公开的内容。"
    if answers.get("severable") == "no":
        return "该信息不能作区分处理，没有可以单独提供的内容。"
    return ""


def _office(request: DisclosureRequest) -> RequestOffice:
    return office_of(request.organisation) or RequestOffice(organisation=request.organisation)


def _told_office(request: DisclosureRequest) -> told.Office:
    office = _office(request)
    return told.Office(
        request.organisation.name, office.agency_code, office.name, office.address,
        office.telephone, office.hours, office.postcode, office.email, office.review_online_url,
    )  # fmt: skip


def _told_applicant(request: DisclosureRequest, shows_name: bool) -> told.Applicant:
    found = applicant_of(request) if shows_name else None
    kind = (
        told.NATURAL
        if request.applicant_kind == "natural_person"
        else KINDS[request.applicant_kind]
    )
    if found is None:
        return told.Applicant(request.applicant_label, kind)
    agent = found.agent
    return told.Applicant(
        found.name, kind, f"{found.paper.label} {found.paper.masked}", found.phone, found.address,
        agent.name if agent else "",
        tuple(
            each
            for each in (
                found.paper.number, found.email, found.contact,
                agent.paper.number if agent else "",
            )
            if each
        ),
    )  # fmt: skip


def _search(request: DisclosureRequest) -> told.Search | None:
    """几次检索合起来写，日期写最后一次的。"""
    rows = list(request.searches.select_related("by"))
    if not rows:
        return None

    def joined(name: str) -> str:
        return "；".join(dict.fromkeys(str(getattr(row, name)) for row in rows))

    return told.Search(
        joined("scope"), joined("words"), joined("places"), joined("way"), joined("by"),
        rows[-1].searched_on,
    )  # fmt: skip


def _access(request: DisclosureRequest, answers: Mapping[str, str]) -> told.Access:
    return told.Access(
        location=answers.get("location", "").rstrip("。"),
        carrier=DELIVERY_FORMS[request.delivery_form],
        way=DELIVERY_WAYS[request.delivery_way],
        when=answers.get("when", "").rstrip("。"),
    )


def _responsible(answers: Mapping[str, str]) -> told.Responsible | None:
    """“名称，联系方式”：第一个逗号以前是名称。"""
    text = answers.get("authority", "").strip()
    name, _, contact = text.replace(",", "，").partition("，")
    return told.Responsible(name.strip(), contact.strip()) if name and contact.strip() else None


def _history(request: DisclosureRequest) -> dict[str, Any]:
    clarification = getattr(request, "clarification", None)
    extension = getattr(request, "extension", None)
    fee = getattr(request, "fee", None)
    inquiry = getattr(request, "reason_inquiry", None)
    consultations = [
        told.Consultation(of, each.name, each.sent_on, _answered(each), each.opinion)
        for of, rows in ((told.THIRD, request.third_parties), (told.JOINT, request.agencies))
        for each in rows.order_by("pk")
    ]
    found: dict[str, Any] = {"consultations": tuple(consultations)}
    if clarification:
        found["clarification"] = told.Clarification(
            clarification.sent_on, clarification.until, tuple(clarification.items),
            clarification.corrected_on,
        )  # fmt: skip
    if extension and request.reply_due:
        found["extension"] = told.Extension(
            request.reply_due, request.reply_due, extension.days,
            extension.approved_by.display_name, extension.told_on, extension.reason,
        )  # fmt: skip
    if fee:
        first = fee.quantity if fee.method == told.BY_REQUESTS else 1
        found["fee"] = told.Fee(
            fee.method, fee.quantity, first, fee.payment_due, fee.notified_on, fee.paid_on
        )
    if inquiry:
        found["inquiry"] = told.Inquiry(
            inquiry.asked_on, None, inquiry.answered_on, request.delayed_until
        )
    if request.state == "withdrawn":
        found["withdrawn_on"] = request.finished_on
    return found


def _answered(sought: Any) -> date | None:
    """真的收到了意见才写收到；逾期没有提出的没有。"""
    return sought.settled_on if sought.answer in ("agrees", "objects") else None


def _day(terms: Mapping[str, Any], name: str) -> date | None:
    text = terms.get(name)
    return date.fromisoformat(text) if text else None
