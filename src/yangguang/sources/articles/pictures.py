"""正文里的图片：从资料库里取，记下用的是哪一份。"""

from collections.abc import Iterable, Sequence

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.models import LibraryItem, LibraryVersion
from yangguang.foundation.library.selectors import choosable, copy_of
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.richtext.blocks import Block, picture_files

from .rules import MOST_PICTURES


def with_pictures(blocks: Sequence[Block], kept: Iterable[int], actor: Actor) -> list[Block]:
    """正文里的图片写上资料现行的一份：摘要、类型、宽高。

    ``kept`` 是原来就用着的，停用了也照样用。选不到的抛出 ``Refused``。
    """
    numbers = picture_files(blocks)
    if not numbers:
        return list(blocks)
    if len(numbers) > MOST_PICTURES:
        raise Refused([f"文中有 {len(numbers)} 张图片，最多 {MOST_PICTURES} 张，请分成几篇。"])
    used = frozenset(kept)
    reachable = {item.pk for item in choosable(actor, ("picture",)).filter(pk__in=numbers)}
    versions = {
        version.item_id: version
        for version in LibraryVersion.objects.filter(
            pk__in=LibraryItem.objects.filter(pk__in=numbers, kind="picture").values("current")
        ).select_related("file")
    }
    missing = [
        position
        for position, number in enumerate(numbers, 1)
        if number not in versions or number not in reachable | used
    ]
    if missing:
        raise Refused([f"第 {n} 张图片不在资料库里，或者已经停用，请重新选。" for n in missing])
    return [
        _pictured(block, versions[block["file"]]) if block["type"] == "picture" else block
        for block in blocks
    ]


def _pictured(block: Block, version: LibraryVersion) -> Block:
    copy = copy_of(version)
    return {
        "type": "picture",
        "file": version.item_id,
        "version": version.pk,
        "alt": block["alt"],
        "caption": block["caption"],
        "sha256": copy.sha256,
        "media_type": copy.media_type,
        "width": copy.width,
        "height": copy.height,
    }
