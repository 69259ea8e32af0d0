"""稿件的动作：起草、改、审签的各种步骤，发布、换栏目、置顶、定时、期满、撤回。"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.utils import timezone

from tests.actors import actor, organisation
from tests.foundation.files.making import save
from tests.foundation.library.conftest import drawn, put_in
from tests.foundation.screening.test_rules import MADE_UP
from tests.sources.articles.conftest import BODY, key, walk, written
from tests.town import Town
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.passages import read_passages
from yangguang.foundation.files.storing import location
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.selectors import copy_of, where_used
from yangguang.foundation.library.services import add, replace
from yangguang.foundation.lifecycle.selectors import actions, history
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, perform
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.kinds import kind
from yangguang.hub.publications.models import Change, Publication
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.screening.services import mask_personal
from yangguang.sources.articles.models import Article
from yangguang.sources.articles.services import (
    attach,
    detach,
    draft,
    edit,
    mark_expired,
    publish_scheduled,
    screening_faults,
    set_route,
)

pytestmark = pytest.mark.django_db


def picture_block(item: LibraryItem, alt: str = "一面红墙") -> dict[str, Any]:
    return {"type": "picture", "file": item.pk, "alt": alt, "caption": ""}


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    return save(document)


def words_of(sha256: str) -> str:
    return "\n".join(p.text for p in read_passages(location(sha256).read_bytes()).passages)


def offered(article: Article, who: Any) -> list[str]:
    return [action.transition.event for action in actions(article, who) if action.allowed]


# ---- 起草、修改 ----


def test_the_same_key_drafts_once(town: Town) -> None:
    values = {"title": "一篇", "article_type": "news", "body": BODY}
    first, second = (
        draft(values, organisation=town.organisation, actor=town.drafter, key="same")
        for _ in range(2)
    )
    assert first.pk == second.pk and Article.objects.count() == 1


def test_a_secret_mark_leaves_nothing(town: Town) -> None:
    marked = [{"type": "paragraph", "style": "plain", "text": "机密★1年"}]
    with pytest.raises(Classified):
        written(town, body=marked)
    assert not Article.objects.exists()
    article = written(town)
    with pytest.raises(Classified):
        edit(article, {"summary": "绝密★长期"}, actor=town.drafter)
    article.refresh_from_db()
    assert article.summary == ""


def test_an_edit_records_which_fields_changed(town: Town) -> None:
    article = written(town)
    edit(article, {"title": "改过", "stage": "decision"}, actor=town.drafter)
    event = AuditEvent.objects.filter(action="articles.edit").get()
    assert event.fields == ["title"]
    edit(article, {"title": "改过"}, actor=town.drafter)
    assert AuditEvent.objects.filter(action="articles.edit").count() == 1


def test_only_a_draft_or_a_revision_can_be_edited(town: Town) -> None:
    article = walk(town, written(town), "submit")
    with pytest.raises(Refused, match="不能修改"):
        edit(article, {"title": "改"}, actor=town.drafter)


def test_times_that_have_passed_are_refused(town: Town) -> None:
    with pytest.raises(Refused, match="已经过了"):
        written(town, publish_at=timezone.now() - timedelta(minutes=1))
    assert not Article.objects.exists()


# ---- 图片、视频、附件 ----


def test_a_picture_keeps_the_content_it_was_put_in_with(town: Town) -> None:
    item = put_in(town)
    article = written(town, body=[*BODY, picture_block(item)])
    first = copy_of(item.version)
    block = article.body[-1]
    assert (block["sha256"], block["width"], block["height"]) == (first.sha256, 400, 300)
    replace(item, drawn("blue"), "蓝.jpg", note="换", actor=town.drafter)
    article.refresh_from_db()
    assert article.body[-1]["sha256"] == first.sha256
    item.refresh_from_db()
    edit(article, {"body": article.body}, actor=town.drafter)
    assert article.body[-1]["sha256"] == copy_of(item.version).sha256 != first.sha256


def test_a_picture_must_be_within_reach_unless_it_was_there_already(town: Town) -> None:
    item = put_in(town)
    article = written(town, body=[*BODY, picture_block(item)])
    perform(item, "retire", actor=town.drafter, key=key(), message="不用")
    edit(article, {"body": [picture_block(item, "另一种说法")]}, actor=town.drafter)
    assert article.body[0]["alt"] == "另一种说法"
    with pytest.raises(Refused, match="第 1 张图片不在资料库里"):
        written(town, body=[picture_block(item)])
    elsewhere = actor("drafter", organisation("elsewhere", short_name="别处"))
    with pytest.raises(Refused, match="不在资料库里"):
        draft(
            {"title": "偷图", "article_type": "news", "body": [picture_block(item)]},
            organisation=town.organisation, actor=elsewhere, key=key(),
        )  # fmt: skip


def test_a_picture_without_alternative_text_is_not_sent_on(town: Town) -> None:
    article = written(town, body=[*BODY, picture_block(put_in(town), "")])
    with pytest.raises(Refused, match="第 1 张图片没有替代文字"):
        walk(town, article, "submit")


def test_the_library_knows_where_it_is_used(town: Town) -> None:
    item, other = put_in(town), put_in(town, "另一张.jpg", "green")
    article = written(town, body=[*BODY, picture_block(item)])
    attach(article, other, actor=town.drafter)
    assert [use.what for use in where_used(item, town.drafter).uses] == [
        "稿件“州政府召开常务会议”的配图"
    ]
    assert [use.what for use in where_used(other, town.drafter).uses] == [
        "稿件“州政府召开常务会议”的附件"
    ]
    edit(article, {"body": BODY}, actor=town.drafter)
    assert where_used(item, town.drafter).uses == []


def test_an_attachment_is_hung_once_and_taken_off(town: Town) -> None:
    article, item = written(town), put_in(town)
    attach(article, item, actor=town.drafter)
    with pytest.raises(Refused, match="已经是"):
        attach(article, item, actor=town.drafter)
    detach(article, article.attachments.get().pk, actor=town.drafter)
    assert not article.attachments.exists()


# ---- 审签 ----


def test_reviewed_and_signed_by_default_and_published_with_the_signature(
    town: Town, published: Callable[..., Article]
) -> None:
    article = published()
    publication = Publication.objects.get()
    assert (article.state, publication.state, publication.kind) == (
        "published", "published", "article",
    )  # fmt: skip
    assert article.approved_under_id == town.approver.assignment_id
    assert list(publication.columns.all()) == [town.column]
    version = publication.current_version
    assert version is not None
    assert version.payload["form"] == "动态" and version.payload["validity"] is None
    assert check().broken == ()


def test_one_step_goes_straight_to_signing(town: Town) -> None:
    set_route(town.organisation, "one", actor=town.approver)
    article = written(town)
    assert offered(article, town.drafter) == ["submit_for_approval"]
    with pytest.raises(Refused, match="没有“送审”这一步"):
        walk(town, article, "submit")
    walk(town, article, "submit_for_approval", "release")
    assert Publication.objects.filter(state="published").exists()


def test_three_steps_take_two_reviewers(town: Town) -> None:
    set_route(town.organisation, "three", actor=town.approver)
    article = walk(town, written(town), "submit")
    assert offered(article, town.reviewer) == ["pass_on", "return"]
    walk(town, article, "pass_on")
    with pytest.raises(Refused, match="初审是您办的"):
        walk(town, article, "pass_again")
    second = actor("reviewer", town.organisation, username="second-reviewer")
    perform(article, "pass_again", actor=second, key=key())
    assert article.state == "in_approval"


def test_a_returned_article_starts_its_reviews_anew(town: Town) -> None:
    set_route(town.organisation, "three", actor=town.approver)
    article = walk(town, written(town), "submit", "pass_on", "return", "submit")
    second = actor("reviewer", town.organisation, username="second-reviewer")
    perform(article, "pass_on", actor=second, key=key())
    walk(town, article, "pass_again")
    assert article.state == "in_approval"


def test_steps_changed_on_the_way_leave_nobody_stuck(town: Town) -> None:
    article = walk(town, written(town), "submit")
    set_route(town.organisation, "one", actor=town.approver)
    walk(town, article, "pass", "release")
    assert article.state == "published"


def test_only_the_signer_of_the_organisation_sets_its_steps(town: Town) -> None:
    elsewhere = organisation("elsewhere", short_name="别处")
    for who in (town.drafter, actor("approver", elsewhere)):
        with pytest.raises(Refused, match="由本机构的签发人定"):
            set_route(town.organisation, "one", actor=who)
    with pytest.raises(Refused, match="没有这种"):
        set_route(town.organisation, "four", actor=town.approver)


def test_nobody_signs_what_he_drafted(town: Town) -> None:
    own = actor("approver", town.organisation, username="drafter-test-prefecture")
    article = walk(town, written(town), "submit", "pass")
    with pytest.raises(Refused, match="您自己起草的"):
        perform(article, "release", actor=own, key=key())


def test_an_identity_number_stops_it_before_review(town: Town) -> None:
    number = "622901199001010010"
    body = [{"type": "list", "ordered": False, "items": [{"text": f"张某某 {number}"}]}]
    with pytest.raises(Refused):
        walk(town, written(town, body=body), "submit")


def test_another_organisation_sees_nothing(town: Town) -> None:
    article = written(town)
    outsider = actor("drafter", organisation("elsewhere", short_name="别处"))
    assert not Article.policy.visible(outsider).exists()
    with pytest.raises(OutOfScope):
        perform(article, "submit", actor=outsider, key=key())


# ---- 栏目、置顶 ----


def second_column(town: Town, code: str = "dongtai") -> Column:
    return Column.objects.add_root(  # type: ignore[no-any-return]
        instance=Column(
            site=town.site, code=code, name="工作动态", column_type="工作动态",
            description="动态", keywords="动态",
        )
    )  # fmt: skip


def test_moving_changes_the_columns_and_makes_no_version(
    town: Town, published: Callable[..., Article]
) -> None:
    article, other = published(), second_column(town)
    walk(town, article, "move", inputs={"columns": [other]})
    publication = Publication.objects.get()
    assert list(publication.columns.all()) == [other] == list(article.columns.all())
    assert publication.versions.count() == 1
    change = Change.objects.latest("pk")
    assert (change.action, change.columns) == ("move", ["dongtai"])
    assert check().broken == ()
    with pytest.raises(Refused, match="已经在这些栏目里了"):
        walk(town, article, "move", inputs={"columns": [other]})
    with pytest.raises(Refused, match="请选定换到哪些栏目"):
        walk(town, article, "move", inputs={"columns": []})


def test_an_article_goes_to_several_sites_at_once_and_moves_in_its_own(town: Town) -> None:
    county = organisation("county", town.organisation, short_name="县", level="county")
    site = Site.objects.create(
        code="county", name="县人民政府", short_name="县", organisation=county,
        domain="www.county.example", identification_code="6299000002",
    )  # fmt: skip
    theirs = Column.objects.add_root(
        instance=Column(
            site=site, code="news", name="县里的动态", column_type="工作动态",
            description="动态", keywords="动态",
        )
    )  # fmt: skip
    article = walk(town, written(town, columns=(theirs, town.column)), "submit", "pass", "release")
    publication = Publication.objects.get()
    assert publication.site == town.site
    assert publication.placements.get(is_primary=True).column == town.column
    assert [share.site for share in publication.shares.all()] == [site]
    other = second_column(town)
    walk(town, article, "move", inputs={"columns": [other]})
    assert set(publication.columns.all()) == {other, theirs} == set(article.columns.all())
    assert check().broken == ()


def test_pinned_and_let_go(town: Town, published: Callable[..., Article]) -> None:
    article, today = published(), timezone.localdate()
    with pytest.raises(Refused, match="已经过了"):
        walk(town, article, "pin", inputs={"until": today - timedelta(days=1)})
    walk(town, article, "pin", inputs={"until": today})
    assert Publication.objects.get().pinned_until == today
    assert "unpin" in offered(article, town.drafter) and "pin" not in offered(article, town.drafter)
    walk(town, article, "unpin")
    assert Publication.objects.get().pinned_until is None


# ---- 定时、期满 ----


def test_published_by_itself_at_its_time_in_the_signers_name(town: Town) -> None:
    at = timezone.now() + timedelta(hours=1)
    article = walk(town, written(town, publish_at=at), "submit", "pass")
    with pytest.raises(Refused, match="请按“签发”"):
        walk(town, article, "release")
    walk(town, article, "approve")
    with pytest.raises(Refused, match="到时自动发布"):
        walk(town, article, "publish")
    assert publish_scheduled(at - timedelta(seconds=1)) == 0
    assert publish_scheduled(at) == 1
    assert publish_scheduled(at) == 0
    article.refresh_from_db()
    last = history(article).last()
    assert last is not None
    assert (article.state, last.user_id, last.message) == (
        "published", town.approver.user_id, "按签发时定的时间自动发布。",
    )  # fmt: skip


def test_a_schedule_that_fails_says_why_once_and_waits(town: Town) -> None:
    at = timezone.now() + timedelta(hours=1)
    article = walk(town, written(town, publish_at=at), "submit", "pass", "approve")
    article.columns.clear()
    assert publish_scheduled(at) == publish_scheduled(at + timedelta(minutes=1)) == 0
    told = history(article).filter(event="schedule_failed")
    assert [row.message for row in told] == ["请先选定发布的栏目。"]
    article.refresh_from_db()
    assert article.state == "approved"


def test_past_its_last_day_it_is_marked_and_still_there(
    town: Town, published: Callable[..., Article]
) -> None:
    today = timezone.localdate()
    article = published(expires_on=today, pinned_until=today)
    publication = Publication.objects.get()
    assert publication.validity == "effective"
    assert mark_expired(today) == 0
    assert mark_expired(today + timedelta(days=1)) == 1
    assert mark_expired(today + timedelta(days=1)) == 0
    publication.refresh_from_db()
    assert (publication.state, publication.validity, publication.pinned_until) == (
        "published", "expired", None,
    )  # fmt: skip
    assert check().broken == ()
    walk(town, article, "revise")
    edit(article, {"expires_on": today + timedelta(days=9)}, actor=town.drafter)
    walk(town, article, "correct")
    publication.refresh_from_db()
    assert publication.validity == "effective"


def test_one_that_cannot_be_marked_says_why_once_and_hinders_no_other(
    town: Town, published: Callable[..., Article]
) -> None:
    today = timezone.localdate()
    blocked, other = published(title="甲", expires_on=today), published(expires_on=today)
    # 发布以后才查得出的：直接写进去，当作词典后来加了词
    number = [{"type": "paragraph", "style": "plain", "text": "622901199001010010"}]
    Article.objects.filter(pk=blocked.pk).update(body=number)
    for _ in range(2):
        mark_expired(today + timedelta(days=1))
    other.refresh_from_db()
    blocked.refresh_from_db()
    assert (other.is_expired, blocked.is_expired) == (True, False)
    assert history(blocked).filter(event="expire_failed").count() == 1


# ---- 修订、撤回 ----


def test_corrected_recalled_with_a_reason_and_published_again(
    town: Town, published: Callable[..., Article]
) -> None:
    article = published()
    walk(town, article, "revise")
    edit(article, {"title": "州政府召开第二次常务会议"}, actor=town.drafter)
    assert check().broken == ()
    walk(town, article, "correct")
    publication = Publication.objects.get()
    assert publication.title == "州政府召开第二次常务会议"
    with pytest.raises(Refused, match="撤回须写明理由"):
        perform(article, "withdraw", actor=town.approver, key=key(), message="")
    walk(town, article, "withdraw")
    publication.refresh_from_db()
    assert (publication.state, publication.withdrawal_reason) == ("withdrawn", "理由")
    walk(town, article, "republish")
    publication.refresh_from_db()
    assert publication.state == "published" and Publication.objects.count() == 1


def test_columns_chosen_in_a_revision_hold_with_the_correction(
    town: Town, published: Callable[..., Article]
) -> None:
    article, other = published(), second_column(town)
    walk(town, article, "revise")
    edit(article, {"summary": "摘要"}, actor=town.drafter, columns=[other])
    walk(town, article, "correct")
    assert list(Publication.objects.get().columns.all()) == [other]


def test_masking_gives_the_article_its_own_copy_and_leaves_the_library_alone(town: Town) -> None:
    name, number = "名单.docx", f"甲 {MADE_UP}"
    item = add(word(number), name, actor=town.drafter, key="list")
    article, other = written(town), written(town)
    attach(article, item, actor=town.drafter)
    attach(other, item, actor=town.drafter)

    assert mask_personal(article, actor=town.drafter).files == 1
    item.refresh_from_db()
    assert item.versions.count() == 1
    assert number in words_of(item.version.file.sha256)
    held = article.attachments.get()
    assert held.version == item.version and held.file.name == name
    (out,) = kind("article").attachments(article)
    assert out.sha256 == held.file.sha256 != item.version.file.sha256
    assert MADE_UP not in words_of(out.sha256) and "甲 " in words_of(out.sha256)
    assert screening_faults(article) == []
    assert "身份证号" in screening_faults(other)[0]
    with pytest.raises(Refused, match="没有要遮盖的个人信息"):
        mask_personal(article, actor=town.drafter)
    assert where_used(item, town.drafter).uses[0].href.endswith(f"/{article.pk}/")
