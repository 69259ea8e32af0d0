"""紧急提示：发了就在首页和那个小文件里，别的页一张也不动；过了日子自己消失，也可以提前撤下。"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.actors import actor, organisation
from tests.outlets.website.conftest import TODAY, Desk, tree_files
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, perform
from yangguang.outlets.blocks.alerts import edit_alert, show_alert
from yangguang.outlets.blocks.models import Alert
from yangguang.outlets.website.baker import bake_everything
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.models import BakedPage


def values(**changes: Any) -> dict[str, Any]:
    return {
        "level": "notice", "text": "大风蓝色预警。", "href": "/map/",
        "valid_until": TODAY + timedelta(days=1), **changes,
    }  # fmt: skip


def show(desk: Desk, **changes: Any) -> Alert:
    return show_alert(desk.site, values(**changes), actor=desk.actor, key=desk.key(), today=TODAY)


def told(desk: Desk) -> list[str]:
    return [row["text"] for row in json.loads(desk.page("alerts.json"))]


def test_a_site_without_an_alert_shows_none(desk: Desk) -> None:
    desk.follow()
    assert told(desk) == [] and 'class="warning' not in desk.page("index.html")


def test_an_alert_touches_the_home_and_one_small_file_and_no_other_page(
    desk: Desk, tmp_path: Path
) -> None:
    desk.publish("一件事")
    desk.follow()
    before = dict(BakedPage.objects.values_list("path", "baked"))
    show(desk)
    show(desk, level="danger", text="山洪红色预警。", href="")
    desk.follow()
    after = dict(BakedPage.objects.values_list("path", "baked"))
    assert {path for path in after if after[path] != before[path]} == {"/", "/alerts.json"}
    assert told(desk) == ["山洪红色预警。", "大风蓝色预警。"], "紧急的在前"
    assert "大风蓝色预警。" in desk.page("index.html") and 'href="/map/"' in desk.page("index.html")
    bake_everything(Press(desk.site, TODAY), tmp_path / "clean")
    assert desk.files() == tree_files(tmp_path / "clean" / desk.site.code)


def test_it_leaves_by_itself_after_its_last_day_and_at_once_when_ended(desk: Desk) -> None:
    show(desk)
    alert = show(desk, text="要撤下的。")
    desk.follow(TODAY + timedelta(days=1))
    assert len(told(desk)) == 2
    perform(alert, "end", actor=desk.actor, key="end")
    desk.follow(TODAY + timedelta(days=1))
    assert told(desk) == ["大风蓝色预警。"]
    desk.follow(TODAY + timedelta(days=2))
    assert told(desk) == [] and 'class="warning' not in desk.page("index.html")


def test_it_can_be_changed_while_it_is_shown(desk: Desk) -> None:
    alert = show(desk)
    edit_alert(alert, values(text="改过的。"), actor=desk.actor, today=TODAY)
    desk.follow()
    assert told(desk) == ["改过的。"]
    perform(alert, "end", actor=desk.actor, key="end")
    with pytest.raises(Refused, match="已经撤下"):
        edit_alert(alert, values(), actor=desk.actor, today=TODAY)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": " "}, "必填"),
        ({"valid_until": TODAY - timedelta(days=1)}, "过去"),
        ({"href": "javascript:alert(1)"}, "不是地址"),
        ({"text": "请打 13812345678"}, "手机号码"),
        ({"level": "loud"}, "级别"),
    ],
)
def test_what_is_against_the_rules_is_refused(
    desk: Desk, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        show(desk, **changes)
    assert not Alert.objects.exists()


def test_no_more_than_three_at_a_time_and_never_a_secret(desk: Desk) -> None:
    for number in range(3):
        show(desk, text=f"第{number}条。")
    with pytest.raises(Refused, match="最多 3 条"):
        show(desk)
    with pytest.raises(Classified):
        show(desk, text="机密★1年")


def test_only_those_who_edit_the_site_may(desk: Desk) -> None:
    stranger = actor("approver", organisation("elsewhere"))
    for who in (actor("drafter", desk.organisation), stranger):
        with pytest.raises(OutOfScope):
            show_alert(desk.site, values(), actor=who, key="no", today=TODAY)
