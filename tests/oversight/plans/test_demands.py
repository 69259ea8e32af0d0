"""拆分解项：第 27 项拆成五项；一项要求、一个期限、点到名的单位。"""

from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from yangguang.oversight.plans.demands import Demand, derive
from yangguang.oversight.plans.rules import ParsedTask, parse_plan

SOURCE = (Path(settings.DATA_ROOT) / "linxia" / "linxia-2020-81.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tasks() -> dict[int | str, ParsedTask]:
    return {task.number: task for task in parse_plan(SOURCE).tasks}


def _one(body: str) -> tuple[Demand, ...]:
    return derive(parse_plan(f"某市2022年工作方案\n一、工作任务\n1.{body}").tasks[0])


def test_task_27_has_five_deliverables(tasks: dict) -> None:
    found = derive(tasks[27])
    assert [(str(d.due_on), d.due_basis) for d in found] == [
        ("2020-08-31", "own"),
        ("2020-09-30", "own"),
        ("2020-09-30", "sentence"),
        ("2020-09-30", "sentence"),
        ("2020-09-30", "sentence"),
    ]
    assert found[0].text == "2020年8月底前，州人民政府网完成政府信息公开平台规范化建设"
    assert found[2].text == "州财政局网站下线后，要及时完成公开内容迁移工作"
    assert found[3].text == "新开设的州文旅局网站同步做好信息公开平台规范化建设"
    assert found[4].text == "各级行政机关法定主动公开内容全部公开到位"


def test_a_clause_that_names_units_goes_to_those_units(tasks: dict) -> None:
    own, named, finance, culture, everyone = derive(tasks[27])
    assert own.implementing == ()
    assert named.implementing == (
        "州人社局", "州公安局", "州教育局", "州市场监督管理局", "各县市人民政府",
    )  # fmt: skip
    assert finance.implementing == ("州财政局",)
    assert culture.implementing == ("州文旅局",)
    assert everyone.implementing == tasks[27].assignments[0].implementing
    assert {d.lead for d in derive(tasks[27])} == {("州政府办公室",)}


def test_each_assignment_of_task_6_has_its_own_deliverable(tasks: dict) -> None:
    first, second = derive(tasks[6])
    assert first.lead == ("州政府办公室",)
    assert second.lead == ("州政府办公室", "州司法局")
    assert second.text.startswith("州政府各部门和各县市政府要结合")


def test_what_a_dated_sentence_leaves_over_is_one_more_deliverable(tasks: dict) -> None:
    dated, rest = derive(tasks[28])
    assert str(dated.due_on) == "2020-12-31"
    assert rest.due_on is None
    assert "集约化" in rest.text


def test_a_task_without_dates_or_subjects_is_one_deliverable(tasks: dict) -> None:
    (whole,) = derive(tasks[11])
    assert whole.text == tasks[11].text


def test_the_due_date_of_a_label_governs_the_whole_task() -> None:
    (whole,) = _one("建设平台。做好建设。（责任单位：市甲局，完成时限：2022年6月）")
    assert (str(whole.due_on), whole.due_basis) == ("2022-06-30", "task")


def test_nothing_of_the_plan_is_lost(tasks: dict) -> None:
    for task in tasks.values():
        demands = derive(task)
        assert demands
        for deadline in task.deadlines:
            assert any(d.due_on == deadline.date for d in demands)
        for assignment in task.assignments:
            units = {u for d in demands for u in (*d.lead, *d.implementing)}
            assert set(assignment.units) <= units


@given(
    st.lists(
        st.sampled_from(
            [
                "市甲局",
                "各县",
                "要",
                "完成",
                "，",
                "。",
                "；",
                "6月底前",
                "年底前，",
                "网站",
                "做好",
                "、",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_deriving_never_raises_and_never_yields_nothing(text: str) -> None:
    for task in parse_plan(f"一、任务\n1.甲。{text}（责任单位：市甲局、各县）").tasks:
        assert derive(task)
