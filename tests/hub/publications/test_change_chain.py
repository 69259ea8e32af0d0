"""变更日志和版本经不起一个字节的改动：改一个字节、删末尾十行、对调两行、从第 N 行重算，都查得出来。"""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection, transaction

from tests.flush import triggers_lifted
from tests.hub.publications.test_services import released
from tests.town import Town
from yangguang.foundation.audit.rules import chained_digest
from yangguang.foundation.audit.sealing import seal, verify
from yangguang.hub.publications.models import Change, ChangeSeal, PublicationVersion
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.refreshing import refresh
from yangguang.hub.publications.selectors import CHANGES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sealed(town: Town, settings: LazySettings, tmp_path: Path) -> None:
    """一份公文发布过，另有三十九笔数据更新，分两批封好。"""
    settings.SEAL_ROOT = tmp_path / "seals"
    settings.SITE_ROOT = tmp_path / "site"
    released(town)
    for batch in (range(19), range(19, 39)):
        for number in batch:
            with transaction.atomic():
                refresh(f"figure:{number}")
        seal(CHANGES)
    assert verify(CHANGES).broken == () and verify(CHANGES).checked == 40


def _tamper(*statements: str) -> None:
    with transaction.atomic(), triggers_lifted(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _row(sequence: int) -> Change:
    return ChangeSeal.objects.select_related("change").get(sequence=sequence).change


def test_one_changed_byte_is_found() -> None:
    _tamper(f"UPDATE publications_change SET key = 'figure:9' WHERE id = {_row(9).pk}")
    assert verify(CHANGES).broken == ("变更日志第 9 号的内容与封印不符。",)


def test_the_columns_are_sealed_too_and_rows_without_any_are_sealed_as_they_always_were() -> None:
    published, refreshed = _row(1), _row(2)
    assert CHANGES.content(published)["columns"] == published.columns != []
    assert "columns" not in CHANGES.content(refreshed)
    _tamper(f"UPDATE publications_change SET columns = '[]' WHERE id = {published.pk}")
    assert verify(CHANGES).broken == ("变更日志第 1 号的内容与封印不符。",)


def test_the_last_ten_rows_deleted_are_missed() -> None:
    last = _row(30).pk
    _tamper(
        "DELETE FROM publications_changeseal WHERE sequence > 30",
        f"DELETE FROM publications_change WHERE id > {last}",
    )
    assert verify(CHANGES).broken == ("变更日志末尾少了第 31 至 40 号。",)


def test_two_swapped_rows_are_found() -> None:
    one, two = _row(12), _row(13)
    _tamper(
        f"UPDATE publications_change SET key = '{two.key}' WHERE id = {one.pk}",
        f"UPDATE publications_change SET key = '{one.key}' WHERE id = {two.pk}",
    )
    assert verify(CHANGES).broken == (
        "变更日志第 12 号的内容与封印不符。",
        "变更日志第 13 号的内容与封印不符。",
    )


def test_a_chain_recomputed_from_some_row_on_is_found_by_the_signed_heads() -> None:
    _tamper(f"UPDATE publications_change SET key = 'figure:x' WHERE id = {_row(15).pk}")
    previous = ChangeSeal.objects.get(sequence=14).digest
    statements = []
    for one in ChangeSeal.objects.filter(sequence__gte=15).order_by("sequence"):
        digest = chained_digest(previous, one.sequence, CHANGES.canonical(_row(one.sequence)))
        statements.append(
            f"UPDATE publications_changeseal SET previous = '{previous}', digest = '{digest}' "
            f"WHERE sequence = {one.sequence}"
        )
        previous = digest
    _tamper(*statements)
    assert verify(CHANGES).broken == tuple(
        f"变更日志第 {head} 号与签过名的链头不符：链被重算过。" for head in (20, 40)
    )


def test_a_version_changed_with_its_digest_is_found_by_the_change_that_published_it() -> None:
    version = PublicationVersion.objects.get()
    payload = json.dumps({**version.payload, "title": "改过"}, ensure_ascii=False)
    _tamper(f"UPDATE publications_publicationversion SET payload = '{payload}'")
    assert any("内容与摘要不符" in fault for fault in check().broken)
    _tamper(f"UPDATE publications_publicationversion SET digest = '{'0' * 64}'")
    assert verify(CHANGES).broken == ("变更日志第 1 号的内容与封印不符。",)


def test_verify_audit_says_which_chain(capsys: pytest.CaptureFixture[str]) -> None:
    _tamper(f"UPDATE publications_change SET key = 'figure:9' WHERE id = {_row(9).pk}")
    with pytest.raises(SystemExit):
        call_command("verify_audit", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["broken"] == ["变更日志第 9 号的内容与封印不符。"]
