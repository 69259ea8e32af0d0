"""任务台账：公开一次；核实一次报送成一个新版本，落实数据另按键更新。"""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.kinds import kind
from yangguang.hub.publications.models import Change, PublicationVersion
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website import baker  # noqa: F401  载入即登记各印手
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.placing import place
from yangguang.outlets.website.sheets import PageRef, Sheet, make_all
from yangguang.oversight.plans.models import (
    ActionPlan,
    Deliverable,
    DeliverableAssignment,
    UnitGroup,
)
from yangguang.oversight.plans.services import (
    LEDGER,
    LEDGER_COLUMN,
    Piece,
    add_units,
    confirm,
    fill_group,
    merge_deliverables,
    publish_ledger,
    reassign,
    redate_deliverable,
    report,
    split_deliverable,
)

Act = Callable[..., Actor]


@pytest.fixture
def ledger(
    plan: ActionPlan, directory: dict[str, Organisation], supervisor: Actor
) -> PublicationVersion:
    site = Site.objects.create(
        code="donghe", name="东河州人民政府网", short_name="东河州",
        organisation=directory["州政府"], domain="www.donghe.gov.cn",
        identification_code="6299000001",
    )  # fmt: skip
    Column.objects.add_root(
        instance=Column(
            site=site, code=LEDGER_COLUMN, name="任务落实", column_type="信息公开目录",
            description="方案的任务落实情况", keywords="任务,落实",
        )
    )  # fmt: skip
    return publish_ledger(plan, actor=supervisor, key="ledger")


def _complete(act: Act, supervisor: Actor, evidence: tuple = ()) -> DeliverableAssignment:
    share = DeliverableAssignment.objects.get(
        organisation__short_name="金县", deliverable__due_basis="own"
    )
    report(
        share,
        actor=act("approver", "金县"),
        key="r1",
        text="县政府网站平台已建成。",
        is_completion=True,
        evidence=evidence,
        no_evidence="" if evidence else "网站尚未开通检索。",
        reported_on=date(2022, 6, 20),
        source="督办台账",
    )
    confirm(share, actor=supervisor, key="c1")
    return share


def test_the_ledger_holds_tasks_deliverables_and_units(ledger: PublicationVersion) -> None:
    first, second = ledger.payload["tasks"]
    assert [d["due_on"] for d in first["deliverables"]] == [
        "2022-02-28",
        "2022-06-30",
        "2022-06-30",
    ]
    assert len(first["deliverables"][1]["implementing"]) == 9
    assert first["deliverables"][0]["precedes_plan"] is True
    assert second["recurring"] == ["全年至少组织2次"]
    assert second["deliverables"][0]["waiting"] == ["州政府有关部门", "州丙中心"]
    assert ledger.payload["stage"] == "execution"


def test_a_confirmed_report_makes_a_version_with_its_evidence(
    ledger: PublicationVersion, act: Act, supervisor: Actor
) -> None:
    _complete(act, supervisor, (ledger.publication,))
    version = PublicationVersion.objects.latest("pk")
    assert (version.number, version.action) == (2, "correct")
    assert version.reason == "金县报送的第1项落实情况已核实。"
    (entry,) = version.payload["reports"]
    assert entry["text"] == "县政府网站平台已建成。"
    assert entry["evidence"][0]["index_number"] == ledger.publication.index_number


def test_a_report_refreshes_the_figures_without_a_version(
    ledger: PublicationVersion, plan: ActionPlan, act: Act
) -> None:
    share = DeliverableAssignment.objects.get(
        organisation__short_name="金县", deliverable__due_basis="own"
    )
    before = Change.objects.filter(key=plan.data_key).count()
    report(share, actor=act("approver", "金县"), key="r", text="正在建设。", is_completion=False)
    assert Change.objects.filter(key=plan.data_key).count() == before + 1
    assert PublicationVersion.objects.count() == 1


def test_what_is_not_confirmed_is_not_public(
    ledger: PublicationVersion, plan: ActionPlan, act: Act
) -> None:
    share = DeliverableAssignment.objects.get(
        organisation__short_name="金县", deliverable__due_basis="own"
    )
    report(
        share, actor=act("approver", "金县"), key="r", text="已建成。", is_completion=True,
        no_evidence="无",
    )  # fmt: skip
    assert kind(LEDGER).payload(plan)["reports"] == []


def _sheet(version: PublicationVersion, day: date, maker: str, subject: str) -> Sheet:
    (sheet,) = make_all(Press(version.publication.site, day), [PageRef("/", maker, subject)])
    assert sheet is not None
    return sheet


def _page(version: PublicationVersion, day: date) -> str:
    return _sheet(version, day, "record", str(version.publication.pk)).content.decode()


def test_the_page_shows_every_task_with_its_state_of_the_day(ledger: PublicationVersion) -> None:
    before, after = (_page(ledger, date(2022, month, 1)) for month in (2, 7))
    for html in (before, after):
        assert "2 项任务，做到哪一步了" in html
        assert "推进平台建设" in html
        assert re.search(r"州政府办公室(?:\s|</a>)*<span class=\"muted\">牵头</span>", html)
        assert "待指明" in html
        assert "方案印发时已过" in html
    assert before.count("已到期</span>") == 0
    assert after.count("已到期</span>") >= 1
    assert '<a href="/organisations/county-0/#shares">金县</a>' in after


def test_the_page_links_the_evidence_of_a_confirmed_report(
    ledger: PublicationVersion, act: Act, supervisor: Actor
) -> None:
    _complete(act, supervisor, (ledger.publication,))
    html = _page(PublicationVersion.objects.latest("pk"), timezone.localdate())
    assert "县政府网站平台已建成。" in html
    path = kind(LEDGER).path(ledger.publication.pk)
    assert f'href="{path}"' in html


def test_a_page_as_of_a_day_tells_nothing_reported_after_it(
    ledger: PublicationVersion, act: Act, supervisor: Actor
) -> None:
    _complete(act, supervisor)
    latest = PublicationVersion.objects.latest("pk")
    assert "县政府网站平台已建成。" not in _page(latest, date(2022, 6, 19))
    assert "县政府网站平台已建成。" in _page(latest, date(2022, 6, 20))


def test_the_page_of_a_unit_tells_what_it_owes_and_how_far_it_is(
    ledger: PublicationVersion, plan: ActionPlan, act: Act, supervisor: Actor
) -> None:
    def unit(code: str, day: date) -> Sheet:
        return _sheet(ledger, day, "list", f"organisation:{code} 0")

    before = unit("county-0", date(2022, 7, 1))
    assert "承担的任务" in before.content.decode() and "已到期</span>" in before.content.decode()
    assert plan.data_key in before.keys and "day" in before.keys
    _complete(act, supervisor)
    after = unit("county-0", timezone.localdate()).content.decode()
    assert "按期完成</span>" in after and "已到期</span>" not in after
    (href,) = set(re.findall(r'href="(/task_ledger/[^"#]*#t1-1)"', after))
    assert f'id="{href.partition("#")[2]}"' in _page(ledger, timezone.localdate())


def test_a_unit_without_a_share_shows_none_yet_is_re_baked_when_it_gets_one(
    ledger: PublicationVersion, plan: ActionPlan, directory: dict[str, Organisation]
) -> None:
    sheet = _sheet(ledger, date(2022, 7, 1), "list", "organisation:donghe 0")
    assert "承担的任务" not in sheet.content.decode()
    assert plan.data_key in sheet.keys


def test_the_home_page_tells_the_plan_in_one_line_and_leads_to_the_tasks(
    ledger: PublicationVersion, plan: ActionPlan
) -> None:
    sheet = _sheet(ledger, date(2022, 7, 1), "home", "")
    html = sheet.content.decode()
    path = path_of(ledger.publication)
    assert "2 项任务，做到哪一步了" in html and f'href="{path}"' in html
    assert html.count(ledger.payload["title"]) == 0, "自有一块的，最新公开里不再列"
    assert plan.data_key in sheet.keys


def test_publishing_the_ledger_reaches_the_page_of_every_unit(
    ledger: PublicationVersion, directory: dict[str, Organisation]
) -> None:
    site = ledger.publication.site
    press = Press(site, date(2022, 7, 1))
    touched = {ref.path for ref in place(press, ledger.publication, [])}
    assert {f"/organisations/{unit.code}/" for unit in directory.values()} <= touched


def test_the_number_of_queries_does_not_grow_with_the_tasks(
    plan: ActionPlan, django_assert_num_queries: Callable
) -> None:
    with django_assert_num_queries(8):
        kind(LEDGER).payload(plan)


def test_the_ledger_is_published_once(
    ledger: PublicationVersion, plan: ActionPlan, supervisor: Actor
) -> None:
    assert publish_ledger(plan, actor=supervisor, key="ledger") == ledger
    with pytest.raises(Refused, match="任务台账已经公开"):
        publish_ledger(plan, actor=supervisor, key="again")
    assert plan.ledger() == ledger.publication
    assert TransitionRecord.objects.filter(event="publish_ledger").count() == 1


def test_a_ledger_without_a_place_is_refused_and_nothing_stays(
    plan: ActionPlan, supervisor: Actor, directory: dict[str, Organisation]
) -> None:
    with pytest.raises(Refused, match="没有可以发布的站点"):
        publish_ledger(plan, actor=supervisor, key="ledger")
    Site.objects.create(
        code="donghe", name="东河州人民政府网", short_name="东河州",
        organisation=directory["州政府"], domain="www.donghe.gov.cn",
        identification_code="6299000001",
    )  # fmt: skip
    with pytest.raises(Refused, match="没有代码为 renwu-luoshi 的栏目"):
        publish_ledger(plan, actor=supervisor, key="ledger")
    assert not TransitionRecord.objects.filter(event="publish_ledger").exists()


def test_only_the_supervisor_of_the_plan_publishes_its_ledger(plan: ActionPlan, act: Act) -> None:
    with pytest.raises(Refused, match="不能公开任务台账"):
        publish_ledger(plan, actor=act("approver", "金县"), key="ledger")
    with pytest.raises(Refused, match="只有监督这个方案的机构的监督员"):
        publish_ledger(plan, actor=act("supervisor", "铝县"), key="ledger")
    assert plan.ledger() is None


def _dated() -> Deliverable:
    return Deliverable.objects.get(task__number="1", position=2)


def _split(units: dict[str, Organisation], actor: Actor, key: str) -> None:
    split_deliverable(_dated(), [Piece("甲"), Piece("乙")], actor=actor, key=key, reason="分开")


def _merge(units: dict[str, Organisation], actor: Actor, key: str) -> None:
    olds = list(Deliverable.objects.filter(task__number="1").order_by("pk")[:2])
    merge_deliverables(olds, Piece("并"), actor=actor, key=key, reason="合并督办")


def _redate(units: dict[str, Organisation], actor: Actor, key: str) -> None:
    redate_deliverable(_dated(), date(2022, 9, 1), actor=actor, key=key, reason="会商核定")


def _add(units: dict[str, Organisation], actor: Actor, key: str) -> None:
    add_units(_dated(), [units["州乙局"]], role="implementing", actor=actor, key=key, reason="承建")


def _settle(units: dict[str, Organisation], actor: Actor, key: str) -> None:
    group = UnitGroup.objects.get(phrase="州政府有关部门")
    fill_group(group, [units["州甲局"]], actor=actor, key=key)


def _reassign(units: dict[str, Organisation], actor: Actor, key: str) -> None:
    share = DeliverableAssignment.objects.get(
        deliverable=_dated(), organisation__short_name__in=["金县", "州乙局"]
    )
    reassign(share, units["州乙局"], actor=actor, key=key, message="职责划转")


@pytest.mark.parametrize("change", [_split, _merge, _redate, _add, _settle, _reassign])
def test_what_the_supervisor_changes_is_public_in_a_new_version_once(
    change: Callable,
    ledger: PublicationVersion,
    supervisor: Actor,
    directory: dict[str, Organisation],
) -> None:
    change(directory, supervisor, "same")
    version = PublicationVersion.objects.latest("pk")
    assert (version.number, version.action) == (2, "correct")
    assert version.payload["tasks"] != ledger.payload["tasks"]
    counts = (
        PublicationVersion.objects.count(),
        TransitionRecord.objects.count(),
        Deliverable.objects.count(),
    )
    change(directory, supervisor, "same")
    assert counts == (
        PublicationVersion.objects.count(),
        TransitionRecord.objects.count(),
        Deliverable.objects.count(),
    )
