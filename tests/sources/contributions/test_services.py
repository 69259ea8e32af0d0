"""信息报送：报给谁，约稿怎样应，采用成稿、记分，各月排名。"""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.actors import actor, organisation
from tests.foundation.library.conftest import drawn
from tests.sources.articles.conftest import written
from tests.sources.contributions.conftest import BODY, Bureau, key
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.services import add
from yangguang.foundation.lifecycle.selectors import actions
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, perform
from yangguang.sources.articles.models import Article
from yangguang.sources.contributions.models import Call, Contribution
from yangguang.sources.contributions.rules import GRADES, POINTS, is_on_time, points_of
from yangguang.sources.contributions.selectors import by_month, calls_to_answer, receivers_of
from yangguang.sources.contributions.services import adopt, edit, edit_call, set_points

pytestmark = pytest.mark.django_db


@given(st.sampled_from(sorted(GRADES)), st.booleans(), st.integers(0, 9))
def test_points_are_the_grades_and_the_bonus(grade: str, in_time: bool, bonus: int) -> None:
    assert points_of(grade, POINTS, in_time, bonus) == POINTS[grade] + bonus * in_time


@given(st.dates(), st.integers(-5, 5))
def test_the_last_day_is_in_time(due: date, after: int) -> None:
    if date.min + timedelta(days=5) < due < date.max - timedelta(days=5):
        assert is_on_time(due, due + timedelta(days=after)) is (after <= 0)
    assert not is_on_time(None, due)


def test_it_goes_up_the_line_of_disclosure_authorities(bureau: Bureau) -> None:
    station = organisation("station", bureau.organisation, disclosure_authority=bureau.organisation)
    assert receivers_of(station) == [bureau.organisation, bureau.town.organisation]
    stranger = organisation("stranger", short_name="别处")
    with pytest.raises(Refused, match="不能报给"):
        bureau.contribution(receiver=stranger)
    assert not Contribution.objects.exists()


def test_it_is_signed_by_another_before_it_goes_up(bureau: Bureau) -> None:
    contribution = bureau.contribution()
    own = actor("approver", bureau.organisation, username="drafter-bureau")
    perform(contribution, "submit", actor=bureau.drafter, key=key())
    with pytest.raises(Refused, match="您自己起草的"):
        perform(contribution, "send", actor=own, key=key())
    perform(contribution, "send", actor=bureau.approver, key=key())
    assert contribution.sent_on == timezone.localdate() and not contribution.is_on_time


def test_a_draft_is_its_own_and_what_is_sent_is_the_receivers_too(bureau: Bureau) -> None:
    contribution = bureau.contribution()
    town = bureau.town
    visible = Contribution.policy.visible
    assert visible(bureau.drafter).exists() and not visible(town.drafter).exists()
    perform(contribution, "submit", actor=bureau.drafter, key=key())
    assert not visible(town.drafter).exists()
    perform(contribution, "send", actor=bureau.approver, key=key())
    assert visible(town.drafter).exists() and visible(bureau.supervisor).exists()
    assert not visible(town.approver).exists()
    outsider = actor("drafter", organisation("elsewhere", short_name="别处"))
    assert not visible(outsider).exists()


def test_each_side_sees_its_own_steps(bureau: Bureau) -> None:
    contribution = bureau.sent()
    assert [a.transition.event for a in actions(contribution, bureau.town.drafter)] == [
        "adopt", "decline",
    ]  # fmt: skip
    assert actions(contribution, bureau.drafter) == []
    assert [a.transition.event for a in actions(contribution, bureau.approver)] == ["recall"]
    with pytest.raises(OutOfScope):
        adopt(contribution, "full", actor=bureau.drafter, key=key())


def test_adopted_it_becomes_an_article_of_the_receiver_with_the_credit(bureau: Bureau) -> None:
    contribution, town = bureau.sent(), bureau.town
    for _ in range(2):
        adopt(contribution, "full", actor=town.drafter, key="once")
    article = Article.objects.get()
    assert (article.organisation, article.state, article.title) == (
        town.organisation, "draft", "秋粮入库",
    )  # fmt: skip
    assert article.body[-1]["text"] == f"（供稿：{bureau.organisation}）"
    assert (contribution.state, contribution.points, contribution.article) == (
        "adopted", POINTS["full"], article,
    )  # fmt: skip


def test_its_pictures_come_along_into_the_receivers_library(bureau: Bureau) -> None:
    item = add(drawn(), "秋收.jpg", actor=bureau.drafter, key="own", alternative="金黄的麦田")
    picture = {"type": "picture", "file": item.pk, "alt": "金黄的麦田", "caption": "麦田"}
    contribution = bureau.sent(body=[*BODY, picture])
    adopt(contribution, "forwarded", actor=bureau.town.drafter, key="once")
    copy = LibraryItem.objects.get(organisation=bureau.town.organisation)
    assert (copy.alternative, copy.credit) == ("金黄的麦田", str(bureau.organisation))
    block = Article.objects.get().body[1]
    assert (block["file"], block["caption"]) == (copy.pk, "麦田")
    assert contribution.points == POINTS["forwarded"]


def test_merged_it_is_kept_with_the_article_it_went_into(bureau: Bureau) -> None:
    contribution, town = bureau.sent(), bureau.town
    article = written(town)
    with pytest.raises(Refused, match="用在哪一篇"):
        adopt(contribution, "merged", actor=town.drafter, key=key())
    adopt(contribution, "merged", actor=town.drafter, key=key(), article=article)
    assert contribution.article == article and Article.objects.count() == 1
    assert list(article.contributions.all()) == [contribution]


def test_declined_with_a_reason_and_recalled_before_it_is_decided(bureau: Bureau) -> None:
    contribution = bureau.sent()
    with pytest.raises(Refused, match="须写明理由"):
        perform(contribution, "decline", actor=bureau.town.drafter, key=key())
    perform(contribution, "recall", actor=bureau.approver, key=key(), message="有误")
    assert contribution.sent_on is None
    edit(contribution, {"title": "改过"}, actor=bureau.drafter)
    assert AuditEvent.objects.filter(action="contributions.edit").get().fields == ["title"]


def test_a_secret_mark_leaves_nothing(bureau: Bureau) -> None:
    with pytest.raises(Classified):
        bureau.contribution(title="机密★1年")
    with pytest.raises(Classified):
        bureau.call(requirements="绝密★")
    assert not Contribution.objects.exists() and not Call.objects.exists()


# ---- 约稿 ----


def test_a_call_is_seen_when_issued_and_answered_once(bureau: Bureau) -> None:
    call, town = bureau.call(), bureau.town
    assert not Call.policy.visible(bureau.drafter).exists()
    perform(call, "issue", actor=town.drafter, key=key())
    assert list(calls_to_answer(bureau.drafter)) == [call]
    contribution = bureau.sent(call=call)
    assert contribution.is_on_time and not calls_to_answer(bureau.drafter).exists()
    adopt(contribution, "full", actor=town.drafter, key=key())
    assert contribution.points == POINTS["full"] + 1
    with pytest.raises(Refused, match="不能修改"):
        edit_call(call, {"title": "改"}, units=[], actor=town.drafter)


def test_a_call_needs_units_and_a_day_to_come(bureau: Bureau) -> None:
    past = bureau.call(due_on=timezone.localdate() - timedelta(days=1))
    edit_call(past, {}, units=[], actor=bureau.town.drafter)
    with pytest.raises(Refused) as refused:
        perform(past, "issue", actor=bureau.town.drafter, key=key())
    assert refused.value.reasons == ["请选定约哪些单位。", "报送的期限已经过了，请改期再发。"]


def test_a_call_to_others_cannot_be_answered(bureau: Bureau) -> None:
    call = bureau.call()
    with pytest.raises(Refused, match="没有约本单位"):
        bureau.contribution(call=call)


# ---- 分值、排名 ----


def test_points_are_the_receivers_own_and_do_not_look_back(bureau: Bureau) -> None:
    first, second, town = bureau.sent(), bureau.sent(), bureau.town
    adopt(first, "full", actor=town.drafter, key=key())
    values = {"full": 10, "merged": 1, "forwarded": 20, "on_time": 2}
    with pytest.raises(Refused, match="由本机构的监督员定"):
        set_points(town.organisation, values, actor=town.drafter)
    with pytest.raises(Refused, match="0 到 100"):
        set_points(town.organisation, values | {"full": 101}, actor=bureau.supervisor)
    set_points(town.organisation, values, actor=bureau.supervisor)
    adopt(second, "full", actor=town.drafter, key=key())
    first.refresh_from_db()
    assert (first.points, second.points) == (POINTS["full"], 10)


def test_the_ranking_shares_places_by_month(bureau: Bureau) -> None:
    town = bureau.town
    other = organisation(
        "other", town.organisation, short_name="林业局", disclosure_authority=town.organisation
    )
    forest = Bureau(
        town, other, actor("drafter", other), actor("approver", other), bureau.supervisor
    )
    third = organisation(
        "third", town.organisation, short_name="水务局", disclosure_authority=town.organisation
    )
    water = Bureau(
        town, third, actor("drafter", third), actor("approver", third), bureau.supervisor
    )
    for each in (bureau, forest):
        adopt(each.sent(), "full", actor=town.drafter, key=key())
    water.sent()
    rows = list(by_month(bureau.supervisor))
    assert [(r["organisation__short_name"], r["place"], r["scored"], r["total"]) for r in rows] == [
        ("农业局", 1, 3, 1), ("林业局", 1, 3, 1), ("水务局", 3, 0, 1),
    ]  # fmt: skip
