"""信息报送：报送一方写、签、报；接收一方的信息员采用；监督员定分值。"""

from typing import Any

from django.utils import timezone

from tests.access.table import Row, rows
from tests.actors import organisation
from tests.foundation.library.conftest import drawn
from tests.sources.contributions.conftest import BODY, Bureau, make_bureau
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.services import add
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.sources.contributions.models import Call, Contribution
from yangguang.sources.contributions.services import draft

BASE, CALLS, RANKING = (
    f"/workbench/{slug}/" for slug in ("contributions", "calls", "contribution-ranking")
)
READERS = frozenset({"drafter", "approver", "supervisor"})
EDITORS = frozenset({"drafter", "supervisor"})
DRAFTER, SUPERVISOR = frozenset({"drafter"}), frozenset({"supervisor"})


def own(town: Town, state: str = "draft") -> Contribution:
    """本机构（``town``）自己报给上级的一篇。各机构都以这个上级为主管部门。"""
    above = Organisation.objects.filter(code="above").first() or organisation("above")
    Organisation.objects.exclude(pk=above.pk).update(disclosure_authority=above)
    given = {"title": "一篇", "body": BODY, "receiver": above}
    here = Organisation.objects.get(pk=town.organisation.pk)
    contribution = draft(given, organisation=here, actor=town.drafter, key="own")
    if state != "draft":
        perform(contribution, "submit", actor=town.drafter, key="own-submit")
    if state == "sent":
        perform(contribution, "send", actor=town.approver, key="own-send")
    return contribution


def page(state: str = "draft", tail: str = "") -> Any:
    return lambda town: f"{BASE}{own(town, state).pk}/{tail}"


def arrived(tail: str = "") -> Any:
    """下级报上来的一篇。"""
    return lambda town: f"{BASE}{make_bureau(town).sent().pk}/{tail}"


def pictured(town: Town) -> str:
    bureau: Bureau = make_bureau(town)
    item = add(drawn(), "图.jpg", actor=bureau.drafter, key="picture", alternative="一面红墙")
    picture = {"type": "picture", "file": item.pk, "alt": "一面红墙", "caption": ""}
    contribution = bureau.sent(body=[*BODY, picture])
    return f"{BASE}{contribution.pk}/pictures/{item.version.pk}/"


def call(tail: str = "", *, issued: bool = False) -> Any:
    def path(town: Town) -> str:
        found = make_bureau(town).call()
        if issued:
            perform(found, "issue", actor=town.drafter, key="access-issue")
        return f"{CALLS}{found.pk}/{tail}"

    return path


def offering(town: Town) -> str:
    own(town)
    return f"{BASE}new/"


def typed(town: Town, who: Actor) -> dict[str, Any]:
    above = Organisation.objects.get(code="above")
    return {"key": "access-new", "title": "一篇", "body": "正文。", "receiver": str(above.pk)}


def edited(town: Town, who: Actor) -> dict[str, Any]:
    seen = Contribution.objects.latest("pk").updated_at.isoformat()
    return typed(town, who) | {"seen": seen, "title": "改过"}


def asked(town: Town, who: Actor) -> dict[str, Any]:
    day = timezone.localdate().isoformat()
    return {"key": "access-call", "title": "约一篇", "requirements": "写清楚。", "due_on": day}


def asked_anew(town: Town, who: Actor) -> dict[str, Any]:
    return asked(town, who) | {"seen": Call.objects.latest("pk").updated_at.isoformat()}


def act(route: str, path: Any, roles: frozenset[str], event: str, **data: str) -> list[Row]:
    """一个动作：看表单和提交，同一些角色。"""
    typed = {"key": "access-do", "message": "理由", **data}
    return [
        Row(route, path, roles),
        Row(route, path, roles, method="POST", data=lambda t, who: typed, event=event),
    ]


rows(
    Row("workbench:contributions", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:contributions-new", lambda t: f"{BASE}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:contributions-new", offering, DRAFTER, method="POST", data=typed,
        event="contributions.create", elsewhere=True,
    ),
    Row("workbench:contributions-record", page(), DRAFTER | {"approver"}),
    Row("workbench:contributions-record", arrived(), EDITORS),
    Row("workbench:contributions-picture", pictured, EDITORS),
    Row("workbench:contributions-edit", page(tail="edit/"), DRAFTER),
    Row(
        "workbench:contributions-edit", page(tail="edit/"), DRAFTER, method="POST", data=edited,
        event="contributions.edit",
    ),
    *act("workbench:contributions-do", page("draft", "do/submit/"), DRAFTER, "contributions.submit"),
    *act(
        "workbench:contributions-do", page("in_approval", "do/send/"), frozenset({"approver"}),
        "contributions.send",
    ),
    *act("workbench:contributions-do", arrived("do/decline/"), EDITORS, "contributions.decline"),
    *act(
        "workbench:contributions-do", arrived("do/adopt/"), DRAFTER, "contributions.adopt",
        grade="full",
    ),
    Row("workbench:calls", lambda t: CALLS, READERS, elsewhere=True),
    Row("workbench:calls-new", lambda t: f"{CALLS}new/", EDITORS, elsewhere=True),
    Row(
        "workbench:calls-new", lambda t: f"{CALLS}new/", EDITORS, method="POST", data=asked,
        event="calls.create", elsewhere=True,
    ),
    Row("workbench:calls-record", call(), READERS),
    Row("workbench:calls-edit", call("edit/"), EDITORS),
    Row(
        "workbench:calls-edit", call("edit/"), EDITORS, method="POST", data=asked_anew,
        event="calls.edit",
    ),
    *act("workbench:calls-do", call("do/issue/"), EDITORS, "calls.issue"),
    *act("workbench:calls-do", call("do/close/", issued=True), EDITORS, "calls.close"),
    Row("workbench:contribution-ranking", lambda t: RANKING, EDITORS, elsewhere=True),
    Row(
        "workbench:contribution-ranking-points", lambda t: f"{RANKING}points/", SUPERVISOR,
        elsewhere=True,
    ),
    Row(
        "workbench:contribution-ranking-points", lambda t: f"{RANKING}points/", SUPERVISOR,
        method="POST", elsewhere=True, event="contributions.set_points",
        data=lambda t, who: {
            "key": "access-points", "full": "9", "merged": "1", "forwarded": "5", "on_time": "1",
        },
    ),
)  # fmt: skip
