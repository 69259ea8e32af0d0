"""上网核对：真的去取网页，与印发的对照；反过来也查；断了接着做；通报点出每一个问题，数字处处相同。"""

from datetime import date
from io import BytesIO
from typing import Any

import pytest

from tests.api import publish, withdraw
from tests.sources.ledger.conftest import READ_ON, Elsewhere, Own, checked, faults, online
from tests.town import TEXT, Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.foundation.files.services import store
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.foundation.notify.models import Message
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.rules import time_left
from yangguang.hub.publications.models import Publication
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import attach
from yangguang.sources.ledger import checking
from yangguang.sources.ledger.checking import check_some, start_check
from yangguang.sources.ledger.circulars import draft_circular
from yangguang.sources.ledger.models import LedgerCheck, LedgerEntry
from yangguang.sources.ledger.rules import STANDINGS
from yangguang.sources.ledger.selectors import (
    Reckoner,
    counted,
    listed_in,
    ranked,
    tally_of,
    with_standing,
)
from yangguang.sources.ledger.services import enter

pytestmark = pytest.mark.django_db
BUREAU_TEXT = TEXT.replace("测州办发", "某局发").format(number=1)


def entered(clerk: Actor, bureau: Organisation, number: int = 1, **given: Any) -> LedgerEntry:
    values = {
        "document_number": f"某局发〔2020〕{number}号", "title": f"第{number}号工作方案的通知",
        "written_on": None, "issued_on": date(2020, 9, 25), "disclosure": "proactive",
        "online_on": date(2020, 10, 12), "address": "", "text": "",
    } | given  # fmt: skip
    return enter(values, organisation=bureau, actor=clerk, key=f"enter-{number}")


def with_file(town: Town, number: int, day: date) -> OfficialDocument:
    """有一个附件的公文，发布了。"""
    document = town.document(
        number, back_filled_at=f"{day.isoformat()}T02:00:00Z", back_filled_from="旧站"
    )
    file = store(
        BytesIO("附件的内容".encode()),
        "分工表.txt",
        actor=town.drafter,
        organisation=town.organisation,
    )
    attach(document, [file], actor=town.drafter)
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter),
    ):  # fmt: skip
        perform(document, event, actor=who, key=f"{number}-{event}")
    return document


def test_our_own_pages_are_the_same_as_what_was_issued(
    town: Town, own: Own, supervisor: Actor
) -> None:
    online(town, 1, date(2020, 10, 9))
    with_file(town, 2, date(2020, 10, 9))
    own.bake()
    check = checked(supervisor)
    assert faults(check) == {} and (check.total, check.done, check.found) == (2, 2, 0)
    assert LedgerEntry.objects.filter(checked_at=None).count() == 0


def test_a_page_changed_on_the_server_an_attachment_swapped_and_a_page_lost_are_found(
    town: Town, own: Own, supervisor: Actor
) -> None:
    for number in (1, 3):
        online(town, number, date(2020, 10, 9))
    with_file(town, 2, date(2020, 10, 9))
    own.bake()
    keys = list(Publication.objects.order_by("pk").values_list("document_number", "pk"))
    page = {number: f"/{pk}.html" for number, pk in keys}
    own.change(page["测州办发〔2020〕1号"], "请认真贯彻执行", "请参照执行")
    own.file(page["测州办发〔2020〕3号"]).unlink()
    for twin in own.root.rglob("*.html.*"):
        twin.unlink()
    (copy,) = [each for each in own.root.rglob("*.txt") if "附件" in each.read_text()]
    copy.write_text("换过的内容")
    check = checked(supervisor)
    titles = {code: [title[-10:] for title in listed] for code, listed in faults(check).items()}
    assert titles == {
        "different": ["第1号工作方案的通知"], "attachment": ["第2号工作方案的通知"],
        "unreachable": ["第3号工作方案的通知"],
    }  # fmt: skip
    told = check.findings.get(code="different").detail
    assert "认真贯彻执行" in told and "参照执行" in told
    assert "答复 404" in check.findings.get(code="unreachable").detail


def test_pages_of_other_sites_are_compared_too(
    clerk: Actor, bureau: Organisation, own: Own, elsewhere: Elsewhere
) -> None:
    lines = "".join(f"<p>{line}</p>" for line in BUREAU_TEXT.splitlines() if line)
    page = f"<html><body><h1>第1号工作方案的通知</h1>{lines}</body></html>"
    given = {"text": BUREAU_TEXT, "title": "第1号工作方案的通知"}
    entered(clerk, bureau, 1, address=elsewhere.put("/good", page), **given)
    entered(
        clerk, bureau, 2, address=elsewhere.put("/bad", page.replace("认真贯彻", "抓紧")), text=BUREAU_TEXT,
        title="第2号工作方案的通知", issued_on=date(2020, 9, 24),
    )  # fmt: skip
    entered(clerk, bureau, 3, address="")
    entered(clerk, bureau, 4, address=elsewhere.address("/none"))
    entered(clerk, bureau, 5, online_on=None)
    entered(clerk, bureau, 6, address="http://127.0.0.1/inner")
    found = faults(checked(clerk))
    assert found["no_address"] == ["第3号工作方案的通知"]
    assert found["unreachable"] == ["第4号工作方案的通知", "第6号工作方案的通知"]
    assert found["overdue"] == ["第5号工作方案的通知"]
    assert found["different"] == ["第2号工作方案的通知"]
    assert set(elsewhere.asked) == {"/good", "/bad", "/none"}


def test_what_is_withdrawn_or_not_public_must_not_be_there(
    town: Town,
    clerk: Actor,
    bureau: Organisation,
    own: Own,
    elsewhere: Elsewhere,
    supervisor: Actor,
) -> None:
    gone = online(town, 1, date(2020, 10, 9))
    own.bake()
    withdraw(town, gone)
    assert faults(checked(supervisor, "before"))["still_online"] == [gone.title]
    own.bake()
    shown = elsewhere.put("/hidden", "<h1>第7号工作方案的通知</h1>")
    entered(clerk, bureau, 7, disclosure="withheld", online_on=None, address="")
    LedgerEntry.objects.filter(document_number="某局发〔2020〕7号").update(address=shown)
    assert faults(checked(supervisor, "after")) == {"not_public": ["第7号工作方案的通知"]}


def test_the_reverse_is_checked_too(town: Town, own: Own, supervisor: Actor) -> None:
    """网上有、台账里没有的；台账上不公开、网上却有同一文号的。"""
    online(town, 1, date(2020, 10, 9))
    hidden = online(town, 2, date(2020, 10, 9))
    own.bake()
    LedgerEntry.objects.filter(document_number="测州办发〔2020〕1号").delete()
    LedgerEntry.objects.filter(document=hidden).update(disclosure="withheld", address="")
    assert {code: len(each) for code, each in faults(checked(supervisor)).items()} == {
        "unlisted": 1, "not_public": 1,
    }  # fmt: skip


def test_a_document_being_revised_is_compared_with_what_is_published(
    town: Town, own: Own, supervisor: Actor
) -> None:
    document = online(town, 1, date(2020, 10, 9))
    own.bake()
    perform(document, "revise", actor=town.drafter, key="r", message="改")
    OfficialDocument.objects.filter(pk=document.pk).update(body=[])
    assert faults(checked(supervisor)) == {}


def test_killed_anywhere_it_goes_on_and_finds_each_fault_once(
    town: Town, own: Own, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "BATCH", 2)
    for number in range(1, 6):
        publish(town, number)
    check = start_check(actor=supervisor, key="k")
    for _ in range(2):
        with armed("ledger.looked"), pytest.raises(Stopped):
            check_some(check.pk)
    while check_some(check.pk):
        pass
    check.refresh_from_db()
    assert (check.done, check.found) == (5, check.findings.count())
    assert check.findings.values("entry", "code").distinct().count() == check.found
    assert check_some(check.pk) is False


def test_one_check_at_a_time_once_a_click_and_the_starter_is_told(
    town: Town, own: Own, supervisor: Actor
) -> None:
    with pytest.raises(Refused, match="还没有文件"):
        start_check(actor=supervisor, key="k0")
    publish(town, 1)
    first = start_check(actor=supervisor, key="k1")
    assert start_check(actor=supervisor, key="k1").pk == first.pk
    with pytest.raises(Refused, match="没有做完"):
        start_check(actor=supervisor, key="k2")
    with pytest.raises(OutOfScope):
        start_check(actor=town.reviewer, key="k3")
    assert Job.objects.filter(name="ledger.check").count() == 1
    run_due()
    assert Message.objects.filter(user=supervisor.user_id, key=f"ledger-check:{first.pk}").exists()


def circular_of(check: LedgerCheck, drafter: Actor) -> tuple[OfficialDocument, str]:
    document = draft_circular(check, actor=drafter, key="circular")
    lines = []
    for block in document.body:
        lines += (
            [" | ".join(r) for r in block["rows"]] if block["type"] == "table" else [block["text"]]
        )
    return document, "\n".join(lines)


def test_the_circular_names_every_fault_ranks_the_units_and_waits_for_its_attribute(
    town: Town, clerk: Actor, bureau: Organisation, own: Own, supervisor: Actor
) -> None:
    online(town, 1, date(2020, 10, 9))
    own.bake()
    entered(clerk, bureau, 1, online_on=None)
    entered(clerk, bureau, 2, address="")
    entered(clerk, bureau, 3, disclosure="withheld", online_on=None)
    check = checked(supervisor)
    with pytest.raises(OutOfScope):
        draft_circular(check, actor=supervisor, key="c0")
    document, text = circular_of(check, town.drafter)
    assert (document.document_type, document.disclosure, document.state) == ("8-9", "", "draft")
    assert document.issued_on is None and document.written_on == READ_ON
    for entry in LedgerEntry.objects.filter(organisation=bureau, disclosure="proactive"):
        assert entry.document_number in text and entry.title in text
    assert "印发文件 4 件，其中主动公开 3 件，不公开 1 件" in text
    assert "1 | 测试州 |" in text and "2 | 某局 |" in text
    assert draft_circular(check, actor=town.drafter, key="c2").pk == document.pk
    with pytest.raises(Refused, match="公开属性"):
        perform(document, "submit", actor=town.drafter, key="s")


def test_a_file_that_is_not_public_is_named_in_the_circular_by_its_number_alone(
    town: Town, own: Own, supervisor: Actor
) -> None:
    hidden = online(town, 2, date(2020, 10, 9))
    own.bake()
    LedgerEntry.objects.filter(document=hidden).update(disclosure="withheld", address="")
    _, text = circular_of(checked(supervisor), town.drafter)
    assert "测州办发〔2020〕2号" in text and hidden.title not in text


def test_the_same_number_of_days_is_late_everywhere(
    town: Town, clerk: Actor, bureau: Organisation, own: Own, supervisor: Actor
) -> None:
    """台账、记录页、待办、查出的问题、通报：期限和超期的天数都是同一个。"""
    from tests.sources.ledger.test_following import deadline
    from tests.workbench import sign_in

    entry = entered(clerk, bureau, 1, online_on=None)
    assert entry.publish_due is not None
    assert entry.publish_due.isoformat() == deadline(entry.issued_on)
    late = Reckoner(READ_ON).of(entry)
    assert late.is_overdue and late.days_late > 0
    calendar = Reckoner(READ_ON)._calendars.of(bureau)
    assert (
        time_left(entry.publish_due, READ_ON, calendar).words == f"已过 {late.days_late} 个工作日"
    )
    told = f"超期 {late.days_late} 个工作日"
    check = checked(supervisor)
    assert told in check.findings.get().detail
    _, text = circular_of(check, town.drafter)
    assert f"{deadline(entry.issued_on)} | 未上网 | {late.days_late}" in text
    desk = sign_in(clerk)
    for path in ("/workbench/ledger/", f"/workbench/ledger/{entry.pk}/"):
        assert told in desk.get(path).content.decode(), path
    assert f"已过 {late.days_late} 个工作日" in desk.get("/workbench/").content.decode()


def test_the_database_and_the_rule_agree_on_every_standing_and_the_inventory_adds_up(
    town: Town, clerk: Actor, bureau: Organisation, own: Own
) -> None:
    online(town, 1, date(2020, 10, 9))
    online(town, 2, date(2020, 11, 18))
    entered(clerk, bureau, 1, online_on=None)
    entered(clerk, bureau, 2, issued_on=date(2020, 11, 10), online_on=None)
    entered(clerk, bureau, 3, disclosure="on_request", online_on=None)
    entries = listed_in(town.organisation, includes_subtree=True)
    reckoner = Reckoner(READ_ON)
    seen = []
    for entry in with_standing(entries, READ_ON).select_related("organisation"):
        found = reckoner.of(entry)
        assert entry.standing_code == found.code  # type: ignore[attr-defined]
        seen.append(found.code)
    assert set(seen) == set(STANDINGS)
    rows = list(counted(entries, READ_ON))
    assert sum(row["total"] for row in rows) == entries.count()
    for row in rows:
        assert tally_of(row).total == row["total"]


def test_the_ranking_counts_the_faults(
    town: Town, clerk: Actor, bureau: Organisation, own: Own, supervisor: Actor
) -> None:
    online(town, 1, date(2020, 10, 9))
    own.bake()
    entered(clerk, bureau, 1, address="")
    first, second = ranked(checked(supervisor))
    assert (first.name, first.faults, second.name, second.faults) == ("测试州", 0, "某局", 1)
    assert (first.place, second.place) == (1, 2)
