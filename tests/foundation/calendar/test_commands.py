"""命令行：workdays 与 deadline 的 JSON、退出码和中文。"""

import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.models import CalendarDay
from yangguang.foundation.calendar.services import enter_day, remove_day
from yangguang.foundation.commands import BadInput

from .arrangements import SOURCE, off

YANGGUANG = Path(sys.executable).with_name("yangguang")
# 选项名、取值（引号里的、地区代码）和 YYYY-MM-DD 这样的格式不算英文
ALLOWED = re.compile(
    r"--?[a-z-]+|“[^”]*”|'[^']*'|YYYY-MM-DD|national|linxia|yangguang|migrate|load_calendar"
    r"|reply(\|\w+)*|\badd\b|[a-z_]+（"
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([YANGGUANG, *arguments], capture_output=True, text=True, timeout=60)


def answer(*arguments: str) -> dict[str, object]:
    """在进程内问一次，取回 JSON。"""
    out = StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=StringIO())
    value = json.loads(out.getvalue())
    assert isinstance(value, dict)
    return value


def refusal(*arguments: str) -> str:
    """在进程内问一次，取回拒绝的话；参数解析出的错和规则的错一样是输入有误。"""
    out = StringIO()
    with pytest.raises((BadInput, CommandError)) as caught:
        call_command(*arguments, stdout=out, stderr=StringIO())
    assert out.getvalue() == ""
    assert getattr(caught.value, "returncode", 2) == 2
    return str(caught.value)


def test_workdays_prints_one_json_value_and_nothing_else() -> None:
    done = run("workdays", "add", "--from", "2024-11-04", "--days", "20", "--region", "linxia", "--json")  # fmt: skip
    assert done.returncode == 0
    value = json.loads(done.stdout)
    assert list(value) == ["date", "provisional", "skipped", "worked_weekends"]
    assert (value["date"], value["provisional"]) == ("2024-12-03", False)
    assert {"date": "2024-11-19", "reason": "临夏州州庆"} in value["skipped"]
    assert value["worked_weekends"] == []
    assert "开斋节、古尔邦节的放假日期尚未录入" in done.stderr


def test_deadline_prints_one_json_value_with_its_steps() -> None:
    done = run("deadline", "--json", "reply", "--received", "2023-09-18")
    assert done.returncode == 0
    value = json.loads(done.stdout)
    assert list(value) == ["due", "provisional", "steps"]
    assert (value["due"], value["provisional"]) == ("2023-10-20", False)
    assert all(list(step) == ["rule", "text", "date"] for step in value["steps"])
    assert {s["rule"] for s in value["steps"]} >= {"条例第三十一条", "条例第三十三条"}


def test_without_json_people_read_sentences() -> None:
    out = StringIO()
    call_command("deadline", "reply", "--received", "2023-09-18", stdout=out)
    assert out.getvalue().startswith("截止：2023年10月20日（周五）\n")
    out = StringIO()
    call_command("workdays", "add", "--from", "2026-12-25", "--days", "10", stdout=out)
    assert "（暂定）" in out.getvalue()
    assert "提示：2027年的放假安排尚未录入" in out.getvalue()


def test_worked_weekends_and_provisional_answers_are_marked_in_json() -> None:
    value = answer("workdays", "add", "--from", "2024-02-02", "--days", "1")
    assert value["date"] == "2024-02-04"
    assert value["worked_weekends"] == [{"date": "2024-02-04", "reason": "春节调休上班"}]
    value = answer("workdays", "add", "--from", "2026-12-25", "--days", "10")
    assert value["provisional"] is True


def test_every_option_of_reply() -> None:
    value = answer(
        "deadline", "reply", "--received", "2023-09-01", "--channel", "internet",
        "--confirmed", "2023-09-04", "--clarified", "2023-09-11", "--paid", "2023-09-18",
        "--pause", "2023-09-20:2023-09-22", "--pause", "2023-10-09:2023-10-12",
        "--extended-days", "5", "--region", "linxia",
    )  # fmt: skip
    assert value["due"] == "2023-11-03"
    rules = [step["rule"] for step in value["steps"]]  # type: ignore[attr-defined]
    assert rules[:7] == [
        "条例第三十一条", "条例第三十条", "国办函〔2020〕109号", *["条例第三十三条"] * 4,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        ("clarification", "2023-09-27"),
        ("third_party", "2023-10-13"),
        ("publication", "2023-10-20"),
        ("fee_payment", "2023-10-20"),
    ],
)
def test_the_plain_deadlines(clock: str, due: str) -> None:
    assert answer("deadline", clock, "--from", "2023-09-18")["due"] == due


@pytest.mark.parametrize(
    ("options", "due"),
    [
        ([], "2023-10-20"),
        (["--channel", "counter"], "2023-10-20"),
        (["--channel", "post"], "2023-10-20"),
        *((["--channel", channel, "--confirmed", "2023-09-19"], "2023-10-23")
          for channel in ("internet", "fax", "plain_post")),
        (["--clarified", "2023-09-19"], "2023-10-23"),
        (["--paid", "2023-09-19"], "2023-10-23"),
        (["--pause", "2023-09-19:2023-09-20"], "2023-10-23"),
        (["--extended-days", "1"], "2023-10-23"),
        (["--extended-days", "20"], "2023-11-17"),
        (["--extended-days", "20", "--region", "linxia"], "2023-11-17"),
        (["--extended-days", "20", "--region", "linxia", "--clarified", "2023-09-19"],
         "2023-11-21"),
    ],
)  # fmt: skip
def test_each_option_of_reply_moves_the_deadline(options: list[str], due: str) -> None:
    assert answer("deadline", "reply", "--received", "2023-09-18", *options)["due"] == due


BAD = [
    (["workdays"], "缺少参数"),
    (["workdays", "subtract"], "不在范围内"),
    (["workdays", "add", "--days", "3"], "--from"),
    (["workdays", "add", "--from"], "缺少取值"),
    (["workdays", "add", "--from", "2020-02-30", "--days", "3"], "没有“2020-02-30”这一天"),
    (["workdays", "add", "--from", "2020-2-3", "--days", "3"], "--from"),
    (["workdays", "add", "--from", "２０２０-02-03", "--days", "3"], "--from"),
    (["workdays", "add", "--from", "2020-02-03", "--days", "-3"], "不能是负数"),
    (["workdays", "add", "--from", "2020-02-03", "--days", "1.5"], "不是整数"),
    (["workdays", "add", "--from", "2020-02-03", "--days", "99999"], "太大"),
    (["workdays", "add", "--from", "9999-12-30", "--days", "9"], "超出"),
    (["workdays", "add", "--from", "2020-02-03", "--days", "3", "--region", "火星"], "--region"),
    (["workdays", "add", "--from", "2020-02-03", "--days", "3", "--days", "4"], "只能给出一次"),
    (["workdays", "add", "--from", "2020-02-03", "--days", "3", "--weeks"], "不认识的参数"),
    (["workdays", "add", "--from", "2020-02-03", "--days", "3", "多余"], "不认识的参数"),
    (["deadline"], "缺少参数"),
    (["deadline", "reply"], "--received"),
    (["deadline", "reply", "--received", "2023-09-18", "--channel", "pigeon"], "--channel"),
    (["deadline", "reply", "--received", "2023-09-18", "--channel", "fax"], "--confirmed"),
    (["deadline", "reply", "--received", "2023-09-18", "--confirmed", "2023-09-18"], "--channel"),
    (["deadline", "reply", "--received", "2023-09-18", "--extended-days", "21"], "最长 20 个工作日"),
    (["deadline", "reply", "--received", "2023-09-18", "--extended-days", "5",
      "--extended-days", "5"], "只能给出一次"),
    (["deadline", "reply", "--received", "2023-09-18", "--pause", "2023-09-20"], "发出日:收到意见日"),
    (["deadline", "reply", "--received", "2023-09-18", "--pause", "2023-09-31:2023-10-09"],
     "没有“2023-09-31”这一天"),
    (["deadline", "reply", "--received", "2023-09-18", "--pause", "2023-09-10:2023-09-20"],
     "早于收到申请之日"),
    (["deadline", "reply", "--received", "2023-09-18", "--clarified", "2023-09-10"], "--clarified"),
    *((["deadline", "reply", "--received", "2023-09-18", "--channel", channel], "缺少确认日期")
      for channel in ("internet", "fax", "plain_post")),
    *((["deadline", "reply", "--received", "2023-09-18", "--channel", channel,
        "--confirmed", "2023-09-19"], "不适用确认日期") for channel in ("counter", "post")),
    (["deadline", "reply", "--received", "2023-09-18", "--channel", "fax",
      "--confirmed", "2023-09-17"], "早于申请到达的日期"),
    (["deadline", "reply", "--received", "2023-09-18", "--paid", "2023-09-10"], "--paid"),
    (["deadline", "reply", "--received", "2023-09-18", "--extended-days", "-1"], "不能是负数"),
    (["deadline", "reply", "--received", "2023-09-18", "--pause", "2023-09-22:2023-09-20"],
     "早于征求意见发出之日"),
    (["deadline", "reply", "--received", "2023-09-18", "--pause", "2023-09-20:2023-09-27",
      "--pause", "2023-09-25:2023-09-28"], "重叠"),
    (["deadline", "reply", "--received", "2023-09-18", "--region", "mars"], "--region"),
    (["deadline", "reply", "--received", "9999-12-20"], "超出"),
    *((["deadline", clock], "--from")
      for clock in ("clarification", "third_party", "publication", "fee_payment")),
    (["deadline", "publication", "--from", "2023-09-31"], "没有“2023-09-31”这一天"),
    (["deadline", "publication", "--from", "2023-09-18", "--region", "mars"], "--region"),
    (["deadline", "joint"], "不在范围内"),
    (["deadline", "publication", "--received", "2023-09-18"], "--from"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), BAD)
def test_bad_input_is_refused_in_chinese_and_names_the_argument(
    arguments: list[str], words: str
) -> None:
    message = refusal(*arguments)
    assert words in message
    assert not re.search("[A-Za-z]{2,}", ALLOWED.sub("", message)), message


@pytest.mark.parametrize(
    "arguments",
    [
        ["workdays", "add", "--from", "2020-02-30", "--days", "3", "--json"],
        ["deadline", "reply", "--received", "2023-09-18", "--channel", "fax", "--json"],
        ["deadline", "reply"],
    ],
)
def test_a_process_with_bad_input_exits_2_with_chinese_on_standard_error(
    arguments: list[str],
) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search("[\u4e00-\u9fff]", done.stderr)
    assert "CommandError" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [["workdays"], ["workdays", "add"], ["deadline"], ["deadline", "reply"]]
)
def test_help_is_in_chinese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        call_command(*arguments, "--help")
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "用法：yangguang" in text
    assert "usage" not in text
    assert "show this help" not in text


@pytest.mark.django_db
def test_database_uses_the_edited_tables_and_the_same_rules(supervisor: Actor) -> None:
    workdays = ["workdays", "add", "--from", "2024-11-04", "--days", "20", "--region", "linxia"]
    reply = ["deadline", "reply", "--received", "2024-11-04", "--region", "linxia"]
    call_command("load_calendar", stdout=StringIO())
    for arguments in (workdays, reply):
        assert answer(*arguments, "--database") == answer(*arguments)
    enter_day("linxia", off("2024-11-20", "抗旱"), source=SOURCE, actor=supervisor, key="k")
    edited = answer(*workdays, "--database")
    assert edited["date"] == "2024-12-04"
    assert {"date": "2024-11-20", "reason": "抗旱"} in edited["skipped"]  # type: ignore[operator]
    assert answer(*reply, "--database")["due"] == "2024-12-04"
    assert answer(*workdays)["date"] == "2024-12-03"


@pytest.mark.django_db
def test_an_empty_database_is_bad_input_that_says_what_to_do() -> None:
    arguments = ["workdays", "add", "--from", "2024-11-04", "--days", "20", "--database"]
    assert "请先执行 yangguang load_calendar" in refusal(*arguments)
    call_command("load_calendar", stdout=StringIO())
    assert "没有“mars”这个地区" in refusal(*arguments, "--region", "mars")


@pytest.mark.django_db
def test_loading_the_calendar_says_how_much_and_names_what_was_edited(supervisor: Actor) -> None:
    first = {"tables": 23, "days": 771, "kept": 0, "differing": []}
    assert answer("load_calendar") == first
    again = {"tables": 0, "days": 0, "kept": 23}
    assert answer("load_calendar") == {**again, "differing": []}
    mistaken = CalendarDay.objects.get(date="2024-02-18")
    remove_day(mistaken, reason="演练", actor=supervisor, key="r")
    assert answer("load_calendar") == {**again, "differing": ["全国2024年放假安排"]}
