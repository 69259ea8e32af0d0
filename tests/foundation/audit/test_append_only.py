"""只增不改：触发器拒绝改和删；每个声明了的模型都真有触发器。"""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from yangguang.foundation.audit.append_only import AppendOnly
from yangguang.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def _event(action: str = "test.happened") -> AuditEvent:
    return AuditEvent.objects.create(action=action, at=timezone.now())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET note = 'x'",
        "DELETE FROM audit_auditevent",
    ],
)
def test_raw_sql_cannot_change_or_remove_an_event(statement: str) -> None:
    event = _event()
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
        connection.cursor().execute(statement)
    assert AuditEvent.objects.get() == event


def test_the_models_own_ways_are_refused_with_a_sentence() -> None:
    event = _event()
    with pytest.raises(TypeError, match="审计事件只增不改"):
        event.save()
    with pytest.raises(TypeError, match="审计事件只增不改"):
        event.delete()
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
        AuditEvent.objects.update(note="x")


def _guarded() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if issubclass(m, AppendOnly)]


def _row_triggers(table: str) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
            return {sql.split(" BEFORE ")[1].split()[0] for (sql,) in cursor.fetchall()}
        cursor.execute(
            "SELECT event_manipulation FROM information_schema.triggers "
            "WHERE event_object_table = %s",
            [table],
        )
        return {event for (event,) in cursor.fetchall()}


def test_every_append_only_model_has_its_triggers_after_all_migrations() -> None:
    assert AuditEvent in _guarded()
    bare = [
        model._meta.db_table
        for model in _guarded()
        if not {"UPDATE", "DELETE"} <= _row_triggers(model._meta.db_table)
    ]
    assert bare == []


class TestFlush:
    """两个测试各自写入并提交：若清库被触发器挡住，后一个会看到前一个的行。"""

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("turn", [1, 2])
    def test_a_transactional_test_starts_clean_and_still_guarded(self, turn: int) -> None:
        assert AuditEvent.objects.count() == 0
        _event()
        with pytest.raises(DatabaseError, match="只增不改"):
            AuditEvent.objects.update(note=str(turn))
