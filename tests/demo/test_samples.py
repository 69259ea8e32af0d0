"""样例：件件注明演示数据，编号不重，日期是工作日，期限之内，没有真人真事的痕迹。"""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from yangguang.demo.attachments import MARK, attachment_content
from yangguang.demo.samples import (
    STEPS,
    TITLE_MARK,
    Sample,
    corrected,
    read_reports,
    read_samples,
)
from yangguang.foundation.calendar.tables import packaged_calendar
from yangguang.foundation.screening.rules import screen
from yangguang.hub.publications.subjects import CODES
from yangguang.sources.documents.codes import TYPE_CODES

FOLDER = Path(settings.DATA_ROOT) / "linxia"
TODAY = date(2026, 3, 2)
SAMPLES = read_samples(FOLDER / "samples.json")
OFFICE = "临夏回族自治州人民政府办公室"


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.key)
def sample(request: pytest.FixtureRequest) -> Sample:
    found: Sample = request.param
    return found


def test_each_is_classed_as_the_code_table_says(sample: Sample) -> None:
    """还在起草的可以没有定。"""
    assert {sample.raw.get("subject")} <= {None, *CODES}
    assert {sample.raw.get("type")} <= {None, *TYPE_CODES}


def test_there_are_enough_of_them_of_many_units_years_and_types() -> None:
    assert len(SAMPLES) >= 45
    years = Counter(s.published_at.year for s in SAMPLES if s.published_at)
    assert set(years) == {2018, 2019, 2020}
    assert {"通知", "意见", "公告", "通告", "函", "批复", "通报"} <= {
        s.raw["type"] for s in SAMPLES
    }
    counties = {
        "linxia-city", "linxia-county", "kangle", "yongjing", "guanghe", "hezheng", "dongxiang",
        "jishishan",
    }  # fmt: skip
    units = {s.organisation for s in SAMPLES}
    assert counties <= units and len(units - counties) >= 15


def test_they_stand_at_every_step_and_some_were_corrected_withdrawn_or_have_lapsed() -> None:
    assert {s.fate for s in SAMPLES} == set(STEPS)
    assert sum("correction" in s.raw for s in SAMPLES) == 2
    assert sum(s.fate == "withdrawn" for s in SAMPLES) == 1
    assert {"amended", "expired", "repealed"} <= {s.raw.get("validity") for s in SAMPLES}
    stages = {s.raw.get("stage") for s in SAMPLES} - {None}
    assert stages == {"decision", "execution", "management", "service", "result"}
    assert {s.raw["attachment"]["name"][-4:] for s in SAMPLES if "attachment" in s.raw} == {
        "docx",
        ".txt",
    }


def test_each_is_marked_in_its_title_and_in_the_first_line_of_its_text(sample: Sample) -> None:
    text = sample.text(OFFICE, TODAY)
    assert sample.title(OFFICE).startswith(TITLE_MARK)
    lines = [line for line in text.splitlines() if line]
    after_title = lines[lines.index(sample.title(OFFICE)) + 1 :]
    first = after_title[1] if "to" in sample.raw else after_title[0]
    assert first.startswith("（演示数据：")


def test_numbers_are_plainly_demonstrational_and_never_repeat() -> None:
    numbers = [n for s in SAMPLES if (n := s.document_number(TODAY))]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"演示〔20\d\d〕[1-9]\d*号", number) for number in numbers)
    assert len({s.key for s in SAMPLES}) == len(SAMPLES)


def test_dates_are_working_days_and_publication_is_in_time() -> None:
    calendar = packaged_calendar(settings.CALENDAR_REGION)
    for each in SAMPLES:
        if each.published_at is None:
            continue
        written, published = each.written_on(TODAY), each.published_at.date()
        assert written is not None
        assert calendar.is_working_day(written), each.key
        assert calendar.is_working_day(published), each.key
        assert written <= published <= calendar.add(written, 20).date, each.key


def test_nothing_in_them_would_be_stopped_by_screening(sample: Sample) -> None:
    assert screen(sample.text(OFFICE, TODAY)) == []


def test_they_name_no_person_and_no_telephone(sample: Sample) -> None:
    text = sample.text(OFFICE, TODAY)
    assert not re.search(r"\d{7,}|同志[^具和]|(?:书记|州长|县长|市长|局长|主任)", text)


def test_attachments_say_that_they_are_samples() -> None:
    specs = [s.raw["attachment"] for s in SAMPLES if "attachment" in s.raw]
    assert len(specs) >= 4
    for spec in specs:
        content = attachment_content(spec)
        if spec["name"].endswith(".txt"):
            assert MARK in content.read().decode()
        else:
            from docx import Document

            assert MARK in [p.text for p in Document(content).paragraphs]


def test_a_correction_finds_what_it_corrects() -> None:
    for each in SAMPLES:
        if change := each.raw.get("correction"):
            blocks = [{"type": "paragraph", "text": line} for line in each.raw["body"]]
            after = corrected(blocks, change["old"], change["new"])
            assert sum(a != b for a, b in zip(blocks, after, strict=True)) == 1
    with pytest.raises(ValueError, match="没有要更正的文字"):
        corrected([{"type": "paragraph", "text": "甲"}], "乙", "丙")


def test_reports_say_that_they_are_samples_and_are_confirmed_after_they_were_made() -> None:
    reports = read_reports(FOLDER / "samples.json")
    assert len(reports) >= 10
    for each in reports:
        assert each.raw["text"].startswith(TITLE_MARK)
        made = date.fromisoformat(each.raw["reported_on"])
        assert date(2020, 9, 25) < made < date(2021, 1, 1)
        if confirmed := each.raw.get("confirmed_on"):
            assert timedelta(0) <= date.fromisoformat(confirmed) - made <= timedelta(days=15)
