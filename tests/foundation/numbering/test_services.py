"""取号：不缺不重，随事务退回。"""

import pytest
from django.db import transaction

from tests.processes import finish, start, together
from yangguang.foundation.numbering.models import Counter
from yangguang.foundation.numbering.services import take
from yangguang.foundation.organisations.models import Organisation


def _organisation(code: str) -> Organisation:
    node = Organisation(
        code=code, name=code, short_name=code, level="prefecture", kind="administrative"
    )
    return Organisation.objects.add_root(instance=node)


@pytest.mark.django_db
def test_each_series_year_and_organisation_counts_from_one() -> None:
    one, two = _organisation("one"), _organisation("two")
    assert [take("index", 2020, one) for _ in range(3)] == [1, 2, 3]
    assert take("index", 2021, one) == 1
    assert take("index", 2020, two) == 1
    assert take("document:临州办发", 2020, one) == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_returns_with_the_transaction_that_took_it() -> None:
    office = _organisation("office")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert take("index", 2020, office) == 1
            _ = 1 / 0
    with transaction.atomic():
        assert take("index", 2020, office) == 1
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert take("index", 2020, office) == 2
        _ = 1 / 0
    with transaction.atomic():
        assert take("index", 2020, office) == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses() -> None:
    office = _organisation("office")
    with pytest.raises(RuntimeError, match="同一个事务"):
        take("index", 2020, office)
    assert not Counter.objects.exists()


TAKER = """
    import random, time
    from django.db import transaction
    from yangguang.foundation.numbering.services import take
    from yangguang.foundation.organisations.models import Organisation
    office = Organisation.objects.get(code="office")
    print("ready", flush=True)
    input()
    chance, taken = random.Random({seed}), []
    while len(taken) < 40:
        try:
            with transaction.atomic():
                number = take("index", 2020, office)
                time.sleep(chance.random() / 500)
                if chance.random() < 0.3:
                    raise ZeroDivisionError
            taken.append(number)
        except ZeroDivisionError:
            pass
        # SQLite 的等待者按退避时间醒来；不让一让，先到者会一口气取完
        time.sleep(chance.random() / 50)
    print(*taken)
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_processes_taking_at_once_leave_no_gap_and_no_double() -> None:
    """四个进程各取 40 个号，三成的事务中途回滚：合起来正好是 1 到 160。"""
    _organisation("office")
    processes = [start(TAKER.format(seed=seed)) for seed in range(4)]
    together(processes)
    runs = [list(map(int, finish(process).split())) for process in processes]
    assert sorted(sum(runs, [])) == list(range(1, 161))
    assert Counter.objects.get().value == 160
    interleaved = [run for run in runs if run[-1] - run[0] >= len(run)]
    assert interleaved, "进程没有交错，等于没有并发"
