"""``yangguang parse_plan 文件``：读一份工作方案，给出任务、分工和期限。"""

from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, BadInput, ContractCommand, read_given_file
from yangguang.oversight.plans.rules import ParsedPlan, parse_plan


class Command(ContractCommand):
    """读方案。带密级标志的不读；原文有毛病（没有任务、编号重复、日历上没有的日期）时一并指出，退出码 2。"""

    help = "读一份工作方案（txt、docx、pdf），给出任务、分工和期限"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def answer(self, **options: Any) -> Answer:
        plan = parse_plan(read_given_file(options["file"]))
        if plan.problems:
            raise BadInput("\n".join(plan.problems))
        return Answer(plan.as_json(), _readable(plan))


def _readable(plan: ParsedPlan) -> str:
    shares = sum(len(task.assignments) for task in plan.tasks)
    lines = [f"{plan.title or '（没有读到题名）'}：{len(plan.tasks)} 项任务，{shares} 处分工。"]
    for task in plan.tasks:
        lines.append(f"{task.number} {task.title}")
        for assignment in task.assignments:
            lines.append(f"    牵头：{'、'.join(assignment.lead) or '—'}")
            if assignment.implementing:
                lines.append(f"    实施：{'、'.join(assignment.implementing)}")
        lines += [f"    期限：{d.date or '未定'}（{d.phrase}）" for d in task.deadlines]
        lines += [f"    周期：{r.phrase}" for r in task.recurring]
    return "\n".join([*lines, *plan.uncertain])
