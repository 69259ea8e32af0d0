"""工作方案：纯规则，不碰数据库、时钟和配置。

方案和每一份分工的转换表，以及“截至某日是什么状况”的算法。读方案的规则在 ``parsing``。
"""

from collections.abc import Iterable
from datetime import date

from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .parsing import (
    Deadline,
    ParsedPlan,
    ParsedTask,
    Recurring,
    parse_plan,
)
from .units import Assignment

STANDINGS = {
    "in_progress": "进行中",
    "due_passed": "已到期",
    "completed_on_time": "按期完成",
    "completed_late": "逾期完成",
    "closed": "结项",
}
"""截至某日的状况。“已到期”是期限已过、还没有报送完成；“结项”是未完成而说明理由收口。"""

FINISHED = frozenset({"completed_on_time", "completed_late", "closed"})


def standing(
    *,
    due_on: date | None,
    reported_on: date | None,
    confirmed_on: date | None,
    closed_on: date | None,
    as_of: date,
) -> str:
    """一份分工截至 ``as_of`` 当日的状况（``STANDINGS`` 的键）。

    ``reported_on`` 是单位报送完成之日：是否按期看这一天；核实之后才算完成，
    报送了还没核实的算进行中。期限当日仍在期限之内。
    """
    if closed_on and closed_on <= as_of:
        return "closed"
    reported = reported_on is not None and reported_on <= as_of
    if reported and confirmed_on and confirmed_on <= as_of:
        late = due_on is not None and reported_on is not None and reported_on > due_on
        return "completed_late" if late else "completed_on_time"
    if due_on and due_on < as_of and not reported:
        return "due_passed"
    return "in_progress"


def combined_standing(standings: Iterable[str], *, is_waiting: bool = False) -> str:
    """几份分工合起来的状况：有一份已到期就是已到期；全部收口才算完成，有一份逾期就是逾期完成。

    ``is_waiting`` 表示还有单位没有指明，因而不能算完成。
    """
    found = set(standings)
    if "due_passed" in found:
        return "due_passed"
    if is_waiting or not found or "in_progress" in found:
        return "in_progress"
    if "completed_late" in found:
        return "completed_late"
    return "completed_on_time" if "completed_on_time" in found else "closed"


def days_left(due_on: date | None, as_of: date) -> int | None:
    """离期限还有几天（自然日）；已过的为负，没有期限为 ``None``。"""
    return None if due_on is None else (due_on - as_of).days


def _plan_is_active(context: GuardContext) -> list[str]:
    if context.facts["plan_is_active"]:
        return []
    return ["方案已经结项，不能再办理；确有需要，请主管部门监督员重新启动方案。"]


def _own_unit(context: GuardContext) -> list[str]:
    if context.facts["organisation_id"] == context.actor.organisation_id:
        return []
    return ["只能由承担任务的单位自己的签发人报送。"]


def _supervises_the_plan(context: GuardContext) -> list[str]:
    if context.actor.covers(context.facts["plan_organisation_id"], context.facts["plan_path"]):
        return []
    return ["只有监督这个方案的机构的监督员可以办理。"]


def _says_what_was_done(context: GuardContext) -> list[str]:
    reasons = []
    if not str(context.inputs.get("text", "")).strip():
        reasons.append("请写明做了什么。")
    reported_on = context.inputs.get("reported_on")
    today = context.inputs.get("today")
    if reported_on and today:
        if reported_on > today:
            reasons.append("报送日期不能晚于今天。")
        if reported_on < today and not str(context.inputs.get("source", "")).strip():
            reasons.append("补录以前的报送须注明来源。")
    reasons += [
        f"佐证“{title}”现在没有公开发布，请换一条。"
        for title in context.inputs.get("unpublished", ())
    ]
    return reasons


def _shows_evidence(context: GuardContext) -> list[str]:
    if context.inputs.get("evidence_count") or str(context.inputs.get("no_evidence", "")).strip():
        return []
    return ["报送完成须附佐证（已发布信息的链接）；没有可公开佐证的，请说明原因。"]


def _not_by_the_reporter(context: GuardContext) -> list[str]:
    if context.facts["reported_by"] in context.actor.persons:
        return ["不能核实自己报送的完成情况，请由其他监督员核实。"]
    return []


def _another_unit(context: GuardContext) -> list[str]:
    unit = context.inputs.get("organisation_id")
    if unit is None:
        return ["请选定改派给哪个单位。"]
    if unit in context.facts["units"]:
        return ["这个单位在本分解项里已有一份，不能重复分派。"]
    return []


def _every_open_share_has_a_reason(context: GuardContext) -> list[str]:
    stated = context.inputs.get("reasons", {})
    waiting = context.inputs.get("group_reasons", {})
    return [
        f"{label}，请先核实完成，或写明结项理由。"
        for key, label in context.facts["open_shares"]
        if not str(stated.get(key, "")).strip()
    ] + [
        f"{label}，请先指明单位，或写明不再指明的理由。"
        for key, label in context.facts["open_groups"]
        if not str(waiting.get(key, "")).strip()
    ]


def _nothing_is_wrong_with_it(context: GuardContext) -> list[str]:
    # 要办的那一处（分解项、单位、栏目）有什么不对，由服务查出，和别的理由一起说
    return list(context.inputs.get("faults", ()))


def _ledger_is_not_public(context: GuardContext) -> list[str]:
    return ["任务台账已经公开。"] if context.facts["ledger_is_public"] else []


_SUPERVISOR = frozenset({"supervisor"})
_APPROVER = frozenset({"approver"})


def _decision(event: str, label: str, sentence: str, *, needs_message: bool = True) -> Transition:
    """监督员对执行中的方案做的一个决定：方案的状态不变，留下一行。"""
    return Transition(
        event,
        label,
        frozenset({"active"}),
        "active",
        _SUPERVISOR,
        guards=(_supervises_the_plan,),
        input_guards=(_nothing_is_wrong_with_it,),
        needs_message=needs_message,
        sentence=sentence,
    )


PLAN_LIFE = Lifecycle(
    name="plans.plan",
    label="工作方案",
    initial="active",
    states={"active": "执行中", "closed": "已结项"},
    transitions=(
        Transition(
            "publish_ledger",
            "公开任务台账",
            frozenset({"active"}),
            "active",
            _SUPERVISOR,
            guards=(_supervises_the_plan, _ledger_is_not_public),
            input_guards=(_nothing_is_wrong_with_it,),
            sentence="任务台账向社会公开。",
        ),
        _decision("settle_group", "指明单位", "指明了单位。", needs_message=False),
        _decision("split", "拆分分解项", "拆分了分解项。"),
        _decision("merge", "合并分解项", "合并了分解项。"),
        _decision("redate", "核定期限", "核定了期限。"),
        _decision("add_units", "补充单位", "补充了单位。"),
        Transition(
            "close",
            "结项",
            frozenset({"active"}),
            "closed",
            _SUPERVISOR,
            guards=(_supervises_the_plan,),
            input_guards=(_every_open_share_has_a_reason,),
            sentence="各项任务均已完成或说明理由，方案结项。",
        ),
        Transition(
            "reopen",
            "重新启动",
            frozenset({"closed"}),
            "active",
            _SUPERVISOR,
            guards=(_supervises_the_plan,),
            needs_message=True,
            sentence="方案重新启动。",
        ),
    ),
    progress=("active", "closed"),
)

SHARE_LIFE = Lifecycle(
    name="plans.share",
    label="分解任务",
    initial="in_progress",
    states={
        "in_progress": "进行中",
        "reported": "已报送，待核实",
        "completed": "已完成",
        "closed": "结项",
    },
    transitions=(
        Transition(
            "progress",
            "报送进展",
            frozenset({"in_progress"}),
            "in_progress",
            _APPROVER,
            guards=(_plan_is_active, _own_unit),
            input_guards=(_says_what_was_done,),
            sentence="报送了进展。",
        ),
        Transition(
            "report",
            "报送完成",
            frozenset({"in_progress"}),
            "reported",
            _APPROVER,
            guards=(_plan_is_active, _own_unit),
            input_guards=(_says_what_was_done, _shows_evidence),
            deadline_effect="是否按期以报送之日为准；退回后重新报送的，以新的报送之日为准。",
            sentence="报送完成，等待核实。",
        ),
        Transition(
            "confirm",
            "核实完成",
            frozenset({"reported"}),
            "completed",
            _SUPERVISOR,
            guards=(_plan_is_active, _supervises_the_plan, _not_by_the_reporter),
            sentence="经核实，已完成。",
        ),
        Transition(
            "return",
            "退回",
            frozenset({"reported"}),
            "in_progress",
            _SUPERVISOR,
            guards=(_plan_is_active, _supervises_the_plan),
            needs_message=True,
            sentence="退回，请按意见补充后重新报送。",
        ),
        Transition(
            "reassign",
            "改派",
            frozenset({"in_progress"}),
            "in_progress",
            _SUPERVISOR,
            guards=(_plan_is_active, _supervises_the_plan),
            input_guards=(_another_unit,),
            needs_message=True,
            sentence="改由其他单位承担。",
        ),
        Transition(
            "close",
            "未完成结项",
            frozenset({"in_progress", "reported"}),
            "closed",
            _SUPERVISOR,
            guards=(_supervises_the_plan,),
            needs_message=True,
            sentence="未完成，说明理由后结项。",
        ),
        Transition(
            "reopen",
            "重新办理",
            frozenset({"completed", "closed"}),
            "in_progress",
            _SUPERVISOR,
            guards=(_plan_is_active, _supervises_the_plan),
            needs_message=True,
            sentence="重新办理。",
        ),
    ),
    progress=("in_progress", "reported", "completed"),
)

__all__ = [
    "Assignment",
    "Deadline",
    "FINISHED",
    "PLAN_LIFE",
    "ParsedPlan",
    "ParsedTask",
    "Recurring",
    "SHARE_LIFE",
    "STANDINGS",
    "combined_standing",
    "days_left",
    "parse_plan",
    "standing",
]
