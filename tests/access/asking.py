"""依申请公开的公开页面：谁都能看；工作人员在这里也只是公众。没有凭编号和查询码进来的，转去查进度的一页。"""

from typing import Any

from tests.access.table import EVERYONE, Row, rows
from tests.api import publish
from tests.dialogue.requests.conftest import ASKED, FARMER
from tests.foundation.residents.conftest import citizen
from tests.town import Town
from yangguang.dialogue.requests.models import DisclosureRequest, RequestOffice
from yangguang.dialogue.requests.public.drafting import CHECK, new_draft
from yangguang.dialogue.requests.services import new_code, submit
from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.publications.models import Publication

HOME = "/interact/requests/"
FILLED = {
    "subject": "2020年某村低保评议公示结果", "kind": "natural_person", "name": "马得福",
    "paper_kind": "identity_card", "paper_number": citizen("19800115"), "phone": "13900000000",
    "delivery": "electronic-online",
}  # fmt: skip


def accepting(town: Town) -> RequestOffice:
    """这个机关受理申请。"""
    found, _ = RequestOffice.objects.get_or_create(
        organisation=town.organisation,
        defaults={
            "name": "政务公开科", "address": "测试州某路1号", "hours": "工作日",
            "telephone": "0930-0000000",
        },
    )  # fmt: skip
    return found


def at(town: Town, page: str = "") -> str:
    accepting(town)
    return f"{HOME}at/{town.organisation.code}/{page}"


def published(town: Town) -> str:
    publish(town, 1)
    return at(town, f"found/{Publication.objects.latest('pk').pk}/")


def filled(town: Town, who: Actor) -> dict[str, Any]:
    accepting(town)
    return {"draft": new_draft(**FILLED).sealed(), "step": CHECK}


CODE = new_code()


def status(town: Town) -> str:
    accepting(town)
    submit(
        ASKED, FARMER, organisation=town.organisation, key=f"access-{new_code()}", query_code=CODE
    )
    return f"{HOME}status/"


def looked_up(town: Town, who: Actor) -> dict[str, Any]:
    return {"number": DisclosureRequest.objects.latest("pk").number, "code": CODE}


rows(
    Row("requests:find", lambda t: HOME, EVERYONE, elsewhere=True),
    Row("requests:office", at, EVERYONE, elsewhere=True),
    Row("requests:search", lambda t: at(t, "search/"), EVERYONE, elsewhere=True),
    Row("requests:found", published, EVERYONE, elsewhere=True),
    Row("requests:blank", lambda t: at(t, "blank/"), EVERYONE, elsewhere=True),
    Row("requests:apply", lambda t: at(t, "apply/"), EVERYONE, elsewhere=True),
    Row("requests:apply", lambda t: at(t, "apply/"), EVERYONE, "POST", filled, "requests.create", True),
    Row("requests:receipt", lambda t: f"{HOME}receipt/", EVERYONE, elsewhere=True),
    Row("requests:receipt-pdf", lambda t: f"{HOME}receipt/pdf/", EVERYONE, elsewhere=True),
    Row("requests:status", lambda t: f"{HOME}status/", EVERYONE, elsewhere=True),
    Row("requests:status", status, EVERYONE, "POST", looked_up, elsewhere=True),
    Row("requests:case", lambda t: f"{HOME}case/", EVERYONE, elsewhere=True),
    Row("requests:withdraw", lambda t: f"{HOME}case/withdraw/", EVERYONE, elsewhere=True),
    Row("requests:part", lambda t: f"{HOME}case/part/1/", EVERYONE, elsewhere=True),
    Row("requests:step", lambda t: f"{HOME}case/do/correct/", EVERYONE, method="POST", elsewhere=True),
    Row("letters:letter", lambda t: f"{HOME}case/letters/1/", EVERYONE, elsewhere=True),
    Row("letters:enclosure", lambda t: f"{HOME}case/letters/1/files/1/", EVERYONE, elsewhere=True),
    Row("requests:leave", lambda t: f"{HOME}leave/", EVERYONE, method="POST", elsewhere=True),
    Row("requests:mine", lambda t: f"{HOME}mine/", EVERYONE, elsewhere=True),
    Row("requests:mine-one", lambda t: f"{HOME}mine/1/", EVERYONE, elsewhere=True),
)  # fmt: skip
