"""幂等键：同样的再来答复相同，不一样的不认；认密钥，不是全局的；断了的接着办，不办两次。"""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.api import HANDED, Api, Issue, fault
from tests.town import TEXT, Town
from yangguang.foundation.api.models import Done
from yangguang.foundation.api.services import forget_done
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db
OTHER = {"text": TEXT.format(number=8)}


def test_the_same_key_and_body_get_the_same_answer_and_one_document(system: Api) -> None:
    first, second = system.hand_in(), system.hand_in()
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["Location"] == second.headers["Location"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert OfficialDocument.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(system: Api) -> None:
    system.hand_in()
    assert "另一份内容" in fault(system.hand_in(OTHER), 422)["detail"]
    assert OfficialDocument.objects.count() == 1


def test_a_key_of_one_system_is_free_for_another(system: Api, issue: Issue) -> None:
    other = Api(str(issue(name="另一个系统").token))
    assert system.hand_in(key="same").status_code == 201
    answer = other.hand_in(OTHER, key="same")
    assert answer.status_code == 201
    assert OfficialDocument.objects.count() == 2


def test_a_refused_body_leaves_the_key_free_for_the_mended_one(system: Api) -> None:
    secret = {"text": "机密★1年\n" + HANDED["text"]}
    assert "密级" in fault(system.hand_in(secret), 422)["detail"]
    assert not Done.objects.exists()
    assert system.hand_in().status_code == 201


def test_while_the_first_is_being_done_the_second_is_told_to_wait(
    system: Api, issue: Issue
) -> None:
    system.hand_in()
    Done.objects.update(status=None, body="")
    waiting = system.hand_in()
    assert fault(waiting, 409)["title"] == "正在办理"
    assert int(waiting.headers["Retry-After"]) > 0


def test_what_broke_off_midway_is_finished_by_the_retry_and_not_done_twice(
    system: Api, town: Town
) -> None:
    # 公文已经存下，答复还没有记就断了
    first = system.hand_in()
    Done.objects.update(status=None, body="", claimed_at=timezone.now() - timedelta(seconds=61))
    retried = system.hand_in()
    assert retried.status_code == 201
    assert retried.content == first.content
    assert OfficialDocument.objects.count() == 1
    assert system.hand_in().headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", "有汉字".encode().decode("latin-1"), "x" * 81, "a b"])
def test_a_key_that_is_missing_or_malformed_is_told(key: str, system: Api) -> None:
    body = fault(system.hand_in(key=key), 422)
    assert body["errors"][0]["parameter"] == "Idempotency-Key"


def test_what_was_done_is_forgotten_after_thirty_days(system: Api) -> None:
    system.hand_in()
    assert forget_done() == 0
    Done.objects.update(claimed_at=timezone.now() - timedelta(days=31))
    assert forget_done() == 1
    # 业务自己的幂等键还在：同一把键再来，也不会有第二份
    assert system.hand_in().status_code == 201
    assert OfficialDocument.objects.count() == 1
