"""怎样答复：七步判断，走到恰好一种答复。纯函数，不碰数据库、时钟和配置。

补不补—是不是—谁负责—有没有—给不给—怎么给—怎么答，一步的答案决定下一步问什么。不予公开的，须写出具体理由和
公开的危害，判断能不能区分处理（条例第三十七条）；为保护第三方的，还须判断不公开是不是对公共利益造成重大影响
（第十五条）。走不到头、该写的没有写，都说得出缺什么。
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .outcomes import BY_OUTCOME, Outcome

GROUNDS: Mapping[str, str] = {
    "state_secret": "依法确定为国家秘密（条例第十四条）",
    "law_forbidden": "法律、行政法规禁止公开（条例第十四条）",
    "three_security": "公开后可能危及国家安全、公共安全、经济安全、社会稳定（条例第十四条）",
    "third_party": "涉及商业秘密、个人隐私等，公开会损害第三方合法权益（条例第十五条）",
    "internal_affairs": "人事管理、后勤管理、内部工作流程等内部事务信息（条例第十六条第一款）",
    "process_info": "讨论记录、过程稿、磋商信函、请示报告等过程性信息（条例第十六条第二款）",
    "enforcement_file": "行政执法案卷信息（条例第十六条第二款）",
}
"""不予公开的理由：条例第十四条至第十六条，各是各的，不得合并。"""
MAY_BE_OVERRULED = frozenset({"process_info", "enforcement_file"})
"""法律、法规、规章规定应当公开的，从其规定的（第十六条第二款的但书，第一款没有）。"""


@dataclass(frozen=True)
class Option:
    """一个答案。"""

    code: str
    label: str
    basis: str = ""


@dataclass(frozen=True)
class Question:
    """一问。``step`` 是七步里的哪一步，``help`` 是提示。"""

    code: str
    step: str
    label: str
    options: tuple[Option, ...] = ()
    help: str = ""


STEPS = ("补不补", "是不是", "谁负责", "有没有", "给不给", "怎么给", "怎么答")

CLARITY = Question(
    "clarity", "补不补", "申请的内容明确吗？身份证明、联系方式、形式要求齐不齐？",
    (
        Option("clear", "明确、齐全"),
        Option("needs_correction", "不明确，须一次性告知补正", "条例第三十条"),
        Option("still_unclear", "补正以后仍不明确", "条例第三十条"),
    ),
    "要求补正只有一次，须在收到申请之日起 7 个工作日内提出。",
)  # fmt: skip
NATURE = Question(
    "nature", "是不是", "所要的是不是政府信息？可不可以按申请处理？",
    (
        Option("information", "是本条例所称的政府信息"),
        Option("not_government_information", "不是政府信息，是咨询等", "条例第二条"),
        Option("petition", "以申请的形式信访、投诉、举报", "条例第三十九条第一款"),
        Option("publication", "要公报、报刊、书籍等公开出版物", "条例第三十九条第二款"),
        Option("duplicate", "已经答复过，重复申请相同的信息", "条例第三十六条第六项"),
        Option("excessive", "数量、频次明显超过合理范围，说明的理由不合理", "条例第三十五条"),
        Option("reconfirm", "要求确认或者重新出具已获取的信息", "年度报告格式三、（五）5"),
        Option("admin_query", "法律、行政法规对获取另有规定（工商、不动产登记资料等）", "条例第三十六条第七项"),
    ),
)  # fmt: skip
RESPONSIBLE = Question(
    "responsible", "谁负责", "由本机关负责公开吗？",
    (
        Option("ours", "由本机关制作，或者由本机关保存、牵头", "条例第十条"),
        Option("other", "不属于本机关负责公开", "条例第三十六条第五项"),
    ),
    "不在机关之间转送：告知申请人理由，能确定负责机关的，告知名称、联系方式。",
)  # fmt: skip
EXISTENCE = Question(
    "existence", "有没有", "检索的结果怎样？",
    (
        Option("exists", "有现成的信息"),
        Option("not_existing", "经检索没有", "条例第三十六条第四项"),
        Option("needs_creation", "没有现成的，要加工、分析", "条例第三十八条"),
    ),
    "答“没有”的，须先记下检索的范围、关键词、地方和检索的人。",
)  # fmt: skip
GIVING = Question(
    "giving", "给不给", "可以公开吗？",
    (
        Option("already_public", "已经主动公开", "条例第三十六条第一项"),
        Option("granted", "可以公开", "条例第三十六条第二项"),
        Option("partial", "部分可以公开，区分处理", "条例第三十七条"),
        Option("refused", "不予公开", "条例第三十六条第三项"),
    ),
    "公开为常态：拿不准的，先看能不能区分处理。",
)  # fmt: skip
GROUND = Question(
    "ground", "给不给", "不予公开的理由是哪一条？",
    tuple(Option(code, label) for code, label in GROUNDS.items()),
)  # fmt: skip
SEVERABLE = Question(
    "severable", "给不给", "能不能作区分处理，提供可以公开的部分？",
    (
        Option("no", "不能：去掉不予公开的内容就没有意义，或者分不开"),
        Option("yes", "能"),
    ),
    "条例第三十七条：能够作区分处理的，应当提供可以公开的内容。",
)  # fmt: skip
PUBLIC_INTEREST = Question(
    "public_interest", "给不给", "第三方同意公开，或者不公开会对公共利益造成重大影响吗？",
    (
        Option("no", "第三方不同意且有合理理由，不公开也没有重大影响"),
        Option("consent", "第三方同意公开"),
        Option("yes", "不公开会对公共利益造成重大影响"),
    ),
    "条例第十五条、第三十二条：有其一的，予以公开；第三方没有表示意见的，不等于同意，由本机关判断。",
)  # fmt: skip
OVERRULED = Question(
    "overruled", "给不给", "法律、法规、规章规定应当公开吗？",
    (Option("no", "没有这样的规定"), Option("yes", "规定应当公开，从其规定")),
    "条例第十六条第二款。",
)  # fmt: skip
QUESTIONS = (
    CLARITY, NATURE, RESPONSIBLE, EXISTENCE, GIVING, GROUND, SEVERABLE, PUBLIC_INTEREST, OVERRULED,
)  # fmt: skip
TEXTS: Mapping[str, str] = {
    "reason": "具体理由",
    "harm": "公开的危害",
    "law": "法律、行政法规的名称和条款",
    "public_interest_reason": "关于公共利益的判断",
    "location": "获取的方式、途径",
    "when": "获取的时间",
    "authority": "负责公开的机关名称、联系方式",
}
"""答案之外要写的。"""
WRITTEN_IN: Mapping[str, str] = {
    "reason": "怎么答", "harm": "给不给", "law": "给不给", "public_interest_reason": "给不给",
    "location": "怎么给", "when": "怎么给", "authority": "谁负责",
}  # fmt: skip
"""各项写在哪一步。"""
ASKED_WHEN: Mapping[str, str] = {
    "nature": "clarity=clear",
    "responsible": "clarity=clear&nature=information",
    "existence": "clarity=clear&nature=information&responsible=ours",
    "giving": "clarity=clear&nature=information&responsible=ours&existence=exists",
    "ground": "giving=partial,refused",
    "public_interest": "giving=partial,refused&ground=third_party",
    "overruled": "giving=partial,refused&ground=process_info,enforcement_file",
    "severable": "giving=refused",
    "reason": "clarity=still_unclear"
    "|nature=not_government_information,duplicate,excessive,reconfirm,admin_query"
    "|responsible=other|existence=needs_creation|giving=partial,refused",
    "harm": "giving=partial,refused",
    "law": "giving=partial,refused&ground=law_forbidden",
    "public_interest_reason": "giving=partial,refused&ground=third_party",
    "location": "nature=petition,publication,admin_query|giving=already_public",
    "when": "giving=granted,partial|public_interest=consent,yes|overruled=yes",
    "authority": "responsible=other",
}
"""前面答了什么，这一项才用得着（``&`` 是都要，``|`` 是有一样就行）；没有列的总用得着。页面据此收起用不着的，判断本身不看它。"""
GIVEN = frozenset({"granted", "partial"})
"""提供政府信息的两种：形式和途径照申请人要求的，写明什么时间提供；其余写网址、刊物、渠道。"""
SHORTEST = 10
"""理由、危害不能只写几个字。"""


@dataclass(frozen=True)
class Standing:
    """判断要看的经过：补正过没有，检索过没有，要求说明理由的结果，第三方征求过没有、不同意没有，有没有还没了结的意见征求。"""

    was_corrected: bool = False
    has_search: bool = False
    reasons_unreasonable: bool = False
    third_party_heard: bool = False
    third_party_objects: bool = False
    is_consulting: bool = False


@dataclass(frozen=True)
class Decided:
    """判断到哪里了。

    ``asked`` 是走过的和正要答的各问，``outcome`` 是走到的答复（没有走到为空），``wanted`` 是这种答复要写的，
    ``faults`` 是还缺什么、哪里不合，每条一句；为空的才能拟答复书。
    """

    asked: tuple[Question, ...]
    outcome: Outcome | None
    wanted: tuple[str, ...]
    faults: tuple[str, ...]


def decide(answers: Mapping[str, str], standing: Standing) -> Decided:
    """照 ``answers`` 走：各问的答案和 ``TEXTS`` 里各项所写的。不认识的答案当作没有答。"""
    asked, code = _walk(answers)
    if not code:
        last = asked[-1]
        told = f"“{last.step}”还没有判断：{last.label}"
        if _answer(CLARITY, answers) == "needs_correction":
            told = "须先发补正告知书，收到补正再判断。"
        return Decided(asked, None, (), (told,))
    outcome = BY_OUTCOME[code]
    wanted = _wanted(outcome, answers)
    return Decided(asked, outcome, wanted, tuple(_faults(outcome, wanted, answers, standing)))


def _answer(question: Question, answers: Mapping[str, str]) -> str:
    given = answers.get(question.code, "")
    return given if given in {each.code for each in question.options} else ""


def _walk(answers: Mapping[str, str]) -> tuple[tuple[Question, ...], str]:
    """走过的各问和走到的答复的代码；没有走到的为空串。"""
    asked: list[Question] = []

    def ask(question: Question) -> str:
        asked.append(question)
        return _answer(question, answers)

    if (clarity := ask(CLARITY)) != "clear":
        return tuple(asked), "unclear" if clarity == "still_unclear" else ""
    if (nature := ask(NATURE)) != "information":
        return tuple(asked), nature
    if (responsible := ask(RESPONSIBLE)) != "ours":
        return tuple(asked), "not_responsible" if responsible else ""
    if (existence := ask(EXISTENCE)) != "exists":
        return tuple(asked), existence
    giving = ask(GIVING)
    if giving in ("already_public", "granted", ""):
        return tuple(asked), giving
    if not (ground := ask(GROUND)):
        return tuple(asked), ""
    if ground == "third_party" and ask(PUBLIC_INTEREST) != "no":
        return tuple(asked), "granted" if _answer(PUBLIC_INTEREST, answers) else ""
    if ground in MAY_BE_OVERRULED and ask(OVERRULED) != "no":
        return tuple(asked), "granted" if _answer(OVERRULED, answers) else ""
    if giving == "partial":
        return tuple(asked), "partial"
    severable = ask(SEVERABLE)
    if severable == "yes":
        return tuple(asked), "partial"
    return tuple(asked), ground if severable else ""


def _wanted(outcome: Outcome, answers: Mapping[str, str]) -> tuple[str, ...]:
    wanted = []
    if outcome.needs_reason:
        wanted.append("reason")
    if outcome.needs_harm:
        wanted.append("harm")
        if answers.get("ground") == "law_forbidden":
            wanted.append("law")
        if answers.get("ground") == "third_party":
            wanted.append("public_interest_reason")
    elif answers.get("ground") == "third_party" and answers.get("public_interest") == "yes":
        wanted.append("public_interest_reason")
    if outcome.needs_location:
        wanted.append("when" if outcome.code in GIVEN else "location")
    if outcome.needs_authority:
        wanted.append("authority")
    return tuple(wanted)


def _faults(
    outcome: Outcome, wanted: tuple[str, ...], answers: Mapping[str, str], standing: Standing
) -> list[str]:
    found = []
    for name in wanted:
        text = answers.get(name, "").strip()
        if not text and name == "authority":
            # 确定不了负责机关的可以不写，但要在理由里说明
            continue
        if not text:
            found.append(f"没有写{TEXTS[name]}。")
        elif name in ("reason", "harm") and len(text) < SHORTEST:
            found.append(f"{TEXTS[name]}写得太简单（至少 {SHORTEST} 个字），要让申请人看得明白。")
    if outcome.needs_search and not standing.has_search:
        found.append("答复“信息不存在”，须先记下检索的范围、关键词、地方和检索的人。")
    if outcome.code == "unclear" and not standing.was_corrected:
        found.append("没有要求过补正，不能以“补正后仍不明确”答复。")
    if outcome.code == "excessive" and not standing.reasons_unreasonable:
        found.append(
            "须先要求申请人说明理由，认定理由不合理的，才能告知不予处理（条例第三十五条）。"
        )
    is_about_another = outcome.code == "third_party" or answers.get("public_interest") in (
        "consent",
        "yes",
    )
    if (
        answers.get("ground") == "third_party"
        and is_about_another
        and not standing.third_party_heard
    ):
        found.append("涉及第三方合法权益的，须先书面征求第三方的意见（条例第三十二条）。")
    overrules = answers.get("ground") == "third_party" and answers.get("public_interest") == "yes"
    if standing.third_party_objects and outcome.code == "granted" and not overrules:
        found.append(
            "第三方不同意公开：须判断其理由是否合理；认为不公开会对公共利益造成重大影响的，才可以公开，"
            "并写明理由（条例第三十二条）。"
        )
    if standing.is_consulting:
        found.append("还有意见没有收到，收到或者期限届满以后才能答复。")
    return found
