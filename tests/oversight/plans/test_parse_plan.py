"""读方案：临夏州的 43 项逐项对照手抄表；换了单位和日期，读出的也跟着换；怎样的输入都不出错。"""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from yangguang.oversight.plans.rules import ParsedPlan, parse_plan

from .expected_linxia import PARTS, RECURRING, SAFEGUARDS_PART, SCOPES, TASKS

SOURCE = (Path(settings.DATA_ROOT) / "linxia" / "linxia-2020-81.txt").read_text(encoding="utf-8")
SOURCE_FILES = Path(settings.PROJECT_ROOT) / "src/yangguang/oversight/plans"


@pytest.fixture(scope="module")
def plan() -> ParsedPlan:
    return parse_plan(SOURCE)


def _by_number(plan: ParsedPlan) -> dict:
    return {task["number"]: task for task in plan.as_json()["tasks"]}


def test_the_plan_has_37_tasks_6_safeguards_and_44_assignments(plan: ParsedPlan) -> None:
    assert plan.title == "临夏州政务公开工作实施方案"
    assert plan.document_number == "临州办发〔2020〕81号"
    assert plan.issued_on == date(2020, 9, 25)
    assert [t.number for t in plan.tasks] == [row[0] for row in TASKS]
    assert sum(len(t.assignments) for t in plan.tasks) == 44
    assert plan.problems == ()
    assert plan.uncertain == ()


@pytest.mark.parametrize("row", TASKS, ids=[str(row[0]) for row in TASKS])
def test_each_task_is_read_as_it_was_copied_by_hand(plan: ParsedPlan, row: tuple) -> None:
    number, title, assignments, dates = row
    task = _by_number(plan)[number]
    assert task["title"] == title
    assert task["assignments"] == [
        {"lead": lead, "implementing": implementing} for lead, implementing in assignments
    ]
    assert [d["date"] for d in task["deadlines"]] == dates
    assert [r["phrase"] for r in task["recurring"]] == RECURRING.get(number, [])
    if number in SCOPES:
        assert [(d["phrase"], d["scope"]) for d in task["deadlines"]] == SCOPES[number]


def test_each_task_stands_in_its_part(plan: ParsedPlan) -> None:
    tasks = _by_number(plan)
    for part, numbers in PARTS:
        assert {tasks[n]["part"] for n in numbers} == {part}
    assert {t["part"] for n, t in tasks.items() if isinstance(n, str)} == {SAFEGUARDS_PART}


def test_the_text_holds_neither_title_nor_units(plan: ParsedPlan) -> None:
    flat = SOURCE.replace("\n", "")
    for task in plan.tasks:
        assert task.text
        assert "牵头单位" not in task.text
        assert "实施单位" not in task.text
        assert not task.text.startswith(task.title)
        assert all(line in flat for line in task.text.split("\n"))
    assert plan.tasks[5].text.count("\n") == 1


def test_phrases_and_scopes_are_words_of_the_plan(plan: ParsedPlan) -> None:
    for task in plan.tasks:
        for deadline in task.deadlines:
            assert deadline.phrase in task.text
            assert deadline.scope is None or deadline.scope in task.text


def test_renamed_units_appear_renamed_and_nowhere_else(plan: ParsedPlan) -> None:
    names = sorted({u for t in plan.tasks for a in t.assignments for u in a.units}, key=len)
    names.reverse()
    renamed = {name: f"第{index}号虚构机构" for index, name in enumerate(names)}
    # 只改括号里的分工说明：正文里的单位名不在此列
    text = re.sub(
        r"（牵头单位：.*）$",
        lambda note: _rename(note.group(), names, renamed),
        SOURCE,
        flags=re.MULTILINE,
    )
    for before, after in zip(plan.tasks, parse_plan(text).tasks, strict=True):
        for old, new in zip(before.assignments, after.assignments, strict=True):
            assert new.lead == tuple(renamed[u] for u in old.lead)
            assert new.implementing == tuple(renamed[u] for u in old.implementing)


def _rename(note: str, names: list[str], renamed: dict[str, str]) -> str:
    pattern = "|".join(map(re.escape, names))
    return re.sub(pattern, lambda found: renamed[found.group()], note)


def test_shifted_dates_move_the_deadlines(plan: ParsedPlan) -> None:
    shifted = parse_plan(
        SOURCE.replace("2020年8月底前", "2021年2月底前")
        .replace("9月底前，州人社局网", "6月15日前，州人社局网")
        .replace("2020年底前完成IPv6", "2024年第三季度末完成IPv6")
    )
    tasks = _by_number(shifted)
    assert [d["date"] for d in tasks[27]["deadlines"]] == ["2021-02-28", "2021-06-15"]
    assert [d["date"] for d in tasks[28]["deadlines"]] == ["2024-09-30"]


def test_no_name_of_the_plan_stands_in_the_rules(plan: ParsedPlan) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE_FILES.glob("*.py"))
    names = {u for t in plan.tasks for a in t.assignments for u in a.units}
    titles = {t.title for t in plan.tasks} | {part for part, _ in PARTS} | {SAFEGUARDS_PART}
    for literal in names | titles | {"临夏", "临州办发"}:
        assert literal not in code


PLAN = """东河市2022年政务服务工作要点
一、重点任务
{body}
"""


def _read(body: str) -> list[dict]:
    return parse_plan(PLAN.format(body=body)).as_json()["tasks"]


def _assignments(body: str) -> list[dict]:
    return _read(body)[0]["assignments"]


@pytest.mark.parametrize(
    ("note", "lead", "implementing"),
    [
        ("（责任单位：市甲局、市乙局）", ["市甲局", "市乙局"], []),
        ("（牵头单位：市甲局；配合单位：市乙局，市丙局）", ["市甲局"], ["市乙局", "市丙局"]),
        ("（市甲局牵头，市乙局、市丙局配合）", ["市甲局"], ["市乙局", "市丙局"]),
        ("(市甲局牵头负责,市乙局等部门按职责分工负责)", ["市甲局"], ["市乙局等部门"]),
        ("（市甲局、市乙局分别负责落实）", ["市甲局", "市乙局"], []),
        ("（市甲局会同市乙局、市丙局负责）", ["市甲局"], ["市乙局", "市丙局"]),
        ("〔责任单位:市甲局,各县(市、区)人民政府〕", ["市甲局", "各县(市、区)人民政府"], []),
        ("【责任单位：各县、市人民政府，市直各部门】", ["各县、市人民政府", "市直各部门"], []),
        ("（牵头单位：市甲局)（参与单位：市乙局）", ["市甲局"], ["市乙局"]),
        ("（责任单位：市甲局、市乙局按职责分工负责。以下均含各县区，不再列出。）", ["市甲局", "市乙局"], []),
        ("牵头单位：市甲局；责任单位：市乙局、市丙局。", ["市甲局"], ["市乙局", "市丙局"]),
        ("\n牵头单位：市甲局\n责任单位：市乙局，市丙局", ["市甲局"], ["市乙局", "市丙局"]),
        ("\n市甲局、市乙局牵头落实", ["市甲局", "市乙局"], []),
        ("（牵头单位：市甲局，实施单位：市乙局（含分局）、市丙局", ["市甲局"], ["市乙局（含分局）", "市丙局"]),
        ("（责任单位：市甲局，责任人：某某，完成时限：6月底前）", ["市甲局"], []),
        ("（牵头单位：市甲局，\n责任单位：市乙局）", ["市甲局"], ["市乙局"]),
    ],
)  # fmt: skip
def test_units_are_read_from_every_common_form(
    note: str, lead: list[str], implementing: list[str]
) -> None:
    assert _assignments(f"1.推进公开。做好各项工作。{note}") == [
        {"lead": lead, "implementing": implementing}
    ]


def test_several_brackets_in_one_paragraph_are_several_assignments_with_scopes() -> None:
    body = "1.推进公开。清理文件。（市甲局负责落实）编制目录。（市乙局牵头，市丙局配合）"
    first, second = parse_plan(PLAN.format(body=body)).tasks[0].assignments
    assert (first.lead, first.scope) == (("市甲局",), "推进公开。清理文件")
    assert (second.lead, second.implementing) == (("市乙局",), ("市丙局",))
    assert second.scope == "编制目录"


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("2020年10月底前", "2020-10-31"),
        ("年底前", "2022-12-31"),
        ("今年年底前", "2022-12-31"),
        ("2024年底前", "2024-12-31"),
        ("6月30日前", "2022-06-30"),
        ("第三季度末", "2022-09-30"),
        ("上半年", "2022-06-30"),
        ("2024年2月底前", "2024-02-29"),
        ("明年3月底前", "2023-03-31"),
        ("二〇二三年十月底前", "2023-10-31"),
        ("9月中旬前", "2022-09-20"),
        ("2023 年 5 月 1 日前", "2023-05-01"),
    ],
)
def test_every_way_to_write_a_deadline(phrase: str, day: str) -> None:
    (task,) = _read(f"1.建设平台。{phrase}完成平台建设。（责任单位：市甲局）")
    assert [d["date"] for d in task["deadlines"]] == [day]
    assert task["deadlines"][0]["phrase"] == phrase


@pytest.mark.parametrize("phrase", ["2019年以来", "自2023年1月1日起", "2020年度的", "近年来"])
def test_other_times_are_not_deadlines(phrase: str) -> None:
    (task,) = _read(f"1.建设平台。{phrase}完成情况良好。（责任单位：市甲局）")
    assert task["deadlines"] == []


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("自印发之日起20个工作日内公开", "20个工作日内"),
        ("每季度通报一次", "每季度通报一次"),
        ("每年1月31日前报送", "每年1月31日前"),
        ("全年不少于4次培训", "全年不少于4次"),
        ("实行周调度制度", "周调度制度"),
        ("建立目录，长期坚持", "长期坚持"),
        ("建立目录，并持续推进", "并持续推进"),
    ],
)
def test_recurring_demands_state_their_cycle(text: str, phrase: str) -> None:
    (task,) = _read(f"1.抓好落实。{text}。（责任单位：市甲局）")
    assert [r["phrase"] for r in task["recurring"]] == [phrase]
    assert task["deadlines"] == []


def test_regularly_without_a_cycle_is_not_recurring() -> None:
    (task,) = _read("1.抓好落实。定期开展检查，及时通报。（责任单位：市甲局）")
    assert task["recurring"] == []


def test_a_day_that_no_calendar_has_is_reported_and_not_guessed() -> None:
    plan = parse_plan(PLAN.format(body="1.整改。2020年2月30日前完成整改。（责任单位：市甲局）"))
    assert [d.date for d in plan.tasks[0].deadlines] == [None]
    assert plan.problems == ("第1项：“2020年2月30日前”不是日历上有的日期，请核对原文。",)


def test_duplicate_numbers_in_one_part_are_reported() -> None:
    body = "1.甲事。（责任单位：市甲局）\n1.乙事。（责任单位：市乙局）"
    (problem,) = parse_plan(PLAN.format(body=body)).problems
    assert problem == "编号重复：“一、重点任务”下有 2 项任务都编为 1，请核对原文。"


def test_numbers_may_begin_anew_in_each_part() -> None:
    body = "1.甲事。（责任单位：市甲局）\n二、其他任务\n1.乙事。（责任单位：市乙局）"
    plan = parse_plan(PLAN.format(body=body))
    assert [t.number for t in plan.tasks] == [1, 1]
    assert plan.problems == ()


def test_a_text_without_tasks_says_so() -> None:
    plan = parse_plan("关于召开会议的通知\n各单位：\n请于10月20日前报送名单。\n")
    assert plan.tasks == ()
    assert plan.problems[0].startswith("没有读到任务")


def test_a_bracket_after_the_last_of_several_points_belongs_to_the_whole_task() -> None:
    body = "（一）完善体系\n1.健全预案。\n2.加强演练。\n（责任单位：市甲局）\n（二）建设队伍。（责任单位：市乙局）"
    first, second = _read(body)
    assert (first["number"], first["title"]) == (1, "完善体系")
    assert first["assignments"] == [{"lead": ["市甲局"], "implementing": []}]
    assert second["number"] == 2


TABLE = """2021年重点任务分工表
序号
工作任务
牵头单位
责任单位
完成时限
1
推进权责清单公开
市甲办
市政府各部门
2021年10月
2
编制目录，形成清单
市乙局
各县市人民政府、
各乡镇（街道）
第三季度
3
回应社会关切
市乙局
市政府各部门
持续推进
"""
PIPED = """2021年重点任务分工表
| 序号 | 工作任务 | 牵头单位 | 责任单位 | 完成时限 |
|---|---|---|---|---|
| 1 | 推进权责清单公开 | 市甲办 | 市政府各部门 | 2021年10月 |
| 2 | 编制目录，形成清单 | 市乙局 | 各县市人民政府、各乡镇（街道） | 第三季度 |
| 3 | 回应社会关切 | 市乙局 | 市政府各部门 | 持续推进 |
"""


@pytest.mark.parametrize("text", [TABLE, PIPED], ids=["一行一格", "竖线"])
def test_a_flattened_table_is_read_by_its_columns(text: str) -> None:
    tasks = parse_plan(text).as_json()["tasks"]
    assert [t["number"] for t in tasks] == [1, 2, 3]
    assert [t["title"] for t in tasks] == ["推进权责清单公开", "编制目录，形成清单", "回应社会关切"]
    assert tasks[1]["assignments"] == [
        {"lead": ["市乙局"], "implementing": ["各县市人民政府", "各乡镇（街道）"]}
    ]
    assert [[d["date"] for d in t["deadlines"]] for t in tasks] == [
        ["2021-10-31"],
        ["2021-09-30"],
        [],
    ]
    assert tasks[2]["recurring"] == [{"phrase": "持续推进"}]


def test_merged_cells_keep_the_category_of_the_row_above() -> None:
    text = (
        "2024年任务分工\n工作任务 | 具体要求 | 责任部门 |\n"
        "一、做好专栏 | 1.及时更新概况。 | 办公室 |\n2.及时反馈意见。 | 各科室 | |\n"
        "3.更新公众号。 | 办公室牵头，各科室配合 | |\n"
    )
    tasks = parse_plan(text).as_json()["tasks"]
    assert [(t["number"], t["part"], t["title"]) for t in tasks] == [
        (1, "一、做好专栏", "及时更新概况"),
        (2, "一、做好专栏", "及时反馈意见"),
        (3, "一、做好专栏", "更新公众号"),
    ]
    assert tasks[2]["assignments"] == [{"lead": ["办公室"], "implementing": ["各科室"]}]


def test_a_plan_pasted_onto_one_line_is_read_the_same(plan: ParsedPlan) -> None:
    start = SOURCE.index("三、工作任务")
    crowded = parse_plan(
        "临夏州政务公开工作实施方案\n2020年9月25日\n" + SOURCE[start:].replace("\n", "")
    )
    assert [t.number for t in crowded.tasks] == [t.number for t in plan.tasks]
    assert [t.assignments for t in crowded.tasks if t.number != 6] == [
        t.assignments for t in plan.tasks if t.number != 6
    ]


def test_lines_broken_at_the_edge_of_the_paper_are_joined(plan: ParsedPlan) -> None:
    wrapped = "\n".join(
        line[i : i + 28] for line in SOURCE.splitlines() for i in range(0, max(len(line), 1), 28)
    )
    assert [
        (t.number, t.title, [(a.lead, a.implementing) for a in t.assignments])
        for t in parse_plan(wrapped).tasks
    ] == [
        (t.number, t.title, [(a.lead, a.implementing) for a in t.assignments]) for t in plan.tasks
    ]


FRAGMENTS = st.sampled_from(
    ["一、", "（一）", "1.", "（1）", "①", "（", "）", "〔", "]", "“", "，", "。", "；", "\n", "|", "牵头单位：",
     "责任单位", "：", "市甲局", "、", "牵头", "配合", "2020年", "2月", "30日", "底", "前", "年底前", "99月", "序号",
     "任务", "完成时限", "每", "季度", "制度", "持续推进", "附件：", "《", "》", "现将", "的通知", "\x00"]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=60).map("".join))
def test_reading_never_raises_on_fragments_of_plans(text: str) -> None:
    parse_plan(text).as_json()


@given(st.text(max_size=400))
def test_reading_never_raises_on_any_text(text: str) -> None:
    parse_plan(text).as_json()


@pytest.mark.parametrize(
    "unit", ["（", "1.", "（一）", "，", "牵头单位：", "每年", "2020年", "|", "各县、"]
)
def test_long_repetitions_are_read_in_reasonable_time(unit: str) -> None:
    parse_plan("1.事。" + unit * 20_000)
