"""同样的任务和分工，换着样子写：括号里、另起一行、一句话、行文中、表格里。读出的都一样。"""

import time
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from yangguang.oversight.plans.demands import derive
from yangguang.oversight.plans.rules import parse_plan

HEAD = "某市2022年重点工作实施方案\n为做好工作，制定本方案。\n一、重点任务\n"
BOTH = [
    ("推进甲项工作", ["市发改委"], ["市财政局", "市住建局"]),
    ("推进乙项工作", ["市教育局"], []),
]


def _read(text: str) -> list[tuple[str, list[str], list[str]]]:
    tasks = parse_plan(text).as_json()["tasks"]
    return [
        (task["title"], *(task["assignments"][0][role] for role in ("lead", "implementing")))
        for task in tasks
        if len(task["assignments"]) == 1
    ]


@pytest.mark.parametrize(
    "body",
    [
        "1.推进甲项工作。做好。（市发改委牵头，市财政局、市住建局配合）\n2.推进乙项工作。做好。（市教育局负责）",
        "1.推进甲项工作。做好。市发改委牵头，市财政局、市住建局配合。\n2.推进乙项工作。做好。市教育局负责。",
        "1.推进甲项工作。做好。由市发改委牵头，市财政局、市住建局配合。\n2.推进乙项工作。做好。由市教育局负责落实。",
        "1.推进甲项工作。做好。\n市发改委牵头，市财政局、市住建局配合。\n2.推进乙项工作。做好。\n市教育局负责。",
        "（一）推进甲项工作。做好。牵头单位：市发改委，配合单位：市财政局、市住建局。\n（二）推进乙项工作。做好。责任单位：市教育局。",
        "1.推进甲项工作。\n牵头单位：市发改委\n配合单位：市财政局、市住建局\n2.推进乙项工作。\n牵头单位：市教育局",
        "1.推进甲项工作。做好。【市发改委牵头，市财政局、市住建局按职责分工负责】\n2.推进乙项工作。做好。【市教育局负责】",
        "1. 推进甲项工作。做好。(主办单位:市发改委;协办单位:市财政局,市住建局)\n2. 推进乙项工作。做好。(承办单位:市教育局)",
        "1．推进甲项工作。做好。（牵头单位：市发改委　责任单位：市财政局、市住建局）\n2．推进乙项工作。做好。（责任单位：市教育局）",
        "1.推进甲项工作。做好。责任领导：某某；牵头单位：市发改委；责任单位：市财政局、市住建局。\n2.推进乙项工作。做好。责任单位：市教育局。",
        "1.推进甲项工作。做好。〔市发改委牵头，市财政局、市住建局配合，2022年6月底前完成〕\n2.推进乙项工作。做好。（市教育局负责，2022年底前完成）",
        "序号 | 重点任务 | 牵头单位 | 配合单位\n1 | 推进甲项工作 | 市发改委 | 市财政局、市住建局\n2 | 推进乙项工作 | 市教育局 |",
        "序号\t重点任务\t牵头单位\t配合单位\t完成时限\n1\t推进甲项工作\t市发改委\t市财政局、市住建局\t6月底前\n2\t推进乙项工作\t市教育局\t\t长期",
        "序号 重点任务 牵头单位 配合单位\n1 推进甲项工作 市发改委 市财政局、市住建局",
        "|\n序号\n|\n重点任务\n|\n牵头单位\n|\n配合单位\n|\n|\n1\n|\n推进甲项工作\n|\n市发改委\n|\n市财政局、市住建局\n|\n|\n2\n|\n推进乙项工作\n|\n市教育局\n|",
        "序号\n重点任务\n牵头单位\n配合单位\n1\n推进甲项工作\n市发改委\n市财政局、市住建局",
    ],
)  # fmt: skip
def test_the_same_duties_are_read_from_every_form(body: str) -> None:
    read = _read(HEAD + body)
    assert read == BOTH[: len(read)]
    assert len(read) == (2 if "乙项" in body else 1)


def test_time_beside_the_units_is_a_deadline_and_no_unit() -> None:
    (task,) = parse_plan(HEAD + "1.推进。做好。（市教育局负责，2022年6月底前完成）").tasks
    assert [a.lead for a in task.assignments] == [("市教育局",)]
    assert [(str(d.date), d.phrase) for d in task.deadlines] == [("2022-06-30", "2022年6月底前")]
    assert task.text == "做好。"


def test_duties_in_passing_count_only_where_nothing_else_states_them() -> None:
    passing = "1.推进甲项工作。由市发改委牵头，市财政局配合，定期会商。\n"
    (alone,) = parse_plan(HEAD + passing).tasks
    assert [(a.lead, a.implementing) for a in alone.assignments] == [(("市发改委",), ("市财政局",))]
    assert "由市发改委牵头" in alone.text
    first, _ = parse_plan(HEAD + passing + "2.推进乙项工作。做好。（市教育局负责）").tasks
    assert first.assignments == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "形成政府牵头，部门配合，社会参与的格局。", "坚持党委领导，政府负责。", "各级各部门要高度重视，认真抓好落实。",
        "由市长牵头，定期研究。", "建立健全部门负责，群众参与的机制。",
    ],
)  # fmt: skip
def test_talk_of_cooperation_is_no_assignment(sentence: str) -> None:
    assert parse_plan(f"{HEAD}1.推进甲项工作。{sentence}").tasks == ()


def test_the_list_of_attachments_is_not_a_list_of_tasks() -> None:
    notice = "某局关于分解任务的通知\n各单位：\n请落实。\n附件：1.某县重点任务分解表\n2.某市重点任务分解表\n某局\n2022年3月1日\n"
    body = "附件1\n一、目标\n（一）增长11%。[牵头单位：县发改局（粮食局）；责任单位：各镇]\n"
    (task,) = parse_plan(notice + body).tasks
    assert (task.number, task.title) == (1, "增长11%")
    assert task.assignments[0].lead == ("县发改局（粮食局）",)


LINES = [
    line
    for source in sorted((Path(settings.PROJECT_ROOT) / "tests/corpora/plans").glob("*/source.txt"))
    for line in source.read_text(encoding="utf-8").split("\n")
]


@given(st.lists(st.sampled_from(LINES), max_size=60))
def test_shuffled_lines_of_real_plans_are_read_without_an_error(lines: list[str]) -> None:
    plan = parse_plan("\n".join(lines))
    for task in plan.tasks:
        derive(task)
        assert all(unit.strip() for a in task.assignments for unit in a.units)


@pytest.mark.parametrize(
    "unit",
    ["（", "）", "、", "，", "。", "1", "１", "二", " ", "关于", "局", "（一）", "| ", "|\n", "序号\n", "责任单位：", "（责任单位：", "市局牵头，", "市局牵头，市委配合。", "1.做。（市局负责）\n", "每年", "6月底前，", "2020年", "附件：1.", "—\n"],
)  # fmt: skip
@pytest.mark.parametrize("head", ["", HEAD + "1.做事。（市局负责）"])
def test_reading_time_grows_no_faster_than_the_text(unit: str, head: str) -> None:
    text = head + unit * (60_000 // len(unit))
    begun = time.process_time()
    parse_plan(text)
    assert time.process_time() - begun < 3
