"""规范性文件的动作：登记、关系、编号、公布、修改、废止、到期、延长、报备、上位依据变了。"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import ImageFile

from tests.actors import actor, organisation
from tests.sources.norms.conftest import STEPS, body, changing, key, published, walk, written
from tests.town import Town
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.selectors import actions, history
from yangguang.foundation.lifecycle.services import Classified, Refused, perform
from yangguang.foundation.notify.models import Message
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.rebuilding import check
from yangguang.sources.norms.models import Flag, Norm
from yangguang.sources.norms.notices import remind_of_reviews
from yangguang.sources.norms.selectors import (
    in_force_on,
    periods_of,
    publication_of,
    text_in_force,
    to_review,
    turning,
    unfiled,
)
from yangguang.sources.norms.services import bring_up, draft, edit, relate, turn, unrelate
from yangguang.sources.norms.uppers import enter_upper

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def text(norm: Norm, day: date) -> str:
    found = text_in_force(norm, day)
    return found.body[0]["text"] if found else ""


def shown(norm: Norm) -> dict[str, object]:
    version = publication_of(norm).current_version
    assert version is not None
    return dict(version.payload)


# ---- 登记 ----


def test_the_same_key_enters_once_and_a_secret_mark_leaves_nothing(town: Town) -> None:
    given = {"title": "一份", "kind": "document", "body": body("正文。")}
    for _ in range(2):
        draft(given, organisation=town.organisation, actor=town.drafter, key="same")
    assert Norm.objects.count() == 1
    with pytest.raises(Classified):
        written(town, title="机密★1年")
    assert Norm.objects.count() == 1


def test_from_a_document_what_it_says_need_not_be_typed_again(town: Town) -> None:
    document = town.document()
    for event, who in (
        ("submit", town.drafter),
        ("pass", town.reviewer),
        ("approve", town.approver),
    ):
        perform(document, event, actor=who, key=key())
    norm = draft(
        {"document": document, "kind": "document", "effective_on": date(2020, 10, 1), "title": ""},
        organisation=town.organisation, actor=town.drafter, key=key(),
    )  # fmt: skip
    assert (norm.title, norm.document_number) == (document.title, document.document_number)
    assert norm.promulgated_on == document.issued_on and norm.body == document.body
    assert list(norm.columns.all()) == [town.column]
    with pytest.raises(Refused, match="已经登记过"):
        draft({"document": document}, organisation=town.organisation, actor=town.drafter, key=key())


def test_a_number_is_used_once(town: Town) -> None:
    written(town, register_number="测登〔2020〕1号")
    with pytest.raises(Refused, match="由《测试州行政规范性文件管理办法》使用"):
        written(town, "另一份", register_number="测登〔2020〕1号")
    other = written(town, "另一份")
    with pytest.raises(Refused, match="一个号只能用一次"):
        edit(other, {"register_number": "测登〔2020〕1号"}, actor=town.drafter)
    with pytest.raises(IntegrityError), transaction.atomic():
        Norm.objects.filter(pk=other.pk).update(register_number="测登〔2020〕1号")


def test_it_cannot_cease_before_it_takes_effect_not_even_in_the_database(town: Town) -> None:
    with pytest.raises(Refused, match="一天也没有施行过"):
        written(town, ceases_on=date(2020, 6, 3))
    norm = written(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Norm.objects.filter(pk=norm.pk).update(ceases_on=date(2020, 1, 1))


def test_what_is_missing_is_told_all_at_once(town: Town) -> None:
    norm = written(town, issuers=[], body=[], ceases_on=None)
    with pytest.raises(Refused) as refused:
        walk(town, norm, "submit")
    told = "".join(refused.value.reasons)
    assert "缺少制定机关" in told and "缺少正文" in told and "没有定失效日期" in told
    edit(norm, {"term_reason": "长期有效的制度"}, actor=town.drafter)
    with pytest.raises(Refused) as again:
        walk(town, norm, "submit")
    assert "没有定失效日期" not in "".join(again.value.reasons)


def test_it_is_numbered_without_a_gap_and_a_number_given_is_kept(town: Town) -> None:
    year = timezone.localdate().year
    first, second = published(town), published(town, "第二份")
    given = published(town, "第三份", register_number="旧登-2019-7")
    fourth = published(town, "第四份")
    assert [n.register_number for n in (first, second, given, fourth)] == [
        f"测试州规登〔{year}〕1号", f"测试州规登〔{year}〕2号", "旧登-2019-7",
        f"测试州规登〔{year}〕3号",
    ]  # fmt: skip


def test_nobody_reviews_or_numbers_what_he_entered(town: Town) -> None:
    norm = walk(town, written(town), "submit")
    own = actor("reviewer", town.organisation, username="drafter-test-prefecture")
    with pytest.raises(Refused, match="自己起草的"):
        perform(norm, "pass", actor=own, key=key())
    legality = actor("legality_reviewer", town.organisation)
    perform(norm, "pass", actor=legality, key=key())
    assert norm.state == "in_registration"


def test_it_is_published_with_word_and_pdf(town: Town) -> None:
    norm = walk(town, written(town), "submit", "pass", "register")
    with pytest.raises(Refused, match="正在生成"):
        perform(norm, "publish", actor=town.drafter, key=key())
    assert Job.objects.filter(name="norms.bring_up").count() == 1
    bring_up(norm)
    norm.refresh_from_db()
    perform(norm, "publish", actor=town.drafter, key=key())
    payload = shown(norm)
    files = [file["name"] for file in payload["attachments"]]  # type: ignore[attr-defined]
    assert files == [f"{norm.title}.docx", f"{norm.title}.pdf"]
    assert payload["validity"] == "expired" and payload["since"] == "2025-06-03"
    assert check().broken == ()
    assert not ImageFile.LOAD_TRUNCATED_IMAGES, "排版的库放过残缺的图片，上传的就拦不住了"


# ---- 修改、废止 ----


def test_one_from_the_old_register_is_listed_by_its_own_date_and_a_new_one_by_today(
    town: Town,
) -> None:
    old = publication_of(published(town, back_filled_from="原有的规范性文件清单"))
    assert timezone.localdate(old.published_at) == date(2020, 5, 20)
    assert old.published_at_source == "原有的规范性文件清单"
    new = publication_of(published(town, "新的一份"))
    assert timezone.localdate(new.published_at) == timezone.localdate()
    coming = timezone.localdate() + DAY
    dates = {"promulgated_on": coming, "effective_on": coming, "ceases_on": coming + 900 * DAY}
    early = publication_of(published(town, "明天公布的", back_filled_from="清单", **dates))
    assert timezone.localdate(early.published_at) == timezone.localdate()


def test_amended_twice_and_repealed_each_day_has_its_own_text(town: Town) -> None:
    norm = published(
        town, "甲办法", effective_on=date(2020, 6, 3), ceases_on=None, term_reason="长期",
        body=body("原来的。"),
    )  # fmt: skip
    changing(town, "amends", norm, date(2021, 3, 1), "关于修改甲办法的决定", ["第一次改的。"])
    changing(town, "amends", norm, date(2023, 7, 1), "关于再次修改甲办法的决定", ["第二次改的。"])
    changing(town, "repeals", norm, date(2024, 5, 1), "关于废止甲办法的决定")
    days = {
        date(2020, 6, 2): ("pending", ""),
        date(2020, 6, 3): ("effective", "原来的。"),
        date(2021, 2, 28): ("effective", "原来的。"),
        date(2021, 3, 1): ("amended", "第一次改的。"),
        date(2023, 6, 30): ("amended", "第一次改的。"),
        date(2023, 7, 1): ("amended", "第二次改的。"),
        date(2024, 4, 30): ("amended", "第二次改的。"),
        date(2024, 5, 1): ("repealed", ""),
    }
    for day, told in days.items():
        assert (norm.verdict(day).validity, text(norm, day)) == told, day
        assert in_force_on(Norm.objects.filter(pk=norm.pk), day).exists() == (
            told[0] in ("effective", "amended")
        )
    assert [str(p.start) for p in periods_of(norm)] == ["2020-06-03", "2021-03-01", "2023-07-01"]
    payload = shown(norm)
    assert payload["validity"] == "repealed" and len(payload["texts"]) == 3  # type: ignore[arg-type]
    assert [each["word"] for each in payload["changed_by"]] == ["被修改", "被修改", "被废止"]  # type: ignore[attr-defined]
    assert "第二次修改" in str(payload["annotation"])
    assert payload["body"][0]["text"] == "第二次改的。"  # type: ignore[index]
    assert Publication.objects.get(pk=publication_of(norm).pk).validity == "repealed"
    assert check().broken == ()


def test_what_has_ended_cannot_be_amended_or_repealed(town: Town) -> None:
    norm = published(town)
    after = date(2025, 6, 3)
    other = written(
        town, "决定", promulgated_on=after, effective_on=after, ceases_on=date(2030, 1, 1)
    )
    for kind in ("amends", "repeals"):
        with pytest.raises(Refused, match="不是有效的文件"):
            relate(other, kind, actor=town.drafter, target=norm, body=body("新的。"))
    relate(other, "implements", actor=town.drafter, target=norm)


def test_a_change_that_no_longer_holds_stops_at_publication(town: Town) -> None:
    norm = published(town, ceases_on=None, term_reason="长期")
    first = written(town, "甲决定", effective_on=date(2024, 1, 1), ceases_on=date(2028, 1, 1))
    second = written(town, "乙决定", effective_on=date(2023, 1, 1), ceases_on=date(2027, 1, 1))
    relate(first, "repeals", actor=town.drafter, target=norm)
    relate(second, "repeals", actor=town.drafter, target=norm)
    walk(town, second, *STEPS)
    with pytest.raises(Refused, match="2023-01-01 起废止"):
        walk(town, first, "submit")


def test_they_cannot_repeal_one_another_in_a_circle(town: Town) -> None:
    one, two, three = (
        published(town, name, ceases_on=None, term_reason="长期") for name in ("甲", "乙", "丙")
    )
    for norm in (one, two, three):
        walk(town, norm, "revise")
    Norm.objects.filter(pk__in=[two.pk, three.pk]).update(state="published")
    relate(one, "repeals", actor=town.drafter, target=two)
    Norm.objects.filter(pk=two.pk).update(state="revising")
    two.refresh_from_db()
    relate(two, "repeals", actor=town.drafter, target=three)
    three.refresh_from_db()
    Norm.objects.filter(pk=three.pk).update(state="revising")
    three.refresh_from_db()
    with pytest.raises(Refused) as refused:
        relate(three, "repeals", actor=town.drafter, target=one)
    assert "《丙》废止《甲》废止《乙》废止《丙》" in "".join(refused.value.reasons)


def test_a_relation_is_written_once_and_can_be_taken_away(town: Town) -> None:
    norm, other = published(town), written(town, "实施细则")
    made = relate(other, "implements", actor=town.drafter, target=norm, target_articles="第二条")
    with pytest.raises(Refused, match="已经写明"):
        relate(other, "implements", actor=town.drafter, target=norm)
    unrelate(other, made, actor=town.drafter)
    assert not other.relations.exists()


def test_withdrawing_what_repealed_it_brings_it_back(town: Town) -> None:
    norm = published(town, ceases_on=None, term_reason="长期")
    other = changing(town, "repeals", norm, date(2024, 1, 1), "废止的决定")
    assert norm.validity == "repealed"
    walk(town, other, "withdraw")
    bring_up(norm)
    norm.refresh_from_db()
    assert norm.validity == "effective" and shown(norm)["changed_by"] == []
    assert check().broken == ()


def test_a_revision_moves_no_other_norm_until_it_is_signed(town: Town) -> None:
    norm = published(town, ceases_on=None, term_reason="长期")
    other = changing(town, "repeals", norm, date(2024, 1, 1), "废止的决定")
    second = published(town, "乙办法", ceases_on=None, term_reason="长期")
    walk(town, other, "revise")
    edit(other, {"effective_on": date(2024, 3, 1)}, actor=town.drafter)
    unrelate(other, other.relations.get(), actor=town.drafter)
    relate(other, "repeals", actor=town.drafter, target=second)
    for each in (norm, second):
        assert not bring_up(each)
        each.refresh_from_db()
    assert (norm.validity, second.validity) == ("repealed", "effective")
    walk(town, other, "correct")
    for each in (norm, second):
        assert bring_up(each)
        each.refresh_from_db()
    assert (norm.validity, second.validity) == ("effective", "repealed")
    assert second.repealed_on == date(2024, 3, 1) and norm.repealed_on is None
    assert check().broken == ()


# ---- 到日子 ----


def test_it_expires_on_the_day_and_stays_readable(town: Town) -> None:
    today = timezone.localdate()
    norm = published(
        town, promulgated_on=today - 10 * DAY, effective_on=today - 5 * DAY, ceases_on=today + DAY
    )
    assert norm.validity == "effective" and turn(today) == 0
    assert turn(today + DAY) == 1
    norm.refresh_from_db()
    publication = publication_of(norm)
    assert (norm.validity, publication.validity, publication.state) == (
        "expired", "expired", "published",
    )  # fmt: skip
    assert turn(today + DAY) == 0
    assert [step.event for step in history(norm)][-1] == "turn"
    assert list(turning(today + DAY)) == []


def test_a_future_amendment_is_told_at_once_and_takes_over_on_its_day(town: Town) -> None:
    today = timezone.localdate()
    norm = published(
        town, promulgated_on=today, effective_on=today, ceases_on=today + 400 * DAY,
        body=body("旧的。"),
    )  # fmt: skip
    on = today + 30 * DAY
    changing(town, "amends", norm, on, "修改的决定", ["新的。"])
    payload = shown(norm)
    assert payload["validity"] == "effective"
    assert payload["changed_by"][0]["on"] == on.isoformat()  # type: ignore[index]
    assert payload["body"][0]["text"] == "旧的。"  # type: ignore[index]
    assert turn(on - DAY) == 0
    assert turn(on) == 2, "修改它的决定也从这一天起施行"
    norm.refresh_from_db()
    assert shown(norm)["validity"] == "amended"
    assert shown(norm)["body"][0]["text"] == "新的。"  # type: ignore[index]


def test_it_is_reviewed_in_the_last_six_months_and_then_extended(town: Town) -> None:
    today = timezone.localdate()
    norm = published(town, promulgated_on=today, effective_on=today, ceases_on=today + 100 * DAY)
    assert list(to_review(town.drafter, today)) == [norm]
    assert list(to_review(town.drafter, today - 200 * DAY)) == []
    assert remind_of_reviews(today) == 2
    assert remind_of_reviews(today + DAY) == 0
    assert Message.objects.filter(user=town.drafter.user_id, due_on=norm.ceases_on).count() == 1
    with pytest.raises(Refused, match="要晚于原来的"):
        perform(
            norm, "extend", actor=town.approver, key=key(), message="继续执行",
            inputs={"ceases_on": norm.ceases_on},
        )  # fmt: skip
    walk(town, norm, "extend", ceases_on=today + 1000 * DAY)
    assert list(to_review(town.drafter, today)) == []
    assert shown(norm)["ceases_on"] == (today + 1000 * DAY).isoformat()


def test_what_has_expired_cannot_be_extended(town: Town) -> None:
    norm = published(town)
    with pytest.raises(Refused, match="不能延长有效期"):
        perform(
            norm, "extend", actor=town.approver, key=key(), message="继续",
            inputs={"ceases_on": date(2099, 1, 1)},
        )  # fmt: skip


# ---- 备案、上位依据 ----


def test_it_waits_until_it_is_filed(town: Town) -> None:
    today = timezone.localdate()
    norm = published(town, promulgated_on=today, effective_on=today, ceases_on=today + 400 * DAY)
    assert list(unfiled(town.drafter)) == [norm]
    with pytest.raises(Refused, match="不能晚于今天"):
        walk(town, norm, "file", filed_with="测试省人民政府", filed_on=today + DAY)
    walk(town, norm, "file", filed_with="测试省人民政府", filed_on=today)
    assert list(unfiled(town.drafter)) == []
    assert shown(norm)["filing"] == {
        "on": today.isoformat(), "with": "测试省人民政府", "number": "",
    }  # fmt: skip
    assert "file" not in [each.transition.event for each in actions(norm, town.drafter)]


def test_a_change_in_the_upper_text_flags_what_rests_on_it(town: Town) -> None:
    upper = enter_upper(
        {"kind": "law", "title": "测试法"}, organisation=town.organisation, actor=town.drafter,
        key=key(),
    )  # fmt: skip
    norm, other = written(town), published(town, "无关的")
    relate(norm, "based_on", actor=town.drafter, upper=upper, target_articles="第十二条")
    walk(town, norm, *STEPS)
    perform(
        upper, "change", actor=town.drafter, key=key(), message="第十二条改了",
        inputs={"changed_on": date(2026, 1, 1), "articles": "第十二条"},
    )  # fmt: skip
    assert [flag.norm for flag in Flag.objects.all()] == [norm] and other.pk != norm.pk
    assert Message.objects.filter(user=town.drafter.user_id, why__contains="测试法").count() == 1
    walk(town, norm, "settle")
    assert Flag.objects.get().finding == "理由"
    with pytest.raises(Refused, match="不能由本文件废止"):
        relate(walk(town, norm, "revise"), "repeals", actor=town.drafter, upper=upper)


def test_no_one_changes_or_learns_of_another_organisations_norm(town: Town) -> None:
    norm = published(town, ceases_on=None, term_reason="长期")
    elsewhere = organisation("elsewhere")
    stranger = actor("drafter", elsewhere)
    given = {"title": "别处的决定", "kind": "document", "effective_on": date(2024, 1, 1)}
    other = draft(given, organisation=elsewhere, actor=stranger, key=key())
    with pytest.raises(Refused, match="只能废止本机构和下级的文件"):
        relate(other, "repeals", actor=stranger, target=norm)
    written(town, "还没有公布的", document_number="测〔2024〕9号")
    with pytest.raises(Refused, match="别的机构登记的文件使用") as refused:
        edit(other, {"document_number": "测〔2024〕9号"}, actor=stranger)
    assert "还没有公布的" not in "".join(refused.value.reasons)


def test_another_organisation_does_not_see_it(town: Town) -> None:
    norm = published(town)
    stranger = actor("drafter", organisation("elsewhere"))
    assert not Norm.policy.visible(stranger).filter(pk=norm.pk).exists()
