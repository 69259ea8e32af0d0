"""检索的维护：同义词、推荐结果、没有查到的词。"""

from collections.abc import Callable
from typing import Any

from tests.access.table import Row, rows
from tests.actors import actor
from tests.hub.search.supervising import promotion, synonyms
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.search.models import Promotion, SynonymGroup
from yangguang.hub.search.services import count_fruitless

SUPERVISOR = frozenset({"supervisor"})
MODELS = {"synonyms": SynonymGroup, "promotions": Promotion}
AUDIT = {"synonyms": "search.synonym", "promotions": "search.promotion"}


def made(slug: str, state: str = "in_force") -> Callable[[Town], Any]:
    """本机构的一条，走到 ``state``。"""

    def one(town: Town) -> Any:
        who = actor("supervisor", town.organisation)
        if slug == "synonyms":
            record: Any = synonyms(who, "低保", "最低生活保障", site=town.site)
        else:
            record = promotion(
                who, "低保", address="/columns/wenjian/", label="文件", site=town.site
            )
        if state == "ended":
            perform(record, "end", actor=who, key=f"end-{slug}", message="不用了")
        return record

    return one


def page(slug: str, tail: str = "", state: str = "in_force") -> Callable[[Town], str]:
    return lambda town: f"/workbench/{slug}/{made(slug, state)(town).pk}/{tail}"


def filled(slug: str) -> Callable[[Town, Actor], dict[str, Any]]:
    def values(town: Town, who: Actor) -> dict[str, Any]:
        given = {
            "key": f"access-{slug}", "site": town.site.pk, "words": "社保\n社会保险", "reason": "常用",
        }  # fmt: skip
        if slug == "promotions":
            given |= {"address": "/", "label": "首页", "valid_from": "2020-01-01"}
        return given

    return values


def edited(slug: str) -> Callable[[Town, Actor], dict[str, Any]]:
    def values(town: Town, who: Actor) -> dict[str, Any]:
        record = MODELS[slug].objects.latest("pk")
        return filled(slug)(town, who) | {"seen": record.updated_at.isoformat()}

    return values


def act(slug: str, event: str, state: str) -> list[Row]:
    path = page(slug, f"do/{event}/", state)
    route = f"workbench:{slug}-do"
    return [
        Row(route, path, SUPERVISOR),
        Row(
            route, path, SUPERVISOR, method="POST", event=f"{AUDIT[slug]}.{event}",
            data=lambda t, who: {"key": f"access-{event}", "message": "理由"},
        ),
    ]  # fmt: skip


def screens(slug: str) -> list[Row]:
    base = f"/workbench/{slug}/"
    return [
        Row(f"workbench:{slug}", lambda t: base, SUPERVISOR, elsewhere=True),
        Row(f"workbench:{slug}-new", lambda t: f"{base}new/", SUPERVISOR),
        Row(
            f"workbench:{slug}-new", lambda t: f"{base}new/", SUPERVISOR, method="POST",
            data=filled(slug), event=f"{AUDIT[slug]}.create",
        ),
        Row(f"workbench:{slug}-record", page(slug), SUPERVISOR),
        Row(f"workbench:{slug}-edit", page(slug, "edit/"), SUPERVISOR),
        Row(
            f"workbench:{slug}-edit", page(slug, "edit/"), SUPERVISOR, method="POST",
            data=edited(slug), event=f"{AUDIT[slug]}.edit",
        ),
        *act(slug, "end", "in_force"),
        *act(slug, "resume", "ended"),
    ]  # fmt: skip


def in_vain(town: Town) -> str:
    for _ in range(3):
        count_fruitless(town.site, "低保")
    return "/workbench/fruitless/"


rows(
    *screens("synonyms"),
    *screens("promotions"),
    Row("workbench:fruitless", in_vain, SUPERVISOR, elsewhere=True),
)
