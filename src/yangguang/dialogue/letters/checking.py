"""一份文书还缺什么、哪里写得不对，每处一句中文；有一处就不能办结。纯函数。"""

import re
from collections.abc import Iterator, Mapping

from yangguang.dialogue.requests.fees import IN_FORCE
from yangguang.dialogue.requests.outcomes import OUTCOMES, Outcome

from .composing import Letter, compose
from .facts import BY_REQUESTS, CaseFacts
from .kinds import Kind
from .numbers import series
from .replies import GIVEN, STATE_SECRET
from .wording import cleaned, dated, identifying

LONGEST_EXTENSION = 20
TYPED = frozenset({"search", "responsible", "access"})
"""规则拼成的各部分里，也有人填的字。"""
_SENTENCE = re.compile(r"[。；\n]")
_WAY = re.compile(r"复议|诉讼|起诉|法院")
_WITHIN = re.compile(r"[日月天]内|渠道")
_STEP = re.compile(r"提起(?:行政)?诉讼|申请行政复议|提起复议")
_GROUND = re.compile(r"第(?:十四|十五|十六|14|15|16)条")
_DOCUMENT = re.compile(r"〔\d{4}〕\s*\d+\s*号")
HINTS: Mapping[str, str] = {
    "number": "还没有编文号，请先编号。",
    "salutation": "没有写给谁，请补上姓名或者名称的全称。",
    "receipt": "收到申请的情况不全：须有收到日期、申请方式、申请编号和申请内容的原文，请先登记齐全。",
    "search": "没有检索过程：信息不存在的答复须写明检索的范围、关键词、部门、方式、由谁在哪天检索，请先登记检索。",
    "responsible": "没有负责公开的机关：请在判断里写成“机关名称，联系方式”，中间用逗号；确实不能确定的，那一项空着（条例第三十六条第五项）。",
    "demand": "没有写需要办理的事项，请逐条写明。",
    "payment": "没有写缴纳方式，请写明到哪里、怎样缴纳。",
    "remedies": "没有救济途径：请先定作出的日期和本机关的级别；那一天没有有效规定的，请先维护救济途径的表。",
    "signature": "没有机关的全称。",
    "date": "没有成文日期，请填写。",
    "content": "没有申请内容，请照原文登记。",
    "proposal": "没有拟答复的结论，请先选定怎样答复。",
    "told": "没有逾期不补正或者逾期不缴费的记录，不能按视为放弃办结。",
    "ending": "没有逾期不补正或者逾期不缴费的记录，不能按视为放弃办结。",
    "document": "没有写送达的是哪一件文书、什么文号。",
    "query": "没有查询地址，请在受理机构的设置里补上。",
    "formula": "没有计费的方式和数量，算不出费用。",
    "basis": "没有计费的方式和数量，请先登记按件还是按量。",
}  # fmt: skip
LACKING = "缺“{label}”，请补上。"


def faults(
    kind: Kind, facts: CaseFacts, written: Mapping[str, str], *, final: bool = True
) -> list[str]:
    """不能办结的缘由，每处一句。``final`` 为假的是草稿：文号、成文日期和由日期定的救济段还不要。

    写了改不得的部分抛出 ``NotEditable``。
    """
    letter = compose(kind, facts, written)
    found = [*_missing(letter, facts, final), *_written(letter, facts, written)]
    found += [*_specific(letter, facts)]
    if final:
        found += _number(kind, facts)
        found += _dates(facts)
    return list(dict.fromkeys(found))


def tells_remedies(text: str) -> bool:
    """写了救济途径：怎样复议、诉讼，或者几日内。"""
    return any(
        _STEP.search(each) or (_WAY.search(each) and _WITHIN.search(each))
        for each in _SENTENCE.split(text)
    )


def _missing(letter: Letter, facts: CaseFacts, final: bool) -> Iterator[str]:
    late = () if final else ("number", "date", "remedies")
    for part in letter.mandatory:
        if not part.text and part.name not in late:
            yield _hint(letter.kind, part.name, part.label, facts)


def _hint(kind: Kind, name: str, label: str, facts: CaseFacts) -> str:
    outcome = kind.outcome
    if outcome and name == "reasons":
        clause = "条例第三十六条第三项、第三十七条" if outcome.is_refusal else outcome.basis
        return f"“{outcome.label}”的答复没有写理由：须说明理由（{clause}）。"
    if outcome and name == "harm":
        return f"“{outcome.label}”的答复没有写公开可能造成的危害，请写明具体的危害。"
    if outcome and name == "severability":
        return f"“{outcome.label}”的答复没有写能不能区分处理，请写明（条例第三十七条）。"
    if outcome and name == "access":
        return _access_hint(outcome.code, outcome.label, facts)
    if name == "term":
        return "没有期限的日期，请先登记到哪一天为止。"
    if name == "reasons":
        return "没有写理由，请写明。"
    return HINTS.get(name, LACKING.format(label=label))


def _access_hint(code: str, label: str, facts: CaseFacts) -> str:
    if code not in GIVEN:
        return f"“{label}”的答复没有写获取的方式、途径，请写明具体的网址、刊物或者渠道。"
    held = facts.access
    lacking = [
        name
        for name, text in (
            ("载体", held and held.carrier), ("获取方式", held and held.way),
            ("获取时间", held and held.when),
        )
        if not text
    ]  # fmt: skip
    return f"“{label}”的答复没有写{'、'.join(lacking)}，请补上（条例第三十六条第二项）。"


def _written(letter: Letter, facts: CaseFacts, written: Mapping[str, str]) -> Iterator[str]:
    """经办人写的：不能另写救济途径和结论；给别人的不能认得出申请人。"""
    kind = letter.kind
    conclusions = [each.conclusion for each in OUTCOMES]
    for slot in letter.parts:
        if not slot.written and slot.name not in TYPED:
            continue
        text = cleaned(written.get(slot.name, "")) or slot.text
        if tells_remedies(text):
            yield f"“{slot.label}”里写了救济途径：救济途径由规则生成，请从这里删去。"
        if any(each in text for each in conclusions):
            yield f"“{slot.label}”里写了结论：一份答复恰好一个结论，由办理结果生成，请从这里删去。"
        if kind.hides_applicant and any(each in text for each in identifying(facts)):
            yield f"“{slot.label}”里写了申请人的姓名或者联系方式：给其他人的文书须隐去申请人，请删去。"
    if kind.hides_applicant and any(each in facts.addressee for each in identifying(facts)):
        yield "收件人就是申请人：征求意见、告知的对象请写第三方或者其他机关。"


def _specific(letter: Letter, facts: CaseFacts) -> Iterator[str]:
    kind = letter.kind
    if kind.outcome:
        yield from _of_reply(letter, kind.outcome, facts)
    elif kind.code == "extension":
        yield from _of_extension(facts)
    elif kind.code == "fee_notice":
        yield from _of_fee(facts)
    elif kind.code == "clarification" and (held := facts.clarification):
        if facts.received_on and held.told_on < facts.received_on:
            yield "告知补正的日期早于收到申请的日期，请核对。"
        if held.due_on <= held.told_on:
            yield "补正期限不晚于告知的日期，请给出合理的期限。"


def _of_reply(letter: Letter, outcome: Outcome, facts: CaseFacts) -> Iterator[str]:
    if facts.outcome and facts.outcome != outcome.code:
        yield f"这份答复书是“{outcome.label}”，与选定的办理结果不同，请换用相应的答复书。"
    if facts.is_electronic and not facts.office.review_online_url:
        yield "以电子方式送达的答复须同时告知行政复议的网上申请渠道，请在受理机构的设置里补上网址。"
    if outcome.code == "partial" and not _GROUND.search(letter.text("reasons")):
        yield "部分公开的理由没有引用不予公开的条款：请写明第十四条、第十五条或者第十六条第几款。"
    if outcome.code == "unclear" and not (facts.clarification and facts.clarification.corrected_on):
        yield "没有补正的记录：补正后仍不明确的，须先告知补正、收到补正。"
    if outcome.code == "excessive" and not (facts.inquiry and facts.inquiry.told_on):
        yield "没有说明理由的记录：不予处理以前，须先要求申请人说明理由（条例第三十五条）。"
    if outcome.code == STATE_SECRET:
        if facts.attachments:
            yield "属于国家秘密的答复不带附件：涉密的文件不进入本系统，请删去附件清单。"
        given = _DOCUMENT.findall(facts.content)
        told = "".join(map(letter.text, ("reasons", "harm", "severability")))
        if any(each not in given for each in _DOCUMENT.findall(told)):
            yield "属于国家秘密的答复不写涉密文件的文号，请从理由里删去。"


def _of_extension(facts: CaseFacts) -> Iterator[str]:
    held = facts.extension
    if not held:
        return
    if not 1 <= held.days <= LONGEST_EXTENSION:
        yield f"延长的期限最长不得超过 {LONGEST_EXTENSION} 个工作日，现为 {held.days} 个。"
    if not held.approved_by:
        yield "没有政府信息公开工作机构负责人同意的记录，不能延期（条例第三十三条第二款）。"
    if facts.written_on and facts.written_on > held.from_due:
        yield f"原答复期限 {dated(held.from_due)} 已经届满，不能再延期。"
    if held.to_due <= held.from_due:
        yield "延长后的期限不晚于原来的期限，请核对。"


def _of_fee(facts: CaseFacts) -> Iterator[str]:
    held = facts.fee
    if not held:
        return
    if held.yuan == 0:
        what = "件数" if held.method == BY_REQUESTS else "页数"
        yield f"{what}没有超过免费的范围，应收 0 元，不发收费通知。"
    if facts.written_on and facts.written_on < IN_FORCE:
        yield f"信息处理费自 {dated(IN_FORCE)} 起施行，此前不收。"


def _number(kind: Kind, facts: CaseFacts) -> list[str]:
    if not kind.series or not facts.letter_number or not facts.written_on:
        return []
    head = f"{series(kind, facts.office.agency_code)}〔{facts.written_on.year}〕"
    if re.fullmatch(re.escape(head) + r"[1-9]\d*号", facts.letter_number):
        return []
    return [f"文号“{facts.letter_number}”不对，应为“{head}序号号”。"]


def _dates(facts: CaseFacts) -> Iterator[str]:
    if facts.written_on and facts.received_on and facts.written_on < facts.received_on:
        yield "成文日期早于收到申请的日期，请核对。"
