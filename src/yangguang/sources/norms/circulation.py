"""规章和规范性文件的运转：登记、核对、编号、公布、报备。纯规则，不碰数据库、时钟和配置。

行政规范性文件统一登记、统一编号、统一印发，一律主动公开（条例第二十条第一项）。
状态说它在登记的哪一步；有没有效是另一回事，由日期算出（``rules.validity_on``）。
"""

from yangguang.foundation.lifecycle.guards import has_columns, not_the_drafter, passes_screening
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .rules import IN_FORCE


def is_complete(context: GuardContext) -> list[str]:
    """必备的内容都有。"""
    facts = context.facts
    return [
        f"缺少{label}。"
        for label, name in (
            ("标题", "title"),
            ("制定机关", "issuers"),
            ("正文", "body"),
            ("公布日期", "promulgated_on"),
            ("施行日期", "effective_on"),
            ("五公开类别", "stage"),
        )
        if not facts[name]
    ]


def is_consistent(context: GuardContext) -> list[str]:
    """日期不矛盾，有效期定了。"""
    return list(context.facts["date_faults"])


def relations_hold(context: GuardContext) -> list[str]:
    """修改、废止的都成立：那一天它们都还有效，没有互相废止的。"""
    return list(context.facts["relation_faults"])


def is_typeset(context: GuardContext) -> list[str]:
    """文字版、图片版已经生成。"""
    if context.facts["is_typeset"]:
        return []
    return ["文字版和图片版正在生成，稍等一会儿再办。"]


def is_in_force(context: GuardContext) -> list[str]:
    """还有效的才能延长。"""
    if context.facts["validity"] in IN_FORCE | {"pending"}:
        return []
    return ["已经失效、废止的不能延长有效期，要继续用须重新制定。"]


def is_longer(context: GuardContext) -> list[str]:
    """延长到的日期写明了，晚于原来的。"""
    until, now = context.inputs.get("ceases_on"), context.facts["ceases_on"]
    if until is None:
        return ["请写明延长以后的失效日期。"]
    if until <= context.facts["today"]:
        return ["延长以后的失效日期已经过了。"]
    if now is not None and until <= now:
        return [f"延长以后的失效日期要晚于原来的 {now.isoformat()}。"]
    return []


def filing_is_given(context: GuardContext) -> list[str]:
    """报送备案的日期、机关写明了。"""
    faults = []
    if not context.inputs.get("filed_with"):
        faults.append("请写明报送哪个机关备案。")
    filed_on = context.inputs.get("filed_on")
    if filed_on is None:
        faults.append("请写明报送的日期。")
    elif filed_on > context.facts["today"]:
        faults.append("报送的日期不能晚于今天。")
    elif filed_on < context.facts["promulgated_on"]:
        faults.append("报送的日期不能早于公布日期。")
    return faults


DRAFTER = frozenset({"drafter"})
REVIEWER = frozenset({"reviewer", "legality_reviewer"})
APPROVER = frozenset({"approver"})
PUBLISHERS = DRAFTER | APPROVER
READY = (is_complete, is_consistent, relations_hold, passes_screening)

CIRCULATION = Lifecycle(
    name="norms",
    label="规范性文件",
    initial="draft",
    states={
        "draft": "登记",
        "in_review": "审核",
        "in_registration": "编号",
        "registered": "已编号",
        "published": "已公布",
        "revising": "修订中",
        "withdrawn": "已撤回",
    },
    progress=("draft", "in_review", "in_registration", "registered", "published"),
    transitions=(
        Transition(
            "submit", "送审", frozenset({"draft"}), "in_review", DRAFTER,
            guards=READY, in_bulk=True,
        ),
        Transition(
            "pass", "审核通过", frozenset({"in_review"}), "in_registration", REVIEWER,
            guards=(not_the_drafter, *READY),
            legal_basis="合法性审核（国办发〔2018〕115号）", in_bulk=True,
        ),
        Transition(
            "return", "退回", frozenset({"in_review", "in_registration"}), "draft",
            REVIEWER | APPROVER, needs_message=True,
        ),
        Transition(
            "register", "登记编号", frozenset({"in_registration"}), "registered", APPROVER,
            guards=(not_the_drafter, *READY),
            legal_basis="统一登记、统一编号、统一印发", in_bulk=True,
        ),
        Transition(
            "publish", "公布", frozenset({"registered"}), "published", PUBLISHERS,
            guards=(has_columns, is_typeset, *READY),
            legal_basis="条例第二十条第一项、第二十三条", in_bulk=True,
        ),
        Transition(
            "file", "报送备案", frozenset({"published"}), "published", DRAFTER,
            input_guards=(filing_is_given,),
            applies=lambda context: context.facts["filed_on"] is None,
        ),
        Transition(
            "extend", "延长有效期", frozenset({"published"}), "published", APPROVER,
            guards=(is_in_force,), input_guards=(is_longer,), needs_message=True,
            applies=lambda context: context.facts["ceases_on"] is not None,
            sentence="经评估需要继续执行的，在到期之前延长；写明评估的结论和批准的文件。",
        ),
        Transition(
            "settle", "核对上位依据", frozenset({"published"}), "published", DRAFTER,
            needs_message=True,
            applies=lambda context: bool(context.facts["flags"]),
            sentence="所依据的文件变了：对照变了的条款，写明要不要修改、废止。",
        ),
        Transition(
            "revise", "修订", frozenset({"published"}), "revising", DRAFTER, needs_message=True,
            sentence="只用来更正登记错的内容；文件本身要改，请另行登记修改它的文件。",
        ),
        Transition(
            "correct", "更正公布", frozenset({"revising"}), "published", APPROVER,
            guards=(is_typeset, *READY), needs_message=True,
        ),
        Transition(
            "withdraw", "撤回", frozenset({"published", "revising"}), "withdrawn", APPROVER,
            needs_message=True,
        ),
        Transition(
            "republish", "重新公布", frozenset({"withdrawn"}), "published", APPROVER,
            guards=(has_columns, is_typeset, *READY), needs_message=True,
        ),
    ),
)  # fmt: skip
"""转换表。"""

UPPER_LIFE = Lifecycle(
    name="upper_texts",
    label="上位依据",
    initial="current",
    states={"current": "现行", "abolished": "已废止"},
    transitions=(
        Transition(
            "change", "登记修改", frozenset({"current"}), "current", DRAFTER | APPROVER,
            input_guards=(
                lambda context: [] if context.inputs.get("changed_on") else ["请写明哪一天起改的。"],
            ),
            needs_message=True,
            sentence="登记以后，依据、实施它的文件都会标出来，由各经办人核对。",
        ),
        Transition(
            "abolish", "登记废止", frozenset({"current"}), "abolished", DRAFTER | APPROVER,
            input_guards=(
                lambda context: [] if context.inputs.get("changed_on") else ["请写明哪一天起废止。"],
            ),
            needs_message=True,
            sentence="登记以后，依据、实施它的文件都会标出来，由各经办人核对。",
        ),
    ),
)  # fmt: skip
"""上位依据（法律、行政法规……）的转换表。"""


def has_norms(context: GuardContext) -> list[str]:
    """范围之内有要清理的。"""
    if context.facts["in_scope"]:
        return []
    return ["范围之内没有现行有效的规章、规范性文件，不必清理。"]


def is_dated(context: GuardContext) -> list[str]:
    """结论从哪一天起、由哪份文件宣布，都写明了。"""
    faults = [] if context.facts["takes_effect_on"] else ["请先写明结论从哪一天起生效。"]
    if not context.facts["stage"]:
        faults.append("缺少五公开类别。")
    return faults


def all_concluded(context: GuardContext) -> list[str]:
    """每一件都有结论。"""
    left = context.facts["open"]
    return [f"还有 {left} 件没有结论，逐件定下来才能送签。"] if left else []


CLEANING = Lifecycle(
    name="clean_ups",
    label="清理",
    initial="draft",
    states={
        "draft": "准备",
        "open": "逐件清理",
        "in_approval": "签发",
        "closed": "已公布",
        "withdrawn": "已撤回",
    },
    progress=("draft", "open", "in_approval", "closed"),
    transitions=(
        Transition(
            "begin", "开始清理", frozenset({"draft"}), "open", DRAFTER, guards=(has_norms,),
            sentence="把此刻公布着、没有失效废止的逐件列出来，一件也不漏。",
        ),
        Transition(
            "keep_rest", "其余的继续有效", frozenset({"open"}), "open", DRAFTER,
            needs_message=True, applies=lambda context: bool(context.facts["open"]),
            sentence="还没有结论的，都定为继续有效；理由写在每一件上。",
        ),
        Transition(
            "submit", "送签", frozenset({"open"}), "in_approval", DRAFTER,
            guards=(all_concluded, is_dated),
        ),
        Transition(
            "return", "退回", frozenset({"in_approval"}), "open", APPROVER, needs_message=True,
        ),
        Transition(
            "approve", "签发并公布", frozenset({"in_approval"}), "closed", APPROVER,
            guards=(not_the_drafter, has_columns, all_concluded, is_dated, passes_screening),
            legal_basis="条例第二十条第一项",
            sentence="四张清单随即公布；列为失效、废止的，从写明的那一天起标明。",
        ),
        Transition(
            "withdraw", "撤回清单", frozenset({"closed"}), "withdrawn", APPROVER,
            needs_message=True, sentence="只撤下公布的清单；已经标明的失效、废止不变。",
        ),
    ),
)  # fmt: skip
"""一轮清理的转换表。"""

ENTERING = Lifecycle(
    name="inventories",
    label="清单导入",
    initial="draft",
    states={"draft": "对账", "entered": "已入库", "dropped": "不用了"},
    progress=("draft", "entered"),
    transitions=(
        Transition(
            "enter", "新的入库", frozenset({"draft"}), "entered", DRAFTER,
            guards=(
                lambda context: [] if context.facts["new"] else ["清单上没有新的可以入库。"],
            ),
            sentence="对账单上“新的”各登记一份，补上正文再送审；有出入的、不能收的不动。",
        ),
        Transition("drop", "不用了", frozenset({"draft"}), "dropped", DRAFTER),
    ),
)  # fmt: skip
"""导入一张清单的转换表。"""
