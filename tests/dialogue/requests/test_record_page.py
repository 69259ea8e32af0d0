"""记录页：怎样确认的写着申请人的电话，只给能看申请人身份的看。"""

from datetime import date

import pytest

from tests.actors import actor
from tests.dialogue.requests.conftest import Hall
from tests.workbench import sign_in

pytestmark = pytest.mark.django_db
CAME = date(2020, 9, 14)
EVIDENCE = "打 13900000000，本人接的"


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("request_officer", True),
        ("counter_officer", True),
        ("approver", True),
        ("secrecy_reviewer", False),
        ("legality_reviewer", False),
        ("supervisor", False),
    ],
)
def test_how_receipt_was_confirmed_is_shown_only_to_who_may_see_the_applicant(
    hall: Hall, role: str, sees: bool
) -> None:
    request = hall.came(CAME, "fax")
    hall.do(request, "confirm", confirmed_on=CAME, evidence=EVIDENCE)
    reader = sign_in(actor(role, request.organisation))
    page = reader.get(f"/workbench/requests/{request.pk}/")
    assert page.status_code == 200
    assert (EVIDENCE in page.content.decode()) is sees
