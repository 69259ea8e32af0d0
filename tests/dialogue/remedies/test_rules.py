"""救济途径：哪一天起须先复议，向谁，几日，哪个法院；写错是写不出来的。"""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from yangguang.dialogue.remedies.authorities import WrongAuthority, authority, level_of
from yangguang.dialogue.remedies.rules import LEVELS, Authority, Remedy, remedy
from yangguang.dialogue.remedies.tables import packaged_tables
from yangguang.dialogue.requests.table3 import BY_CODE, DENIED
from yangguang.foundation.commands import BadInput
from yangguang.foundation.organisations.packaged import packaged_directory

NEW_YEAR = date(2024, 1, 1)
"""修订的行政复议法自这一天起施行。"""
GENERIC = {
    "prefecture": "上一级人民政府",
    "prefecture_department": "本级人民政府",
    "county": "上一级人民政府",
    "county_department": "本级人民政府",
    "township": "上一级人民政府",
    "vertical": "上一级主管部门",
    "agency": "本级人民政府",
}


def of(ground: str, replied: date, level: str = "county_department", name: str = "") -> Remedy:
    tables = packaged_tables()
    who = authority(
        level, name, packaged_directory(Path(settings.DATA_ROOT) / "linxia"),
        courts=tables.courts, above_root=tables.above_root, on=replied,
    )  # fmt: skip
    return remedy(tables.versions, ground, replied, who)


WITHHELD = [
    each.code for each in BY_CODE.values() if each.part == DENIED and each.code != "deny_8_admin_query"
] + ["partial"]  # fmt: skip


@pytest.mark.parametrize("ground", list(BY_CODE))
def test_only_what_is_withheld_under_14_to_16_goes_to_reconsideration_first(ground: str) -> None:
    assert of(ground, NEW_YEAR).reconsideration_first == (ground in WITHHELD)


@given(
    st.sampled_from(sorted(BY_CODE)),
    st.dates(date(2019, 5, 15), date(2030, 12, 31)),
    st.sampled_from(sorted(LEVELS)),
)
def test_every_reply_has_one_remedy_whose_paragraph_says_just_what_its_fields_say(
    ground: str, replied: date, level: str
) -> None:
    found = of(ground, replied, level)
    assert found.reconsideration_first == (replied >= NEW_YEAR and ground in WITHHELD)
    assert (found.court_days is None) != (found.court_months is None)
    assert f"{found.days}日内" in found.text
    assert found.body in found.text and found.court in found.text
    assert ("先向" in found.text) == found.reconsideration_first
    if found.reconsideration_first:
        assert (found.days, found.court_days) == (60, 15)
        assert "自收到复议决定书之日起15日内" in found.text
    else:
        assert (found.days, found.court_months) == (60, 6)
        assert "自收到本答复书之日起6个月内" in found.text


def test_the_last_day_of_the_old_rule_and_the_first_of_the_new() -> None:
    old = of("deny_6_process_info", NEW_YEAR - timedelta(days=1), "prefecture_department")
    new = of("deny_6_process_info", NEW_YEAR, "prefecture_department")
    assert (old.reconsideration_first, old.body) == (False, "本级人民政府或者上一级主管部门")
    assert (new.reconsideration_first, new.body) == (True, "本级人民政府")


def test_the_part_withheld_and_the_part_given_each_have_their_own_way() -> None:
    text = of("partial", NEW_YEAR).text
    assert text.startswith("如不服本答复中不予公开的部分，应当自收到本答复书之日起60日内先向")
    assert "如不服本答复的其他部分，可以自收到本答复书之日起60日内" in text


@pytest.mark.parametrize("level", list(LEVELS))
def test_each_level_has_its_body_and_governments_go_to_the_intermediate_court(level: str) -> None:
    found = of("granted", NEW_YEAR, level)
    assert found.body == GENERIC[level]
    assert ("中级" in found.court) == (level in ("prefecture", "county"))


@pytest.mark.parametrize(
    ("level", "name", "body", "court"),
    [
        ("prefecture", "临夏回族自治州人民政府", "甘肃省人民政府", "临夏回族自治州中级人民法院"),
        ("prefecture_department", "州教育局", "临夏回族自治州人民政府", "临夏市人民法院"),
        (
            "prefecture_department", "临夏回族自治州司法局",
            "临夏回族自治州人民政府或者上一级司法行政部门", "临夏市人民法院",
        ),
        ("county", "永靖县人民政府", "临夏回族自治州人民政府", "临夏回族自治州中级人民法院"),
        ("county_department", "永靖县人民政府办公室", "永靖县人民政府", "永靖县人民法院"),
        ("county_department", "永靖县司法局", "本级人民政府或者上一级司法行政部门", "有管辖权的基层人民法院"),
        ("township", "永靖县刘家峡镇人民政府", "永靖县人民政府", "永靖县人民法院"),
        ("vertical", "国家税务总局临夏回族自治州税务局", "上一级主管部门", "临夏市人民法院"),
    ],
)  # fmt: skip
def test_a_named_organ_gets_the_names_of_its_body_and_its_court(
    level: str, name: str, body: str, court: str
) -> None:
    found = of("deny_5_internal_affairs", date(2026, 11, 27), level, name)
    assert (found.body, found.court) == (body, court)


def test_every_organ_of_the_directory_has_a_remedy_or_a_reason_why_not() -> None:
    directory = packaged_directory(Path(settings.DATA_ROOT) / "linxia")
    for unit in directory.units:
        if unit.kind in ("party", "public_institution"):
            with pytest.raises(WrongAuthority, match="申诉|党务公开"):
                of("granted", NEW_YEAR, "prefecture_department", unit.name)
        else:
            assert of("granted", NEW_YEAR, level_of(unit), unit.name).text


def test_an_electronic_reply_tells_where_to_apply_online() -> None:
    found = remedy(
        packaged_tables().versions, "granted", NEW_YEAR, Authority("county"),
        online_url="https://xzfy.moj.gov.cn",
    )  # fmt: skip
    assert found.text.endswith("行政复议网上申请渠道：https://xzfy.moj.gov.cn。")


def ask(*arguments: str) -> dict[str, object]:
    out = StringIO()
    call_command("remedy", *arguments, "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert isinstance(found, dict)
    return found


BASE = ("--ground", "deny_4_third_party", "--replied", "2024-01-01", "--level")


def test_the_command_gives_days_or_months_never_both() -> None:
    first = ask(*BASE, "prefecture_department", "--organisation", "州教育局")
    assert list(first) == ["reconsideration_first", "body", "days", "court", "court_days", "text"]
    either = ask("--ground", "granted", "--replied", "2024-01-01", "--level", "county")
    assert (either["court_months"], "court_days" in either) == (6, False)


@pytest.mark.django_db
def test_the_directory_kept_in_the_database_answers_the_same() -> None:
    call_command("load_organisations", stdout=StringIO())
    asked = (*BASE, "prefecture_department", "--organisation", "州教育局")
    assert ask(*asked, "--database") == ask(*asked)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--ground", "processed_total", "--replied", "2024-01-01", "--level", "county"), "--ground"),
        ((*BASE, "village"), "--level"),
        ((*BASE, "county", "--organisation", "州教育局"), "--level：.*不是县"),
        ((*BASE, "prefecture_department", "--organisation", "州人民医院"), "申诉"),
        (("--ground", "granted", "--replied", "2024-02-30", "--level", "county"), "没有“2024-02-30”"),
    ],
)  # fmt: skip
def test_bad_input_is_told_by_its_option(arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises((BadInput, CommandError), match=told):
        ask(*arguments)
