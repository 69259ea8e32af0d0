"""答复书的各部分。结论、条款照答复的种类（``requests.outcomes``），救济段由 ``remedies.rules`` 写。纯函数。"""

from collections.abc import Callable

from yangguang.dialogue.remedies.rules import NoRemedyTable, remedy
from yangguang.dialogue.requests.outcomes import Outcome

from .facts import Access, CaseFacts
from .wording import dated, history, receipt

Said = Callable[[str], str]
GIVEN = frozenset({"granted", "partial"})
"""提供政府信息的两种：写载体、获取的方式和时间。"""
STATE_SECRET = "state_secret"  # noqa: S105  国家秘密，不是口令
NOUNS = {"already_public": "获取的方式、途径", "publication": "获取的途径"}


def parts(outcome: Outcome, facts: CaseFacts, said: Said) -> dict[str, str]:
    """一份答复书除版头、称谓、落款以外的各部分。"""
    reasons, harm, severability = said("reasons"), said("harm"), said("severability")
    return {
        "receipt": receipt(facts),
        "history": history(facts),
        "opening": f"经{'检索' if outcome.needs_search else '审查'}，现答复如下：",
        "conclusion": conclusion(outcome, facts),
        "reasons": f"理由：{reasons}" if reasons else "",
        "harm": f"公开可能造成的危害：{harm}" if harm else "",
        "severability": f"关于能否区分处理：{severability}" if severability else "",
        "search": search(facts),
        "responsible": responsible(facts),
        "access": access(outcome, facts),
        "remedies": remedies(outcome, facts),
    }


def conclusion(outcome: Outcome, facts: CaseFacts) -> str:
    """结论的一句，引用到款项；恰好一类。"""
    told = outcome.conclusion.replace("您", facts.applicant.you)
    return f"依据{outcome.basis}的规定，{told}。"


def search(facts: CaseFacts) -> str:
    """检索的经过：谁、哪天、什么范围、哪些部门、什么词、什么方式；少一样就不成文。"""
    held = facts.search
    if not held or not all((held.scope, held.words, held.places, held.way, held.by, held.on)):
        return ""
    return (
        f"检索过程：本机关由{held.by}于{dated(held.on)}进行检索。检索范围：{held.scope}；"
        f"检索的部门和系统：{held.places}；关键词：{held.words}；检索方式：{held.way}。"
        "未检索到符合申请内容的政府信息。"
    )


def responsible(facts: CaseFacts) -> str:
    """负责公开的机关的名称、联系方式；不能确定的照实写。"""
    held = facts.responsible
    if held and held.name and held.contact:
        return (
            f"负责公开该政府信息的行政机关：{held.name}；联系方式：{held.contact}。"
            f"{facts.applicant.you}可以向该机关提出申请。"
        )
    return "本机关不能确定负责公开该政府信息的行政机关。" if facts.responsible_unknown else ""


def access(outcome: Outcome, facts: CaseFacts) -> str:
    """怎样获取：提供的写载体、页数、方式和时间，其余写网址、刊物、渠道。"""
    held = facts.access or Access()
    if outcome.code not in GIVEN:
        noun = NOUNS.get(outcome.code, "办理的途径")
        return f"{noun}：{held.location}。" if held.location else ""
    if not (held.carrier and held.way and held.when):
        return ""
    pages = f"，共{held.pages}页" if held.pages else ""
    changed = f"未按{facts.applicant.you}要求的形式提供，原因：{held.changed_form}。"
    return (
        f"提供的载体：{held.carrier}{pages}；获取方式：{held.way}；获取时间：{held.when}。"
        + (changed if held.changed_form else "")
    )  # fmt: skip


def remedies(outcome: Outcome, facts: CaseFacts) -> str:
    """救济段：只由日期、办理结果、机关得出，不由人写。"""
    return remedy_text(outcome.row, facts)


def remedy_text(ground: str, facts: CaseFacts, document: str = "答复") -> str:
    """救济段的文字；日期、机关不全，或者那一天没有规定的为空。"""
    if not facts.written_on or not facts.authority:
        return ""
    url = facts.office.review_online_url if facts.is_electronic else ""
    try:
        return remedy(
            facts.versions, ground, facts.written_on, facts.authority,
            online_url=url, document=document,
        ).text  # fmt: skip
    except NoRemedyTable:
        return ""
