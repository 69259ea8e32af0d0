"""三员分立由数据库守着：绕过服务直接写也一样被拒。"""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.actors import organisation
from yangguang.foundation.accounts.models import RoleAssignment, User

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)


@pytest.fixture
def someone(db: None) -> dict[str, Any]:
    return {"user": User.objects.create_user("someone", "某人"), "organisation": organisation()}


def serve(someone: dict[str, Any], role: str, **fields: Any) -> RoleAssignment:
    return RoleAssignment.objects.create(**someone, role=role, **{"valid_from": SINCE, **fields})


def refused(someone: dict[str, Any], role: str, **fields: Any) -> bool:
    try:
        with transaction.atomic():
            serve(someone, role, **fields)
    except IntegrityError:
        return True
    return False


def test_no_one_holds_two_of_the_three_nor_one_of_them_beside_a_business_role(
    someone: dict[str, Any],
) -> None:
    serve(someone, "system_admin")
    assert refused(someone, "security_admin")
    assert refused(someone, "audit_admin", valid_from=date(2030, 1, 1))
    assert refused(someone, "drafter")
    assert refused(someone, "organisation_admin")
    # 同一员在两个机构，是一路
    other = someone | {"organisation": organisation("other")}
    assert not refused(other, "system_admin")


def test_one_after_the_other_is_allowed_and_so_is_one_that_was_ended(
    someone: dict[str, Any],
) -> None:
    serve(someone, "drafter", valid_until=date(2026, 6, 30))
    assert refused(someone, "audit_admin", valid_from=date(2026, 6, 30))
    assert not refused(someone, "audit_admin", valid_from=date(2026, 7, 1))
    ended = serve(someone, "reviewer", ended_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.filter(pk=ended.pk).update(ended_at=None)


def test_a_role_cannot_be_changed_into_a_conflict_either(someone: dict[str, Any]) -> None:
    serve(someone, "reviewer")
    drafter = serve(someone, "drafter")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.filter(pk=drafter.pk).update(role="audit_admin")


def test_acting_for_another_is_always_dated(someone: dict[str, Any]) -> None:
    principal = serve(someone, "approver")
    deputy = someone | {"user": User.objects.create_user("deputy", "代理人")}
    assert refused(deputy, "approver", on_behalf_of=principal)
    assert not refused(deputy, "approver", on_behalf_of=principal, valid_until=date(2026, 2, 1))
