"""稿件：本机构的信息员、审核人、签发人和监督员看得见；只有信息员写，签发人定步骤。"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.access.table import Row, rows
from tests.foundation.library.conftest import captions_in, footage_in, put_in
from tests.sources.articles.conftest import ROLE, written
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Column
from yangguang.sources.articles.models import Article
from yangguang.sources.articles.services import VIDEO, attach, caption, edit, set_route

READERS = frozenset({"drafter", "reviewer", "approver", "supervisor"})
DRAFTER = frozenset({"drafter"})
APPROVER = frozenset({"approver"})
BASE = "/workbench/articles/"
TO = {
    "draft": (),
    "in_review": ("submit",),
    "in_second_review": ("submit", "pass_on"),
    "in_approval": ("submit", "pass"),
    "approved": ("submit", "pass", "approve"),
    "published": ("submit", "pass", "release"),
    "revising": ("submit", "pass", "release", "revise"),
    "withdrawn": ("submit", "pass", "release", "withdraw"),
}
"""走到每个状态要办哪些事。"""


def at(state: str, route: str = "two", *, pinned: bool = False) -> Any:
    def made(town: Town) -> Article:
        if route != "two":
            set_route(town.organisation, route, actor=town.approver)
        until = timezone.localdate() + timedelta(days=3) if pinned else None
        article = written(town, pinned_until=until)
        for step, event in enumerate(TO[state]):
            perform(
                article, event, actor=getattr(town, ROLE[event]), key=f"to-{step}", message="理由"
            )
        if state == "revising":
            Article.objects.filter(pk=article.pk).update(summary="改过")
        return article

    return made


def page(state: str, tail: str = "", **given: Any) -> Any:
    return lambda town: f"{BASE}{at(state, **given)(town).pk}/{tail}"


def act(event: str, state: str, role: str, data: Any = None, **given: Any) -> list[Row]:
    """一个动作：看表单和提交，同一个角色。"""
    tail, roles = f"do/{event}/", frozenset(role.split())
    typed = {"key": f"access-{event}", "message": "理由"}
    return [
        Row("workbench:articles-do", page(state, tail, **given), roles),
        Row(
            "workbench:articles-do", page(state, tail, **given), roles, method="POST",
            data=lambda t, who: typed | (data(t) if data else {}), event=f"articles.{event}",
        ),
    ]  # fmt: skip


def new_column(town: Town) -> dict[str, Any]:
    column = Column.objects.add_root(
        instance=Column(
            site=town.site, code="dongtai", name="工作动态", column_type="工作动态",
            description="动态", keywords="动态",
        )
    )  # fmt: skip
    return {"columns": [str(column.pk)]}


def until(town: Town) -> dict[str, Any]:
    return {"until": timezone.localdate().isoformat()}


def typed(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-new", "title": "一篇", "article_type": "news", "body": "正文。"}


def edited(town: Town, who: Actor) -> dict[str, Any]:
    return typed(town, who) | {"seen": Article.objects.latest("pk").updated_at.isoformat()}


def attaching(town: Town) -> str:
    put_in(town)
    return page("draft", "attachments/")(town)  # type: ignore[no-any-return]


def chosen(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-attach", "item": str(LibraryItem.objects.get().pk)}


def filmed(tail: str = "") -> Any:
    """草稿里有一段配了字幕的视频。"""

    def path(town: Town) -> str:
        article = at("draft")(town)
        edit(article, {"video": footage_in(town).version}, actor=town.drafter)
        caption(article, VIDEO, captions_in(town, "一句话"), actor=town.drafter)
        return f"{BASE}{article.pk}/attachments/{VIDEO}/captions/{tail}"

    return path


def chosen_captions(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "captions", "captions": str(LibraryItem.objects.get(kind="captions").pk)}


def attached(tail: str = "") -> Any:
    def path(town: Town) -> str:
        article = written(town)
        attach(article, put_in(town), actor=town.drafter)
        return f"{BASE}{article.pk}/attachments/{article.attachments.get().pk}/{tail}"

    return path


rows(
    Row("workbench:articles", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:articles-new", lambda t: f"{BASE}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:articles-new", lambda t: f"{BASE}new/", DRAFTER, method="POST", data=typed,
        event="articles.create", elsewhere=True,
    ),
    Row("workbench:articles-record", page("draft"), READERS),
    Row("workbench:articles-record", page("published"), READERS),
    Row("workbench:articles-edit", page("draft", "edit/"), DRAFTER),
    Row(
        "workbench:articles-edit", page("draft", "edit/"), DRAFTER, method="POST", data=edited,
        event="articles.edit",
    ),
    Row("workbench:articles-attach", page("draft", "attachments/"), DRAFTER),
    Row(
        "workbench:articles-attach", attaching, DRAFTER, method="POST",
        data=chosen, event="articles.attach",
    ),
    Row("workbench:articles-attached", attached(), READERS),
    Row("workbench:articles-captions", filmed(), DRAFTER),
    Row(
        "workbench:articles-captions", filmed(), DRAFTER, method="POST", data=chosen_captions,
        event="articles.caption",
    ),
    Row("workbench:articles-captions-file", filmed("file/"), READERS),
    Row(
        "workbench:articles-uncaption", filmed("remove/"), DRAFTER, method="POST",
        event="articles.caption",
    ),
    Row(
        "workbench:articles-detach", attached("remove/"), DRAFTER, method="POST",
        event="articles.detach",
    ),
    Row("workbench:articles-route", lambda t: f"{BASE}route/", APPROVER, elsewhere=True),
    Row(
        "workbench:articles-route", lambda t: f"{BASE}route/", APPROVER, method="POST",
        data=lambda t, who: {"key": "access-route", "route": "one"}, event="articles.set_route",
        elsewhere=True,
    ),
    *act("submit", "draft", "drafter"),
    *act("submit_for_approval", "draft", "drafter", route="one"),
    *act("pass", "in_review", "reviewer"),
    *act("pass_on", "in_review", "reviewer", route="three"),
    *act("return", "in_review", "reviewer approver"),
    *act("return", "approved", "reviewer approver"),
    *act("approve", "in_approval", "approver"),
    *act("release", "in_approval", "approver"),
    *act("publish", "approved", "drafter approver"),
    *act("move", "published", "drafter approver", new_column),
    *act("pin", "published", "drafter approver", until),
    *act("unpin", "published", "drafter approver", pinned=True),
    *act("revise", "published", "drafter"),
    *act("correct", "revising", "approver"),
    *act("withdraw", "published", "approver"),
    *act("republish", "withdrawn", "approver"),
)  # fmt: skip
