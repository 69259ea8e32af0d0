"""资料库的动作：收进、改、换、停用、文件夹；不在范围的什么也办不了。"""

import io

import pytest
from PIL import Image

from tests.actors import actor, organisation
from tests.foundation.library.conftest import drawn, put_in
from tests.town import Town
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.services import FileRefused, path_of
from yangguang.foundation.files.storing import location
from yangguang.foundation.library.models import Folder, LibraryItem
from yangguang.foundation.library.selectors import (
    choosable,
    folder_tree,
    public_copy,
    where_used,
)
from yangguang.foundation.library.services import (
    add,
    edit,
    open_folder,
    remove_folder,
    rename_folder,
    replace,
)
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused, perform
from yangguang.sources.documents.services import attach_uploads

pytestmark = pytest.mark.django_db


def test_the_original_is_kept_and_what_goes_out_has_no_trace_of_the_camera(
    picture: LibraryItem,
) -> None:
    version = picture.version
    assert (picture.kind, picture.name, version.width, version.height) == (
        "picture", "照片", 400, 300,
    )  # fmt: skip
    assert b"SecretCamera" in path_of(version.file).read_bytes()
    copy = public_copy(picture)
    public = location(copy.sha256).read_bytes()
    assert b"SecretCamera" not in public and len(public) == copy.size
    assert Image.open(io.BytesIO(location(version.thumbnail).read_bytes())).width == 320


def test_a_picture_without_words_is_refused_and_leaves_nothing(town: Town) -> None:
    with pytest.raises(Refused, match="替代文字"):
        put_in(town, alternative="")
    with pytest.raises(FileRefused, match="太小"):
        add(drawn(size=(50, 50)), "小.jpg", actor=town.drafter, key="k", alternative="一点红")
    with pytest.raises(Classified):
        put_in(town, caption="机密★1年")
    assert not StoredFile.objects.exists() and not LibraryItem.objects.exists()


def test_the_same_key_takes_in_once(town: Town, picture: LibraryItem) -> None:
    again = put_in(town)
    assert again.pk == picture.pk and again.current_id == picture.current_id
    assert StoredFile.objects.count() == LibraryItem.objects.count() == 1


def test_those_who_may_not_write_and_those_from_elsewhere_can_do_nothing(
    town: Town, picture: LibraryItem
) -> None:
    stranger = actor("drafter", organisation("elsewhere"))
    folder = open_folder("防汛", parent=None, actor=town.drafter)
    for who in (stranger, town.reviewer):
        with pytest.raises(OutOfScope):
            edit(picture, {"name": "改名"}, actor=who)
        with pytest.raises(OutOfScope):
            replace(picture, drawn("blue"), "新.jpg", note="换", actor=who)
        with pytest.raises(OutOfScope):
            rename_folder(folder, "改名", actor=who)
        with pytest.raises(OutOfScope):
            remove_folder(folder, actor=who)
    with pytest.raises(OutOfScope):
        put_in(town, actor=town.reviewer)
    with pytest.raises(OutOfScope):
        add(b"text", "a.txt", actor=stranger, key="k", folder=folder)
    with pytest.raises(OutOfScope):
        perform(picture, "retire", actor=stranger, key="k", message="不用")
    assert not choosable(stranger).exists() and choosable(town.reviewer).get() == picture


def test_a_supervisor_above_sees_what_is_below_and_changes_only_his_own(town: Town) -> None:
    below = organisation("county", parent=town.organisation)
    item = add(b"text", "a.txt", actor=actor("drafter", below), key="below")
    supervisor = actor("supervisor", town.organisation, subtree=True)
    assert choosable(supervisor).get() == item
    with pytest.raises(OutOfScope):
        edit(item, {"name": "改名"}, actor=supervisor)
    with pytest.raises(Refused, match="下级"):
        perform(item, "retire", actor=supervisor, key="retire", message="不用")


def test_details_are_changed_and_only_what_changed_is_noted(
    town: Town, picture: LibraryItem
) -> None:
    folder = open_folder("防汛", parent=None, actor=town.drafter)
    edit(picture, {"name": " 新名 ", "folder": folder, "credit": ""}, actor=town.drafter)
    assert (picture.name, picture.folder) == ("新名", folder)
    event = AuditEvent.objects.get(action="library.edit")
    assert event.fields == ["folder", "name"]
    with pytest.raises(Refused, match="替代文字"):
        edit(picture, {"alternative": ""}, actor=town.drafter)
    with pytest.raises(Refused, match="最多 120 字"):
        edit(picture, {"name": "长" * 121}, actor=town.drafter)


def test_what_is_replaced_keeps_its_number_and_the_old_content(
    town: Town, picture: LibraryItem
) -> None:
    old = picture.version
    new = replace(picture, drawn("blue", (500, 500)), "新.jpg", note="换新图", actor=town.drafter)
    assert picture.version == new and (new.number, new.width) == (2, 500)
    assert path_of(old.file).exists() and location(old.master_sha256).exists()
    same = replace(picture, drawn("blue", (500, 500)), "新.jpg", note="再换", actor=town.drafter)
    assert same == new and picture.versions.count() == 2
    with pytest.raises(Refused, match="只能换成图片"):
        replace(picture, b"text", "a.txt", note="换", actor=town.drafter)


def test_a_retired_item_is_no_longer_offered(town: Town, picture: LibraryItem) -> None:
    perform(picture, "retire", actor=town.approver, key="retire", message="画面过时")
    assert not choosable(town.drafter).exists()
    perform(picture, "resume", actor=town.approver, key="resume")
    assert choosable(town.drafter, ["picture"]).get() == picture
    assert not choosable(town.drafter, ["video"]).exists()


def test_folders_stand_in_a_tree_and_go_only_when_empty(town: Town) -> None:
    top = open_folder("2020年", parent=None, actor=town.drafter)
    inner = open_folder("防汛", parent=top, actor=town.drafter)
    with pytest.raises(Refused, match="已经有"):
        open_folder("防汛", parent=top, actor=town.drafter)
    with pytest.raises(Refused, match="已经有"):
        open_folder("2020年", parent=None, actor=town.drafter)
    put_in(town, folder=inner)
    lines = folder_tree(town.organisation.pk)
    assert [(each.path, each.items, each.is_empty) for each in lines] == [
        ("2020年", 0, False), ("2020年 / 防汛", 1, False),
    ]  # fmt: skip
    for folder in (top, inner):
        with pytest.raises(Refused, match="还有东西"):
            remove_folder(folder, actor=town.drafter)
    rename_folder(inner, "抗旱", actor=town.drafter)
    empty = open_folder("空的", parent=top, actor=town.drafter)
    remove_folder(empty, actor=town.drafter)
    assert set(Folder.objects.values_list("name", flat=True)) == {"2020年", "抗旱"}


def test_where_it_is_used_names_what_you_may_see_and_counts_the_rest(
    town: Town, picture: LibraryItem
) -> None:
    document = town.document()
    attach_uploads(document, [], [picture.version.file], actor=town.drafter)
    with pytest.raises(Refused, match="已经是"):
        attach_uploads(document, [], [picture.version.file], actor=town.drafter)
    used = where_used(picture, town.drafter)
    assert [use.what for use in used.uses] == [f"公文“{document.title}”的附件"]
    assert used.hidden == 0
    gazette = where_used(picture, actor("gazette_editor", town.organisation))
    assert (gazette.uses, gazette.hidden) == ([], 1)
