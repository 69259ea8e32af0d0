"""页面编排：站点主办单位的签发人、监督员。"""

from io import BytesIO
from typing import Any

from PIL import Image

from tests.access.table import Row, rows
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.outlets.blocks.models import BlockPage
from yangguang.outlets.blocks.pictures import take_in
from yangguang.outlets.blocks.services import begin, save_block

EDITORS = frozenset({"approver", "supervisor"})


def at(state: str) -> Any:
    """取走到 ``state`` 的首页编排。"""

    def found(town: Town) -> BlockPage:
        page = begin(town.site, None, actor=town.approver, key="access-page")
        if state in ("published", "changed"):
            perform(page, "publish", actor=town.approver, key="access-publish")
        if state == "changed":
            save_block(
                page, "text", {"heading": "", "body": "几句话。"}, actor=town.approver, key="block"
            )  # fmt: skip
        return page

    return found


def page(tail: str = "", state: str = "draft") -> Any:
    return lambda town: f"/workbench/pages/{at(state)(town).pk}/{tail}"


def text(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-block", "heading": "说明", "body": "几句话。"}


def columns(town: Town, who: Actor) -> dict[str, Any]:
    from yangguang.outlets.blocks.services import fingerprint

    record = BlockPage.objects.get()
    block = next(each for each in record.blocks if each.id == "b4")
    return {"key": "access-edit", "seen": fingerprint(block), "heading": "栏目", "beside": "on"}


def target(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-begin", "target": f"site:{town.site.pk}"}


def publishing(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-do", "revision": BlockPage.objects.get().revision}


def picture(tail: str = "") -> Any:
    def path(town: Town) -> str:
        content = BytesIO()
        Image.new("RGB", (120, 120), "red").save(content, "PNG")
        found = take_in(town.site, content.getvalue(), "图.png", actor=town.approver)
        return f"/workbench/pages/pictures/{found.pk}/{tail}"

    return path


def upload(town: Town, who: Actor) -> dict[str, Any]:
    stream = BytesIO()
    Image.new("RGB", (120, 120), "blue").save(stream, "PNG")
    stream.seek(0)
    stream.name = "图.png"
    return {"key": "access-picture", "site": town.site.pk, "file": stream}


rows(
    Row("workbench:pages", lambda t: "/workbench/pages/", EDITORS),
    Row("workbench:pages-new", lambda t: "/workbench/pages/new/", EDITORS),
    Row(
        "workbench:pages-new", lambda t: "/workbench/pages/new/", EDITORS, method="POST",
        data=target, event="blocks.create",
    ),
    Row("workbench:pages-record", page(), EDITORS),
    Row("workbench:pages-record", page(state="changed"), EDITORS),
    Row("workbench:pages-add", page("add/text/"), EDITORS),
    Row(
        "workbench:pages-add", page("add/text/"), EDITORS, method="POST", data=text,
        event="blocks.save",
    ),
    Row("workbench:pages-block", page("blocks/b4/"), EDITORS),
    Row(
        "workbench:pages-block", page("blocks/b4/"), EDITORS, method="POST", data=columns,
        event="blocks.save",
    ),
    Row(
        "workbench:pages-move", page("blocks/b4/move/"), EDITORS, method="POST",
        data=lambda t, who: {"step": "up"}, event="blocks.move",
    ),
    Row(
        "workbench:pages-remove", page("blocks/b4/remove/"), EDITORS, method="POST",
        event="blocks.remove",
    ),
    Row("workbench:pages-preview", page("preview/"), EDITORS),
    Row("workbench:pages-preview-page", page("preview/page/"), EDITORS),
    Row("workbench:pages-preview-page", page("preview/page/?version=1", "published"), EDITORS),
    Row(
        "workbench:pages-restore", page("restore/", "changed"), EDITORS, method="POST",
        data=lambda t, who: {"version": 1}, event="blocks.restore",
    ),
    Row("workbench:pages-pictures", lambda t: "/workbench/pages/pictures/", EDITORS),
    Row(
        "workbench:pages-pictures", lambda t: "/workbench/pages/pictures/", EDITORS,
        method="POST", data=upload, event="files.store",
    ),
    Row("workbench:pages-picture", picture(), EDITORS),
    Row(
        "workbench:pages-withdraw", picture("withdraw/"), EDITORS, method="POST",
        event="blocks.withdraw_picture",
    ),
    Row("workbench:pages-do", page("do/publish/"), EDITORS),
    Row(
        "workbench:pages-do", page("do/publish/"), EDITORS, method="POST", data=publishing,
        event="blocks.publish",
    ),
    Row(
        "workbench:pages-do", page("do/discard/", "changed"), EDITORS, method="POST",
        data=lambda t, who: {"key": "access-discard"}, event="blocks.discard",
    ),
)  # fmt: skip
