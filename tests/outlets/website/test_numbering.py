"""列表的序号由变更日志定：落实得早晚、断过几次，都不影响谁是第几条；账没有了，照日志数得回来。"""

import random
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.flush import triggers_lifted
from tests.outlets.website.conftest import TODAY, Desk
from tests.outlets.website.test_many_sites import county
from tests.outlets.website.test_sequences import act, same_as_baked_afresh
from tests.outlets.website.test_shared_sequences import act as act_on_both
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Change
from yangguang.hub.publications.rebuilding import check
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.models import Cursor, ListEntry, PublicList
from yangguang.outlets.website.numbering import faults
from yangguang.outlets.website.projector import catch_up

__all__ = ["county"]


def presses() -> dict[int, Press]:
    return {site.pk: Press(site, TODAY) for site in Site.objects.select_related("organisation")}


def ordinals(desk: Desk, key: str) -> dict[str, int]:
    """题名 → 序号。"""
    rows = ListEntry.objects.filter(public_list__site=desk.site, public_list__key=key)
    return dict(rows.values_list("publication__title", "ordinal"))


def books() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """账上的全部列表和条目，专题除外。"""
    lists = PublicList.objects.exclude(key__startswith="topic:")
    entries = ListEntry.objects.filter(public_list__in=lists)
    return (
        sorted(lists.values_list("site", "key", "placed", "live")),
        sorted(entries.values_list("public_list__site", "public_list__key", "publication", "ordinal")),
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [False, True])
def test_who_was_withdrawn_and_published_again_is_last_however_late_it_is_followed(
    desk: Desk, at_once: bool
) -> None:
    def step() -> None:
        if not at_once:
            desk.follow()

    first = desk.publish("甲")
    step()
    desk.publish("乙")
    step()
    desk.withdraw(first)
    step()
    gone = desk.publish("丙")
    step()
    desk.withdraw(gone)
    step()
    desk.republish(first, ("plans", "files"))
    desk.follow()
    # 甲 0、乙 1、丙 2，再发布的甲 3：撤下的占过的号不给别人
    assert ordinals(desk, "column:files") == {"乙": 1, "甲": 3}
    assert ordinals(desk, "column:open") == {"乙": 1, "甲": 3}
    assert ordinals(desk, "column:plans") == {"甲": 0}
    assert PublicList.objects.get(key="column:files").placed == 4
    assert list(faults(presses())) == []


@pytest.mark.django_db(transaction=True)
def test_two_sites_followed_now_and_then_are_numbered_as_when_followed_all_at_once(
    desk: Desk,
    county: Desk,  # noqa: F811
    tmp_path: Path,
) -> None:
    chance = random.Random(5)
    for _ in range(25):
        chance.choice((act, lambda d, c: act_on_both(d, county, c)))(desk, chance)
        if chance.random() < 0.4:
            desk.follow()
    desk.follow()
    grown = books()
    assert list(faults(presses())) == []
    # 账没有了：照日志一口气再数
    ListEntry.objects.exclude(public_list__key__startswith="topic:").delete()
    PublicList.objects.exclude(key__startswith="topic:").delete()
    Cursor.objects.update(sequence=0, numbered=0)
    catch_up(TODAY)
    assert books() == grown
    same_as_baked_afresh(desk, tmp_path / "clean")


@pytest.mark.django_db(transaction=True)
def test_what_was_numbered_before_a_cut_is_not_numbered_again(desk: Desk) -> None:
    desk.publish("甲")
    with pytest.raises(Stopped), armed("projector.before_advancing"):
        desk.follow()
    assert Cursor.objects.get().numbered == 1 and Cursor.objects.get().sequence == 0
    desk.publish("乙")
    desk.follow()
    assert ordinals(desk, "column:files") == {"甲": 0, "乙": 1}


@pytest.mark.django_db(transaction=True)
def test_a_list_that_somebody_changed_is_told_and_put_right_from_the_log(
    desk: Desk, tmp_path: Path
) -> None:
    for title in "甲乙丙":
        desk.publish(title)
    desk.follow()
    entry = ListEntry.objects.get(public_list__key="column:files", ordinal=1)
    ListEntry.objects.filter(pk=entry.pk).update(ordinal=40)
    PublicList.objects.filter(key="organisation:donghe").delete()
    told = [fault for fault in check().broken if "列表" in fault]
    assert told == [
        f"东河州人民政府的列表“{key}”与变更日志不符。"
        for key in ("column:files", "organisation:donghe")
    ]
    catch_up(TODAY, anew=True)
    assert check().broken == ()
    assert ordinals(desk, "column:files") == {"甲": 0, "乙": 1, "丙": 2}
    same_as_baked_afresh(desk, tmp_path / "clean")


@pytest.mark.django_db(transaction=True)
def test_changes_not_yet_followed_are_not_told_as_faults(desk: Desk) -> None:
    first = desk.publish("甲")
    desk.follow()
    desk.withdraw(first)
    desk.publish("乙")
    assert list(faults(presses())) == []
    seal_all()
    assert list(faults(presses())) == []


@pytest.mark.django_db(transaction=True)
def test_old_rows_of_the_log_that_do_not_name_columns_go_by_the_present_ones(desk: Desk) -> None:
    desk.publish("甲", columns=("files", "notices"))
    desk.follow()
    assert Change.objects.get().columns == ["files", "notices"]
    with transaction.atomic(), triggers_lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE publications_change SET columns = '[]'")
    assert list(faults(presses())) == []
