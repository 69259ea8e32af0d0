"""接口：读的谁都行，不登录也行；写的只认密钥，见 ``tests/foundation/api``。密钥由系统管理员发。"""

from typing import Any

from django.utils import timezone

from tests.access.table import EVERYONE, Row, rows
from tests.actors import actor
from tests.api import publish
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.api.models import ApiKey
from yangguang.foundation.api.services import issue
from yangguang.hub.publications.models import Publication
from yangguang.hub.search.indexer import catch_up

ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
SYSTEM_ADMIN = frozenset({"system_admin"})
KEYS_ONLY = frozenset({"api:hand_in_document", "api:hand_in_ledger", "api:missing"})
"""不认会话的地址：要密钥的，和什么都没有的。"""


def page(tail: str = "") -> Any:
    """一把密钥的地址。"""

    def path(town: Town) -> str:
        admin = actor("system_admin", town.organisation)
        today = timezone.localdate()
        issue(
            "公文系统", organisation=town.organisation, scopes=["documents:write"], networks=[],
            valid_from=today, valid_until=today, per_minute=60, actor=admin, key="access-issue",
        )  # fmt: skip
        return f"/workbench/api-keys/{ApiKey.objects.get().pk}/{tail}"

    return path


def asked(town: Town, who: Actor) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {
        "key": "access-new", "name": "公文系统", "organisation": who.organisation_id,
        "valid_from": today, "valid_until": today, "per_minute": 60,
    }  # fmt: skip


def one(town: Town) -> str:
    publish(town, 1)
    return f"/api/v1/publications/{Publication.objects.get().pk}"


def search(town: Town) -> str:
    catch_up()
    return "/api/v1/search?q=通知"


def reads(route: str, path: Any) -> Row:
    return Row(f"api:{route}", path, EVERYONE, elsewhere=True)


READS = (
    Row("api_pages:guide", lambda t: "/api/", EVERYONE, elsewhere=True),
    reads("root", lambda t: "/api/v1/"),
    reads("openapi", lambda t: "/api/v1/openapi.json"),
    reads("list_publications", lambda t: "/api/v1/publications"),
    reads("list_changes", lambda t: "/api/v1/changes"),
    reads("get_publication", one),
    reads("search_publications", search),
    reads("list_sites", lambda t: "/api/v1/sites"),
    reads("list_columns", lambda t: "/api/v1/columns?site=test"),
    reads("list_organisations", lambda t: "/api/v1/organisations"),
    reads("get_organisation", lambda t: "/api/v1/organisations/test-prefecture"),
)
rows(
    *READS,
    Row("workbench:api-keys", lambda t: "/workbench/api-keys/", ADMINISTRATORS, elsewhere=True),
    Row("workbench:api-keys-new", lambda t: "/workbench/api-keys/new/", SYSTEM_ADMIN, elsewhere=True),
    Row(
        "workbench:api-keys-new", lambda t: "/workbench/api-keys/new/", SYSTEM_ADMIN,
        method="POST", data=asked, event="api_keys.issue", elsewhere=True, answer=200,
    ),
    Row("workbench:api-keys-record", page(), ADMINISTRATORS),
    Row("workbench:api-keys-do", page("do/revoke/"), SYSTEM_ADMIN),
    Row(
        "workbench:api-keys-do", page("do/revoke/"), SYSTEM_ADMIN, method="POST",
        data=lambda t, who: {"key": "access-revoke", "message": "停用"}, event="api_keys.revoke",
    ),
)  # fmt: skip
