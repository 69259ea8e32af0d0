"""快慢：一个脚本提出一万件，拦得住，别人照常；查询码试十次不对要等，别人照常。"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.dialogue.requests.applying import HOME, PERSON, Applicant, fields, text
from tests.dialogue.requests.conftest import FARMER, Hall
from tests.foundation.residents.conftest import citizen
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.public.limits import (
    HOUR,
    admit_submission,
    in_words,
    note_wrong_try,
    wait_to_try,
)
from yangguang.foundation.residents.rules import Paper

NOON = 1_700_000_000.0
OTHER = replace(FARMER, name="马小福", paper=Paper("identity_card", citizen("19900101")))


@pytest.fixture(autouse=True)
def counted(settings: Any, tmp_path: Path) -> Iterator[None]:
    """真的限速，册子是新的。"""
    settings.VAR_ROOT = tmp_path
    settings.REQUESTS_PER_HOUR, settings.WRONG_CODES_PER_HOUR = 20, 10
    yield


def test_of_ten_thousand_from_one_script_in_an_hour_some_forty_are_let_in_and_others_go_on() -> (
    None
):
    let_in = sum(
        admit_submission("10.1.2.3", replace(FARMER, paper=Paper("passport", f"E{n:08}")), at) == 0
        for n in range(10_000)
        if (at := NOON + n * HOUR / 10_000)
    )
    assert 20 <= let_in <= 40
    assert admit_submission("10.9.9.9", OTHER, NOON + HOUR) == 0


def test_twenty_in_a_row_are_let_in_and_the_next_is_told_how_long_to_wait() -> None:
    waits = [admit_submission("10.1.2.3", FARMER, NOON) for _ in range(21)]
    assert waits[:20] == [0.0] * 20 and 0 < waits[20] <= HOUR / 20
    assert admit_submission("10.1.2.3", FARMER, NOON + waits[20] + 1) == 0


def test_one_person_from_many_addresses_counts_as_one() -> None:
    waits = [admit_submission(f"10.1.{n}.3", FARMER, NOON) for n in range(21)]
    assert waits[19] == 0 and waits[20] > 0
    assert admit_submission("10.1.20.3", OTHER, NOON) == 0


def test_a_refused_one_uses_up_nobodys_share() -> None:
    for n in range(21):
        admit_submission(f"10.1.{n}.3", FARMER, NOON)
    assert sum(admit_submission("10.1.20.3", OTHER, NOON) == 0 for _ in range(20)) == 20


def test_a_whole_ipv6_household_counts_as_one() -> None:
    many = [
        admit_submission(
            f"2001:db8::{n:x}", replace(FARMER, paper=Paper("passport", f"E{n:07}")), NOON
        )
        for n in range(21)
    ]
    assert many[20] > 0


def test_ten_wrong_codes_make_that_address_wait_and_no_other() -> None:
    for n in range(10):
        assert wait_to_try("10.1.2.3", f"0001-2020-{n:05}", NOON) == 0
        note_wrong_try("10.1.2.3", f"0001-2020-{n:05}", NOON)
    assert wait_to_try("10.1.2.3", "0001-2020-00099", NOON) > 0
    assert wait_to_try("10.1.2.4", "0001-2020-00001", NOON) == 0


def test_a_number_tried_from_everywhere_has_to_wait_too() -> None:
    for n in range(30):
        note_wrong_try(f"10.1.{n}.3", "0001-2020-00001", NOON)
    assert wait_to_try("10.8.8.8", "0001-2020-00001", NOON) > 0
    assert wait_to_try("10.8.8.8", "0001-2020-00002", NOON) == 0


def test_nothing_that_tells_who_is_kept_in_the_book(tmp_path: Path) -> None:
    admit_submission("10.1.2.3", FARMER, NOON)
    (kept,) = tmp_path.iterdir()
    content = kept.read_bytes()
    assert b"10.1.2.3" not in content and FARMER.paper.number.encode() not in content


def test_a_full_disk_lets_the_application_through(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("")
    settings.VAR_ROOT = tmp_path / "in-the-way"
    assert admit_submission("10.1.2.3", FARMER, NOON) == 0


def test_the_twenty_first_is_refused_with_everything_kept_and_another_person_is_not(
    hall: Hall,
) -> None:
    hall.on(date(2020, 10, 20))
    script = Applicant(hall, REMOTE_ADDR="10.1.2.3")
    for _ in range(20):
        script.applies()
    page = script.goes_on(script.fills())
    assert page.status_code == 429 and "不用重写" in text(page)
    assert PERSON["name"] in text(page) and fields(page)["step"] == "check"
    assert DisclosureRequest.objects.count() == 20
    other = PERSON | {"name": "马小福", "paper_number": citizen("19900101")}
    Applicant(hall, REMOTE_ADDR="10.9.9.9").applies(who=other)
    assert DisclosureRequest.objects.count() == 21


def test_the_eleventh_wrong_code_waits_even_if_it_is_right(hall: Hall) -> None:
    hall.on(date(2020, 10, 20))
    number, code = Applicant(hall).applies()
    guesser = Client(REMOTE_ADDR="10.1.2.3")
    for n in range(10):
        tried = {"number": number, "code": f"22222-2222{n}"}
        assert guesser.post(f"{HOME}status/", tried).status_code == 422
    right = {"number": number, "code": code}
    answer = guesser.post(f"{HOME}status/", right)
    assert answer.status_code == 429 and "再试" in text(answer)
    assert Client(REMOTE_ADDR="10.9.9.9").post(f"{HOME}status/", right).status_code == 302


@pytest.mark.parametrize(("seconds", "told"), [(5, "1 分钟"), (170, "3 分钟"), (3600, "1 小时")])
def test_the_wait_is_told_in_words(seconds: float, told: str) -> None:
    assert in_words(seconds) == told
