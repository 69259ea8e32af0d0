"""资料库的读取。"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.models import StoredFile

from .models import Folder, LibraryItem, LibraryVersion
from .references import Sought, Use, uses


def choosable(actor: Actor | None, kinds: Collection[str] = ()) -> QuerySet[LibraryItem]:
    """此人选得到的资料：看得见、在用的；``kinds`` 限定类别。新的在前。"""
    found = LibraryItem.policy.visible(actor).filter(state="available")
    if kinds:
        found = found.filter(kind__in=kinds)
    return found.order_by("-pk")


def space_used(organisation: int) -> int:
    """一个机构的资料库用掉多少字节，从前的各份也算。一次查询。"""
    versions = LibraryVersion.objects.filter(item__organisation=organisation)
    return int(versions.aggregate(whole=Sum("file__size"))["whole"] or 0)


@dataclass(frozen=True)
class FolderLine:
    """文件夹树的一行：``path`` 是从最上层写下来的名称，``depth`` 从 1 起。"""

    folder: Folder
    path: str
    depth: int
    items: int
    is_empty: bool


def folder_tree(organisation: int) -> list[FolderLine]:
    """一个机构的文件夹，父在前、子在后，同层按名称。一次查询。"""
    folders = Folder.objects.filter(organisation=organisation).annotate(held=Count("items"))
    below: dict[int | None, list[Folder]] = {}
    for folder in folders.order_by("name"):
        below.setdefault(folder.parent_id, []).append(folder)

    def walk(parent: int | None, above: str, depth: int) -> Iterator[FolderLine]:
        for folder in below.get(parent, ()):
            path = f"{above}{folder.name}"
            held: int = vars(folder)["held"]
            is_empty = not held and folder.pk not in below
            yield FolderLine(folder, path, depth, held, is_empty)
            yield from walk(folder.pk, f"{path} / ", depth + 1)

    return list(walk(None, "", 1))


@dataclass(frozen=True)
class WhereUsed:
    """一份资料用在哪里：看得见的逐处列出，看不见的只说有几处。"""

    uses: list[Use]
    hidden: int

    @property
    def is_public(self) -> bool:
        """公众此刻看得到。"""
        return any(use.is_public for use in self.uses)


def where_used(item: LibraryItem, actor: Actor) -> WhereUsed:
    """资料的各份内容用在哪里。查询次数随登记的用处而定，与用了多少处无关。"""
    sought = sought_for(item)
    seen = uses(sought, actor)
    return WhereUsed(seen, len(uses(sought, None)) - len(seen))


def sought_for(item: LibraryItem) -> Sought:
    """查一份资料的用处要给的：编号，各份的文件和摘要。"""
    versions = list(item.versions.select_related("file"))
    return Sought(
        frozenset({item.pk}),
        frozenset(version.file_id for version in versions),
        frozenset(digest for version in versions for digest in digests_of(version)),
    )


def digests_of(version: LibraryVersion) -> set[str]:
    """一份内容落在盘上的各个摘要：原件、上网的一份、小图。"""
    file = version.file
    made = {file.sha256, file.bare_sha256, version.master_sha256, version.thumbnail}
    return made - {""}


@dataclass
class PublicCopy:
    """资料上网的一份：可以直接作为信息的附件（``publications.kinds.Attachment``）。

    图片是摆正、去掉拍摄信息的一份，有宽高；别的没有宽高。
    """

    name: str
    sha256: str
    size: int
    media_type: str
    width: int | None = None
    height: int | None = None


def public_copy(item: LibraryItem) -> PublicCopy:
    """资料现行内容上网的一份。原件（拍摄地点、作者）不对外，发布用的都从这里取。"""
    return copy_of(item.version)


def copy_of(version: LibraryVersion) -> PublicCopy:
    """资料的某一份上网的样子。"""
    if version.master_sha256:
        return PublicCopy(
            version.file.name, version.master_sha256, version.master_size, version.master_type,
            version.width, version.height,
        )  # fmt: skip
    return copy_of_file(version.file)


def copy_of_file(file: StoredFile) -> PublicCopy:
    """一份文件上网的样子：图片、视频去掉了拍摄的时间、地点、设备，别的就是原件。"""
    return PublicCopy(file.name, file.public_sha256, file.public_size, file.media_type)


def with_captions(found: Iterable[tuple[PublicCopy, StoredFile | None]]) -> list[PublicCopy]:
    """各个附件连同视频的字幕：字幕紧跟在它的视频后面，公开的页面照此配对。"""
    copies = []
    for copy, captions in found:
        copies.append(copy)
        if captions is not None:
            copies.append(copy_of_file(captions))
    return copies
