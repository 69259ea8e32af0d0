"""资料库：本机构的信息员、审核人、签发人、公报编辑、监督员看得见；审核人只看。"""

from io import BytesIO
from typing import Any

from PIL import Image

from tests.access.table import Row, rows
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.models import Folder, LibraryItem
from yangguang.foundation.library.services import add, begin_upload, open_folder
from yangguang.foundation.lifecycle.services import perform

WRITERS = frozenset({"drafter", "approver", "gazette_editor", "supervisor"})
READERS = WRITERS | {"reviewer"}
DRAFTER = frozenset({"drafter"})
BASE = "/workbench/library/"


def drawn(colour: str = "red") -> BytesIO:
    stream = BytesIO()
    Image.new("RGB", (120, 120), colour).save(stream, "PNG")
    stream.seek(0)
    stream.name = "图.png"
    return stream


def made(town: Town) -> LibraryItem:
    content = drawn().getvalue()
    return add(content, "图.png", actor=town.drafter, key="access", alternative="一面红墙")


def item(tail: str = "", *, retired: bool = False) -> Any:
    def path(town: Town) -> str:
        found = made(town)
        if retired:
            perform(found, "retire", actor=town.drafter, key="access-retire", message="不用")
        return f"{BASE}{found.pk}/{tail}"

    return path


def folder(tail: str = "") -> Any:
    def path(town: Town) -> str:
        return f"{BASE}folders/{open_folder('防汛', parent=None, actor=town.drafter).pk}/{tail}"

    return path


def upload(tail: str = "") -> Any:
    def path(town: Town) -> str:
        begun = begin_upload("会议.mp4", 30_000_000, actor=town.drafter)
        return f"{BASE}uploads/{begun.token}/{tail}"

    return path


def uploaded(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-new", "file": drawn("blue"), "alternative": "一面蓝墙"}


def edited(town: Town, who: Actor) -> dict[str, Any]:
    seen = LibraryItem.objects.get().updated_at.isoformat()
    return {"key": "access-edit", "seen": seen, "name": "新名", "alternative": "一面红墙"}


def replaced(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-replace", "file": drawn("blue"), "note": "换新图"}


def sent(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "library-key": "access-send", "library-file": drawn("blue"),
        "library-alternative": "一面蓝墙",
    }  # fmt: skip


def renamed(town: Town, who: Actor) -> dict[str, Any]:
    assert Folder.objects.exists()
    return {"key": "access-folder", "name": "抗旱"}


rows(
    Row("workbench:library", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:library-new", lambda t: f"{BASE}new/", WRITERS, elsewhere=True),
    Row(
        "workbench:library-new", lambda t: f"{BASE}new/", WRITERS, method="POST", data=uploaded,
        event="library.create", elsewhere=True,
    ),
    Row("workbench:library-record", item(), READERS),
    Row("workbench:library-file", item("file/"), READERS),
    Row("workbench:library-thumbnail", item("thumbnail/"), READERS),
    Row("workbench:library-version", item("versions/1/"), READERS),
    Row("workbench:library-edit", item("edit/"), WRITERS),
    Row(
        "workbench:library-edit", item("edit/"), WRITERS, method="POST", data=edited,
        event="library.edit",
    ),
    Row("workbench:library-replace", item("replace/"), WRITERS),
    Row(
        "workbench:library-replace", item("replace/"), WRITERS, method="POST", data=replaced,
        event="library.replace",
    ),
    Row("workbench:library-do", item("do/retire/"), WRITERS),
    Row(
        "workbench:library-do", item("do/retire/"), WRITERS, method="POST",
        data=lambda t, who: {"key": "access-do", "message": "不用"}, event="library.retire",
    ),
    Row(
        "workbench:library-do", item("do/resume/", retired=True), WRITERS, method="POST",
        data=lambda t, who: {"key": "access-do"}, event="library.resume",
    ),
    Row(
        "workbench:library-uploads", lambda t: f"{BASE}uploads/", WRITERS, method="POST",
        data=lambda t, who: {"name": "会议.mp4", "size": "30000000"}, event="files.begin",
        elsewhere=True, answer=201,
    ),
    Row("workbench:library-upload", upload(), DRAFTER),
    Row("workbench:library-upload-drop", upload("drop/"), DRAFTER, "POST", event="files.drop"),
    Row("workbench:library-folders", lambda t: f"{BASE}folders/", WRITERS, elsewhere=True),
    Row(
        "workbench:library-folders", lambda t: f"{BASE}folders/", WRITERS, method="POST",
        data=lambda t, who: {"key": "access-folder", "name": "防汛"},
        event="library.open_folder", elsewhere=True,
    ),
    Row("workbench:library-folder", folder(), WRITERS),
    Row(
        "workbench:library-folder", folder(), WRITERS, method="POST", data=renamed,
        event="library.rename_folder",
    ),
    Row(
        "workbench:library-remove-folder", folder("remove/"), WRITERS, method="POST",
        event="library.remove_folder",
    ),
    Row("workbench:library-choose", lambda t: f"{BASE}choose/?field=item", READERS, elsewhere=True),
    Row(
        "workbench:library-choose", lambda t: f"{BASE}choose/?field=item&kind=picture", WRITERS,
        method="POST", data=sent, event="library.create", elsewhere=True, answer=200,
    ),
)  # fmt: skip
