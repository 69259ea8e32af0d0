"""几个进程同时来：同一个幂等键只办一次；一把密钥合计不超过它的次数。"""

import pytest

from tests.api import Api, Issue
from tests.processes import finish, start, together
from tests.town import TEXT, Town
from yangguang.foundation.api.models import KeyUse
from yangguang.sources.documents.models import OfficialDocument

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ROUNDS = 6
HAND_IN = """
    import time
    from tests.api import Api
    api = Api({key!r})
    print("就绪", flush=True)
    input()
    for number in range(1, {rounds} + 1):
        for attempt in range(100):
            answer = api.hand_in({{"text": {text!r}.format(number=number)}}, key=f"k{{number}}")
            if answer.status_code != 409:
                break
            time.sleep(0.05)
        print(answer.status_code, answer.json().get("id"))
"""
READ = """
    from tests.api import Api
    api = Api({key!r})
    print("就绪", flush=True)
    input()
    print([api.get("/sites").status_code for _ in range(30)].count(200))
"""


def test_the_same_key_handed_in_by_two_at_once_makes_one_document(town: Town, system: Api) -> None:
    code = HAND_IN.format(key=system.key, rounds=ROUNDS, text=TEXT)
    processes = [start(code) for _ in range(2)]
    together(processes)
    first, second = (finish(process).splitlines() for process in processes)
    assert first == second
    assert all(line.startswith("201 ") for line in first)
    assert OfficialDocument.objects.count() == ROUNDS


def test_several_processes_together_are_held_to_the_keys_pace(issue: Issue) -> None:
    issued = issue(per_minute=20)
    code = READ.format(key=str(issued.token))
    processes = [start(code) for _ in range(2)]
    together(processes)
    through = sum(int(finish(process).split()[-1]) for process in processes)
    assert through == KeyUse.objects.get(api_key=issued.key).count
    # 一次用满二十次，其间按每三秒一次还回来
    assert 20 <= through <= 26
