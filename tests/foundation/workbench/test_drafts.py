"""写到一半的：替人存着，过期了也存得下，密级的一个字不留；两个人同时改，一样不丢。"""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from lxml import html

from tests.actors import actor
from tests.town import TEXT, Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.workbench import drafts
from yangguang.foundation.workbench.models import OpenForm
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db
NEW = "/workbench/documents/new/"
AUTOSAVE = {"X-Autosave": "1"}


@pytest.fixture
def desk(town: Town) -> Desk:
    return sign_in(town.drafter)


def autosave(desk: Desk, path: str, what: str = "keep", **changes: Any) -> Any:
    data = desk.form(path) | {"draft": what} | changes
    return desk.client.post(path, data, headers=AUTOSAVE)


def edit_page(document: OfficialDocument) -> str:
    return f"/workbench/documents/{document.pk}/edit/"


# ---- 自动存 ----


def test_what_was_typed_is_there_when_the_form_is_opened_again(town: Town, desk: Desk) -> None:
    first = autosave(desk, NEW, text="写到一半的正文")
    assert "已存草稿，还没有提交" in first.content.decode()
    page = desk.get(NEW).content.decode()
    assert "写到一半的正文" in page and "还没有提交的，请接着填" in page
    assert 'id="refusals"' not in page  # 还没有交，先不挑毛病
    # 一人一份：别的人、别的身份看不到
    assert "写到一半" not in sign_in(actor("drafter", town.organisation, username="x")).get(NEW).content.decode()  # fmt: skip
    desk.post(NEW, {"draft": "drop"})
    assert "写到一半" not in desk.get(NEW).content.decode() and not OpenForm.objects.exists()


def test_a_form_handed_in_leaves_no_draft_and_one_refused_does(town: Town, desk: Desk) -> None:
    autosave(desk, NEW, text="半截")
    desk.fill(NEW, text=TEXT.format(number=1))
    assert OfficialDocument.objects.count() == 1
    assert not OpenForm.objects.filter(path=NEW).exists()
    document = OfficialDocument.objects.get()
    refused = desk.fill(edit_page(document), title="", original_number="综合政务")
    assert refused.status_code == 422
    assert "综合政务" in desk.get(edit_page(document)).content.decode()


def test_a_draft_saved_after_its_form_was_handed_in_is_not_offered_again(
    town: Town, desk: Desk
) -> None:
    form = desk.form(NEW) | {"text": TEXT.format(number=1)}
    desk.post(NEW, form)
    # 自动存和提交前后脚到
    desk.client.post(NEW, form | {"draft": "keep"}, headers=AUTOSAVE)
    assert "第1号工作方案" not in desk.get(NEW).content.decode()
    assert not OpenForm.objects.filter(path=NEW).exists()


def test_without_a_script_a_button_keeps_the_draft(town: Town, desk: Desk) -> None:
    page = desk.post(NEW, desk.form(NEW) | {"text": "写了一点", "draft": "keep"})
    assert "草稿已存下" in page.content.decode() and "写了一点" in page.content.decode()
    assert desk.client.post(NEW, {"draft": "x"}).status_code == 404


def test_nothing_classified_is_ever_kept_and_what_was_kept_goes(town: Town, desk: Desk) -> None:
    autosave(desk, NEW, text="开头")
    told = autosave(desk, NEW, text="开头\n机密★1年\n正文")
    assert told.status_code == 422 and "密级标志" in told.content.decode()
    assert not OpenForm.objects.exists()
    autosave(desk, NEW, text="开头")
    desk.fill(NEW, text="机密★1年\n正文")
    assert not OpenForm.objects.exists()


def test_an_endless_text_is_not_kept_by_itself(town: Town, desk: Desk) -> None:
    told = autosave(desk, NEW, text="长" * (drafts.LARGEST + 1))
    assert "太长" in told.content.decode() and not OpenForm.objects.exists()


# ---- 登录过期 ----


def expire(desk: Desk) -> None:
    desk.client.logout()


def test_a_session_that_ends_while_typing_loses_nothing(town: Town, desk: Desk) -> None:
    form = desk.form(NEW)
    expire(desk)
    answer = desk.client.post(NEW, form | {"text": "登录过期才交的"})
    page = answer.content.decode()
    assert answer.status_code == 401 and "写的文字已经替您存下" in page
    assert "/workbench/sign-in/?next=%2Fworkbench%2Fdocuments%2Fnew%2F" in page
    # 自动存的也一样
    told = desk.client.post(NEW, form | {"text": "又写了几句", "draft": "keep"}, headers=AUTOSAVE)
    assert told.status_code == 401 and "写的已经存下" in told.content.decode()
    assert "又写了几句" in sign_in(town.drafter).get(NEW).content.decode()


def test_only_the_page_that_was_sent_out_may_leave_a_draft(town: Town, desk: Desk) -> None:
    form = desk.form(NEW) | {"text": "别人的"}
    forged = signing.dumps([town.reviewer.assignment_id, NEW, []], salt="else")
    for slip in ("", "x", forged, form["slip"][0] + "x"):
        assert "还在上一页里" in Client().post(NEW, form | {"slip": slip}).content.decode()
    # 条子是哪张表的，只能存成那张表的
    other = "/workbench/plans/new/"
    assert "还在上一页里" in Client().post(other, form).content.decode()
    assert not OpenForm.objects.exists()
    secret = Client().post(NEW, form | {"text": "机密★1年"}).content.decode()
    assert "带有密级标志" in secret and not OpenForm.objects.exists()
    # 任职没有了、账号停用了，也存不了
    RoleAssignment.objects.filter(pk=town.drafter.assignment_id).update(valid_until="2020-12-31")
    assert "还在上一页里" in Client().post(NEW, form).content.decode()
    RoleAssignment.objects.filter(pk=town.drafter.assignment_id).update(valid_until=None)
    User.objects.filter(pk=town.drafter.user_id).update(is_active=False)
    assert "还在上一页里" in Client().post(NEW, form).content.decode()
    assert not OpenForm.objects.exists()


def test_a_stale_token_loses_nothing_either(town: Town, desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.client.cookies
    form = desk.form(NEW)
    answer = strict.post(NEW, form | {"text": "凭证过期才交的"})
    assert answer.status_code == 403 and "替您存下" in answer.content.decode()
    (go_on,) = html.fromstring(answer.content).xpath("//a[contains(., '接着填')]/@href")
    assert "凭证过期才交的" in desk.get(go_on).content.decode()
    assert "请再提交一次" in strict.post(NEW, {"text": "没有条子"}).content.decode()


# ---- 同时改 ----


def test_who_has_it_open_is_told_to_both(town: Town, desk: Desk) -> None:
    document = town.document()
    other = sign_in(actor("drafter", town.organisation, username="second"))
    other.get(edit_page(document))
    page = desk.get(edit_page(document)).content.decode()
    assert "测试second（测试州信息员）" in page and "还没有改" in page
    autosave(other, edit_page(document), original_number="改着")
    told = autosave(desk, edit_page(document), "touch").content.decode()
    assert "正在改" in told and "有人改过" not in told
    OpenForm.objects.update(touched_at=timezone.now() - drafts.PRESENT * 2)
    assert "second" not in autosave(desk, edit_page(document), "touch").content.decode()


def test_what_each_changed_is_kept_and_what_both_changed_stands_side_by_side(
    town: Town, desk: Desk
) -> None:
    document = town.document()
    other = sign_in(actor("drafter", town.organisation, username="second"))
    mine, theirs = desk.form(edit_page(document)), other.form(edit_page(document))
    other.post(
        edit_page(document),
        theirs | {"original_number": "他定的主题", "disclosure_reason": "他的理由"},
    )
    told = desk.client.post(edit_page(document), mine | {"draft": "touch"}, headers=AUTOSAVE)
    assert "这期间有人改过这条记录" in told.content.decode()
    late = desk.post(
        edit_page(document),
        mine | {"original_number": "我定的主题", "document_number": "测州办发〔2020〕88号"},
    )
    page = late.content.decode()
    assert late.status_code == 422 and "现在存着的摆在旁边" in page
    assert "<del>他</del>定的主题" in page and "<ins>我</ins>定的主题" in page
    assert "已经换成现在的" in page and "他的理由" in page
    # 再存一次：各人改的都在，两个人都改的照我的
    saved = desk.fill(edit_page(document))
    assert saved.status_code == 200 and "已保存" in saved.content.decode()
    document.refresh_from_db()
    assert document.original_number == "我定的主题" and document.disclosure_reason == "他的理由"
    assert document.document_number == "测州办发〔2020〕88号"


def test_a_second_window_opened_later_does_not_hide_what_was_overwritten(
    town: Town, desk: Desk
) -> None:
    document = town.document()
    other = sign_in(actor("drafter", town.organisation, username="second"))
    first = desk.form(edit_page(document))
    other.fill(edit_page(document), disclosure_reason="他的理由")
    desk.get(edit_page(document))
    page = desk.post(edit_page(document), first | {"original_number": "我的"}).content.decode()
    assert "不主动公开的理由：两个人改得不一样" in page and "他的理由" in page


def test_a_draft_taken_up_after_someone_saved_is_compared_at_once(town: Town, desk: Desk) -> None:
    document = town.document()
    other = sign_in(actor("drafter", town.organisation, username="second"))
    autosave(desk, edit_page(document), original_number="我写到一半")
    other.fill(edit_page(document), original_number="他先存了")
    page = desk.get(edit_page(document)).content.decode()
    assert "两个人改得不一样" in page and "他先存了" in page and "我写到一半" in page
    # 两边写的一样，就没有什么可看的
    OpenForm.objects.all().delete()
    form = desk.form(edit_page(document))
    other.fill(edit_page(document), original_number="一样")
    data = form | {"original_number": "一样", "draft": "keep"}
    desk.client.post(edit_page(document), data, headers=AUTOSAVE)
    assert "还没有提交" not in desk.get(edit_page(document)).content.decode()


def test_a_change_of_columns_alone_is_a_change(town: Town, desk: Desk) -> None:
    document = town.document()
    before = OfficialDocument.objects.get(pk=document.pk).updated_at
    desk.fill(edit_page(document), columns=[])
    assert OfficialDocument.objects.get(pk=document.pk).updated_at > before


# ---- 清理 ----


def test_what_nobody_wants_is_cleared_away(town: Town, desk: Desk) -> None:
    document = town.document()
    desk.get(edit_page(document))
    autosave(desk, NEW, text="写了一点")
    now = timezone.now()
    assert drafts.tidy(now) == 0
    assert drafts.tidy(now + timedelta(days=2)) == 1
    assert drafts.tidy(now + timedelta(days=31)) == 1
