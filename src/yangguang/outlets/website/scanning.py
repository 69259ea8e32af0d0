"""巡查的头一半：走一遍树，找出可疑的文件。只读，不加锁；是不是真有人动过，由 ``patrol`` 确认。

文件的印记（大小、inode、修改和变更时间）与上次核对时一样的，不读内容；不一样的，算摘要、展开副本来比。
此外每一轮挑最久没有算过的几个目录全算一遍，一天之内轮到每一个文件。
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .manifest import NAME, ROOT, digest_of
from .sealed_tree import content_of, file_faults, is_own, is_scratch, twins_of
from .snapshot import Listing, Records, Remembered, Snapshot, listing

DAY = 20 * 3600.0
"""多少秒里把每个文件都算过一遍：比一天短些，留出余地。"""


@dataclass(frozen=True)
class Folder:
    """账上的一个目录：其中的文件，清单的摘要。"""

    files: Mapping[str, tuple[str, int]]
    digest: str


Loader = Callable[[str], Folder | None]
"""取一个目录的账；账上没有这个目录为 ``None``。"""


@dataclass
class Scan:
    """一个站点走一遍的结果。"""

    files: int = 0
    hashed: int = 0
    suspects: list[str] = field(default_factory=list)


def scan(
    root: Path,
    digests: Mapping[str, str],
    load: Loader,
    snapshot: Snapshot,
    elapsed: float,
    *,
    full: bool = False,
) -> Scan:
    """走一遍。``digests``：账上各目录的清单的摘要；``load`` 取一个目录的账；``elapsed``：离上一轮几秒。"""
    found = Scan()
    known = snapshot.remembered()
    due = _due(known, elapsed)
    seen: set[str] = set()
    waiting = [ROOT]
    while waiting:
        folder = waiting.pop()
        here = listing(os.path.join(root, folder.lstrip("/")))
        if here is None:
            continue
        seen.add(folder)
        waiting += [f"{folder}{name}/" for name in here.folders]
        found.files += len(here.files)
        before, manifest = known.get(folder), digests.get(folder, "")
        whole = full or folder in due or before is None
        if not whole and before and (before.digest, before.manifest) == (here.digest, manifest):
            continue
        _examine(root, folder, here, load(folder), snapshot, found, before, whole)
    for folder in digests.keys() - seen:
        own = load(folder)
        found.suspects += [
            (folder + name).lstrip("/") for name in (*(own.files if own else ()), NAME)
        ]
    snapshot.forget(known.keys() - seen)
    return found


def _due(known: Mapping[str, Remembered], elapsed: float) -> set[str]:
    """这一轮要全算一遍的目录：最久没有算过的那几个。"""
    quota = -(-len(known) * min(elapsed, DAY) // DAY)
    stalest = sorted(known, key=lambda folder: known[folder].hashed_at)
    return set(stalest[: int(quota)])


def _examine(
    root: Path,
    folder: str,
    here: Listing,
    own: Folder | None,
    snapshot: Snapshot,
    found: Scan,
    before: Remembered | None,
    whole: bool,
) -> None:
    base = folder.lstrip("/")
    old = {} if whole else snapshot.records(folder)
    good: Records = {}
    suspects: list[str] = []
    files = own.files if own else {}
    for name, (digest, size) in files.items():
        current = _current(here, name, digest)
        if current and all(old.get(each) == record for each, record in current.items()):
            good |= current
            continue
        found.hashed += 1
        if any(file_faults(root, base + name, digest, size)) or not current:
            suspects.append(base + name)
        else:
            good |= current
    suspects += _suspect_manifest(root, folder, here, own, old, good)
    suspects += [
        base + name
        for name in here.files
        if not is_own(name, files) and not (own and name == NAME) and not is_scratch(base + name)
    ]
    found.suspects += suspects
    snapshot.remember(
        folder,
        Remembered(
            digest="" if suspects else here.digest,
            manifest=own.digest if own else "",
            hashed_at=time.time() if whole or before is None else before.hashed_at,
        ),
        good,
    )


def _current(here: Listing, name: str, digest: str) -> Records:
    """一个文件和它的副本此刻的印记；缺一样就是空的。"""
    twins = twins_of(name)
    if not all(each in here.files for each in (name, *twins)):
        return {}
    return {name: (here.files[name], digest)} | {each: (here.files[each], "") for each in twins}


def _suspect_manifest(
    root: Path, folder: str, here: Listing, own: Folder | None, old: Records, good: Records
) -> Iterator[str]:
    if own is None:
        return
    path = f"{folder}{NAME}".lstrip("/")
    stamp = here.files.get(NAME)
    if stamp is None:
        yield path
        return
    if old.get(NAME) == (stamp, own.digest):
        good[NAME] = (stamp, own.digest)
        return
    content = content_of(root / path)
    if content is None or digest_of(content) != own.digest:
        yield path
    else:
        good[NAME] = (stamp, own.digest)
