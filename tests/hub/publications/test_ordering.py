"""上级要求下级的站点转发：在期限之前，下级的首页和消息里都有；转发了、撤销了就没有。"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.access.sharing import elsewhere
from tests.actors import actor, organisation
from tests.hub.publications.test_sharing_workbench import text
from tests.town import Town
from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.foundation.notify.models import Message
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Publication, ShareOrder
from yangguang.hub.publications.ordering import cancel_order, order_share
from yangguang.hub.publications.selectors import orders_for
from yangguang.hub.publications.services import withdraw
from yangguang.hub.publications.sharing import share, unshare

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def publication(town: Town) -> Publication:
    return elsewhere(town)


@pytest.fixture
def county(town: Town) -> Site:
    unit = organisation("county", town.organisation, level="county")
    site = Site.objects.create(
        code="county", name="县人民政府", short_name="本县", organisation=unit,
        domain="www.county.example", identification_code="6299000008",
    )  # fmt: skip
    Column.objects.add_root(
        instance=Column(
            site=site, code="above", name="上级文件", column_type="政策文件",
            description="文件", keywords="文件",
        )
    )  # fmt: skip
    return site


@pytest.fixture
def above(town: Town) -> Actor:
    return actor("supervisor", town.organisation, subtree=True)


@pytest.fixture
def editor(county: Site) -> Actor:
    return actor("approver", county.organisation)


def asked(desk: Desk) -> str:
    page = text(desk.get("/workbench/"))
    return page.partition("上级要求转发")[0] if "上级要求转发" in page else ""


def test_what_is_ordered_is_on_the_first_page_below_until_it_is_shared(
    publication: Publication, county: Site, above: Actor, editor: Actor
) -> None:
    record = f"/workbench/sharing/{publication.pk}/"
    supervisor, desk = sign_in(above), sign_in(editor)
    due = (TODAY() + timedelta(days=30)).isoformat()
    told = supervisor.fill(f"{record}order/", sites=[county.pk], due_on=due, note="放在首页")
    assert "已要求本县转发" in text(told) and f"要求 {due} 之前转发：放在首页" in text(told)

    today = desk.get("/workbench/").content.decode()
    assert "上级要求的" in today and publication.title in today
    assert f'href="{record}county/"' in today and "要求转发到县人民政府。放在首页" in today
    message = Message.objects.get(user=editor.user_id)
    assert message.settled_at is None and message.due_on is not None
    assert asked(supervisor) == ""  # 不是要他自己办的

    desk.fill(f"{record}county/", columns=[Column.objects.get(code="above").pk])
    assert "上级要求" not in desk.get("/workbench/").content.decode()
    message.refresh_from_db()
    assert message.settled_at is not None
    # 转发了又停止，要求还在
    unshare(publication, county, actor=editor, reason="与本县无关")
    assert [order.site for order in orders_for([county])] == [county]


def test_an_order_is_changed_repeated_and_cancelled(
    publication: Publication, county: Site, above: Actor, editor: Actor
) -> None:
    given: dict[str, Any] = {"due_on": TODAY(), "note": "", "actor": above}
    first = order_share(publication, [county], **given)
    assert order_share(publication, [county], **given) == first
    assert AuditEvent.objects.filter(action="publications.order_share").count() == 1
    order_share(publication, [county], **given | {"due_on": TODAY() + timedelta(days=3)})
    assert ShareOrder.objects.get().due_on == TODAY() + timedelta(days=3)
    cancel_order(publication, county, actor=above)
    cancel_order(publication, county, actor=above)
    assert not orders_for([county])
    assert AuditEvent.objects.filter(action="publications.cancel_share_order").count() == 1
    assert not Message.objects.filter(due_on__gt=TODAY(), settled_at=None).exists()
    # 撤销之后还可以再要求
    order_share(publication, [county], **given)
    assert ShareOrder.objects.count() == 2


def test_what_makes_no_sense_is_refused_with_every_reason(
    town: Town, publication: Publication, county: Site, above: Actor, editor: Actor
) -> None:
    share(publication, [Column.objects.get(code="above")], actor=editor)
    with pytest.raises(Refused) as refused:
        order_share(publication, [county], due_on=TODAY() - timedelta(days=1), note="", actor=above)
    assert refused.value.reasons == ["期限已经过了，请另定。", "县人民政府已经在转发。"]
    withdraw(publication, actor=town.approver, reason="内容有误")
    with pytest.raises(Refused, match="已经撤回"):
        order_share(publication, [county], due_on=TODAY(), note="", actor=above)


def test_only_a_supervisor_above_orders_and_no_one_orders_himself(
    town: Town, publication: Publication, county: Site, above: Actor, editor: Actor
) -> None:
    for who in (editor, actor("approver", town.organisation, username="signer", subtree=True),
                actor("supervisor", county.organisation)):  # fmt: skip
        with pytest.raises(OutOfScope):
            order_share(publication, [county], due_on=TODAY(), note="", actor=who)
        with pytest.raises(OutOfScope):
            cancel_order(publication, county, actor=who)
    with pytest.raises(OutOfScope):
        order_share(publication, [town.site], due_on=TODAY(), note="", actor=above)
    page = text(sign_in(above).get(f"/workbench/sharing/{publication.pk}/"))
    assert "要求下级转发" in page
    assert "要求下级转发" not in text(sign_in(editor).get(f"/workbench/sharing/{publication.pk}/"))
