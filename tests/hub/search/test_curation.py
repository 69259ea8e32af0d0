"""办公室维护检索：同义词、推荐结果的规矩、权限、审计，各进程随即照新的办。"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.actors import actor
from tests.hub.search.conftest import follow
from tests.hub.search.supervising import START, promotion, supervisor, synonyms
from tests.outlets.website.conftest import Desk
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, perform
from yangguang.foundation.organisations.models import Organisation, Succession
from yangguang.hub.columns.models import Site
from yangguang.hub.search import lexicon as lexicons
from yangguang.hub.search.curation import address_faults, keys, lines, phrase_keys, standing
from yangguang.hub.search.lexicon import lexicon
from yangguang.hub.search.models import Promotion, SynonymGroup
from yangguang.hub.search.rules import parse
from yangguang.hub.search.selectors import recommended, widened
from yangguang.hub.search.services import edit_curated

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def jin(desk: Desk) -> Site:
    return Site.objects.create(
        code="jin", name="金县人民政府", short_name="金县", path_prefix="jin",
        organisation=Organisation.objects.get(code="county-0"), domain=desk.site.domain,
        identification_code="6299000001",
    )  # fmt: skip


def also(text: str, site: Site) -> tuple[str, ...]:
    return widened(parse(text), lexicon(site)).added


def labels(text: str, site: Site, on: date = TODAY) -> list[str]:
    known = lexicon(site)
    found = recommended(widened(parse(text), known), known, on)
    return [each.publication.title if each.publication else each.label for each in found]


# ---- 纯规则 ----


def test_words_are_one_a_line_and_the_same_word_written_twice_is_one() -> None:
    assert lines(" 低保 \n\n最低  生活保障\n低　保\n「低保」\n") == ["低保", "最低 生活保障"]


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("/columns/open/", True), ("/interact/apply/?kind=1", True), ("/", True),
        ("", False), ("//evil.example/", False), ("https://evil.example/", False),
        ("columns/open/", False), ("/\\evil.example", False), ("/a b", False), ("/a\x00", False),
        ("/a\nb", False), ('/a"onclick', False), ("javascript:alert(1)", False),
        ("/workbench/", False), ("/a\u202e", False),
    ],
)  # fmt: skip
def test_an_address_stays_within_the_site(address: str, good: bool) -> None:
    assert (address_faults(address) == []) == good


def test_a_promotion_is_shown_from_its_first_day_to_its_last() -> None:
    dates = {"valid_from": date(2026, 6, 1), "valid_until": date(2026, 6, 30)}
    for day, expected in (
        (date(2026, 5, 31), "early"), (date(2026, 6, 1), "shown"), (date(2026, 6, 30), "shown"),
        (date(2026, 7, 1), "late"),
    ):  # fmt: skip
        assert standing(state="in_force", is_gone=False, today=day, **dates) == expected
    assert standing(state="in_force", is_gone=True, today=date(2026, 6, 2), **dates) == "gone"
    assert standing(state="ended", is_gone=True, today=date(2026, 6, 2), **dates) == "ended"


@pytest.mark.parametrize(
    ("typed", "matches"),
    [
        ("低保申请", True), ("申请 低保", True), ("低保，申請", True), ("“低保” 申请", True),
        ("低保", False), ("低保申请表", False), ("低保 -申请", False), ("", False),
    ],
)  # fmt: skip
def test_a_promotion_answers_its_own_words_in_any_order(typed: str, matches: bool) -> None:
    assert bool(keys(parse(typed)) & phrase_keys("低保 申请")) == matches


# ---- 同义词 ----


def test_synonyms_of_all_sites_reach_down_and_those_of_one_site_stay_there(
    desk: Desk, jin: Site
) -> None:
    city = supervisor(desk.organisation)
    county = supervisor(jin.organisation, subtree=False)
    synonyms(city, "低保", "最低生活保障")
    synonyms(city, "医保", "医疗保障", site=desk.site)
    synonyms(county, "社保", "社会保险", site=jin)
    assert also("低保", desk.site) == also("低保", jin) == ("最低生活保障",)
    assert also("医保", desk.site) == ("医疗保障",) and also("医保", jin) == ()
    assert also("社保", jin) == ("社会保险",) and also("社保", desk.site) == ()


def test_the_names_and_successors_of_a_unit_are_synonyms_by_themselves(desk: Desk) -> None:
    before, after = (
        Organisation.objects.add_child(
            Organisation.objects.get(pk=desk.organisation.pk),
            instance=Organisation(
                code=code, name=f"东河州{name}", short_name=f"州{short}", level="prefecture",
                kind="administrative",
            ),
        )
        for code, name, short in (
            ("fupin", "扶贫开发办公室", "扶贫办"), ("zhenxing", "乡村振兴局", "乡村振兴局")
        )
    )  # fmt: skip
    Succession.objects.create(predecessor=before, successor=after, on=date(2021, 6, 1))
    lexicons.forget()
    assert "州乡村振兴局" in also("州扶贫办", desk.site)
    assert "乡村振兴局" in also("扶贫办", desk.site)
    assert "扶贫办" in also("乡村振兴局", desk.site)


def test_a_change_is_seen_by_every_process_at_its_next_search(
    desk: Desk, django_assert_num_queries: Any
) -> None:
    """两个进程各记各的，共用的只有库里的印记；这里拿两份词典当两个进程。"""
    who = supervisor(desk.organisation)
    assert also("低保", desk.site) == ()
    group = synonyms(who, "低保", "最低生活保障")
    assert also("低保", desk.site) == ("最低生活保障",)
    with django_assert_num_queries(1):
        also("低保", desk.site)
    edit_curated(group, {"words": "低保\n低保金"}, actor=who)
    assert also("低保金", desk.site) == ("低保",)
    perform(group, "end", actor=who, key="end", message="不用了")
    assert also("低保金", desk.site) == ()
    perform(group, "resume", actor=who, key="resume")
    assert also("低保金", desk.site) == ("低保",)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("低保",), "至少要有两个"),
        (("低保", "「低保」"), "至少要有两个"),
        (("低保", "，。"), "没有可以查的字词"),
        (("低保", "政" * 41), "太长"),
        (tuple(f"词{n}" for n in range(13)), "最多 12 个"),
        (("低保", "13912345678"), "手机号码"),
    ],
)
def test_a_group_with_faults_is_refused_with_all_of_them(
    desk: Desk, words: tuple[str, ...], told: str
) -> None:
    with pytest.raises(Refused, match=told):
        synonyms(supervisor(desk.organisation), *words)
    assert not SynonymGroup.objects.exists()


def test_a_reason_is_needed_and_a_secret_mark_leaves_nothing(desk: Desk) -> None:
    who = supervisor(desk.organisation)
    with pytest.raises(Refused, match="理由"):
        synonyms(who, "低保", "最低生活保障", reason=" ")
    with pytest.raises(Classified):
        synonyms(who, "低保", "机密★1年")
    assert not SynonymGroup.objects.exists()


# ---- 推荐结果 ----


def test_a_recommended_item_is_there_at_once_and_gone_with_its_withdrawal(desk: Desk) -> None:
    who = supervisor(desk.organisation)
    shown = desk.publish("低保申请指南")
    promotion(who, "低保申请", "申请 低保", publication=shown)
    assert labels("低保申请", desk.site) == ["低保申请指南"]
    desk.withdraw(shown)
    assert labels("低保申请", desk.site) == []
    desk.republish(shown)
    assert labels("低保申请", desk.site) == ["低保申请指南"]


def test_it_answers_synonyms_keeps_its_dates_and_its_site(desk: Desk, jin: Site) -> None:
    who = supervisor(desk.organisation)
    synonyms(who, "低保", "最低生活保障")
    promotion(
        who, "最低生活保障", address="/columns/open/", label="低保专栏", site=desk.site,
        valid_from=TODAY, valid_until=TODAY + timedelta(days=1),
    )  # fmt: skip
    assert labels("低保", desk.site) == labels("最低生活保障", desk.site) == ["低保专栏"]
    assert labels("低保", jin) == []
    assert labels("低保", desk.site, TODAY - timedelta(days=1)) == []
    assert labels("低保", desk.site, TODAY + timedelta(days=2)) == []


def test_a_promotion_with_faults_is_refused_with_all_of_them(desk: Desk, jin: Site) -> None:
    who = supervisor(desk.organisation)
    shown, gone = desk.publish("在的"), desk.publish("撤的")
    desk.withdraw(gone)
    gone.refresh_from_db()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "推荐哪条信息"),
        ({"publication": gone}, "已经撤回"),
        ({"publication": shown, "address": "/a/", "label": "甲"}, "只能写一样"),
        ({"publication": shown, "site": jin}, "不在所选的站点"),
        ({"address": "/a/"}, "显示的文字"),
        ({"address": "https://x.example/", "label": "甲"}, "网站外面的不能推荐"),
        ({"publication": shown, "valid_until": START - timedelta(days=1)}, "止日不能早于起日"),
        ({"publication": shown, "reason": ""}, "理由"),
        ({"address": "/a/", "label": "找张某 13912345678"}, "手机号码"),
    ]
    for given, told in wrong:
        with pytest.raises(Refused, match=told):
            promotion(who, "低保", **given)
    with pytest.raises(Refused, match="公众查什么词"):
        promotion(who, publication=shown)
    assert not Promotion.objects.exists()


def test_the_database_too_wants_one_target_and_dates_in_order(desk: Desk) -> None:
    made = promotion(supervisor(desk.organisation), "低保", address="/a/", label="甲")
    shown = desk.publish("在的")
    for wrong in (
        {"publication": shown}, {"label": ""}, {"address": "", "label": ""},
        {"valid_until": START - timedelta(days=1)}, {"state": "unknown"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Promotion.objects.filter(pk=made.pk).update(**wrong)


def test_what_points_to_a_withdrawn_item_cannot_be_resumed(desk: Desk) -> None:
    who = supervisor(desk.organisation)
    shown = desk.publish("在的")
    made = promotion(who, "低保", publication=shown)
    perform(made, "end", actor=who, key="end", message="过时了")
    desk.withdraw(shown)
    with pytest.raises(Refused, match="已经撤回"):
        perform(Promotion.objects.get(), "resume", actor=who, key="resume")


# ---- 权限与审计 ----


def test_only_the_supervisor_of_the_site_keeps_them(desk: Desk, jin: Site) -> None:
    county = supervisor(jin.organisation, subtree=False)
    for wrong in (desk.site, None):
        with pytest.raises(Refused, match="范围"):
            synonyms(county, "低保", "最低生活保障", site=wrong)
    made = synonyms(supervisor(desk.organisation), "低保", "最低生活保障")
    for stranger in (county, actor("approver", desk.organisation, username="someone")):
        with pytest.raises(OutOfScope):
            edit_curated(made, {"words": "甲\n乙"}, actor=stranger)
        with pytest.raises(OutOfScope):
            perform(made, "end", actor=stranger, key="end", message="不用了")
    with pytest.raises(OutOfScope):
        synonyms(actor("approver", desk.organisation, username="another"), "低保", "最低生活保障")


def test_each_change_is_audited_with_what_it_became(desk: Desk) -> None:
    who = supervisor(desk.organisation)
    group = synonyms(who, "低保", "最低生活保障")
    edit_curated(group, {"words": "低保\n低保金"}, actor=who)
    edit_curated(group, {"words": "低保\n低保金"}, actor=who)
    perform(group, "end", actor=who, key="end", message="不用了")
    events = AuditEvent.objects.filter(action__startswith="search.synonym").order_by("pk")
    assert [event.action.rpartition(".")[2] for event in events] == ["create", "edit", "end"]
    assert events[0].target_label == "低保 = 最低生活保障"
    assert events[1].public == {"words": ["低保", "低保金"]}


def test_the_same_form_sent_twice_is_one_group(desk: Desk) -> None:
    from yangguang.hub.search.services import add_synonyms

    who = supervisor(desk.organisation)
    for _ in range(2):
        add_synonyms(site=None, words="低保\n低保金", reason="常用", actor=who, key="once")
    assert SynonymGroup.objects.count() == 1
    follow()
