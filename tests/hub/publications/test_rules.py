"""附件的地址，翻页的标记。"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yangguang.hub.publications.cursors import cursor_of, read_cursor
from yangguang.hub.publications.rules import attachment_path


def test_an_attachment_is_named_by_its_content_not_by_its_author() -> None:
    path = attachment_path(12, "ab" * 32, "王某某 签字.PDF")
    assert path == f"/files/00000/12/{'ab' * 32}.pdf"
    assert attachment_path(12, "ab" * 32, "坏.html").endswith("ab")


@given(
    st.datetimes(datetime(1949, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 2**63 - 1),
)
def test_a_cursor_is_read_back_to_the_microsecond(at: datetime, number: int) -> None:
    assert read_cursor(cursor_of(at, number)) == (at, number)


@given(st.text(max_size=100))
def test_what_is_no_cursor_is_none_and_never_an_error(text: str) -> None:
    found = read_cursor(text)
    assert found is None or cursor_of(*found) == text


def test_a_cursor_with_its_number_changed_to_nonsense_is_none() -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=5)
    for number in (0, -1, 2**63):
        assert read_cursor(cursor_of(at, number)) is None
