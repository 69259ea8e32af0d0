"""去网上看一件：真的去取网页、附件，与印发的对照。不碰数据库，几个网站同时看，一个网站内一件一件地看。"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from yangguang.foundation.fetching.pages import Fetched, Fetcher

from .comparing import Issued, differences, folded, paired
from .pages import Page, Unread, is_same_file, read

AT_A_TIME = 4
"""同时看几个网站。"""
PATIENCE = 3
"""一个网站接连这么多件都连不上，这一批里的其余不再试。"""
DEAD = frozenset({"unknown_host", "unreachable", "slow", "certificate"})
NOT_TRIED = "这个网站接连几件都连不上，这一件没有再试"


@dataclass(frozen=True)
class Attached:
    """印发的一个附件：名称，和内容所在。"""

    name: str
    path: Path


@dataclass(frozen=True)
class Subject:
    """要去看的一件，都是平白的值。

    ``wants`` 是该怎样：``online`` 该在网上、文字相同，``gone`` 撤回了、不该看得到，``hidden`` 不是主动公开的、不该在网上。
    """

    entry: int
    wants: str
    address: str
    issued: Issued
    attachments: tuple[Attached, ...] = ()


Fault = tuple[str, str]
"""查出的一个问题：代码，怎样不对。"""


def look_at(
    subjects: Sequence[Subject], made: Callable[[], Fetcher], own: frozenset[str] = frozenset()
) -> dict[int, list[Fault]]:
    """去看这几件，返回各件（台账的编号）查出的问题；没有问题的是空的。

    ``made`` 给出一个新的 ``Fetcher``；``own`` 是本平台的主机名，分几路看。不抛出异常。
    """
    by_host: dict[str, list[Subject]] = defaultdict(list)
    for place, subject in enumerate(subjects):
        host = _host(subject.address)
        by_host[f"{host}#{place % AT_A_TIME}" if host in own else host].append(subject)

    def run(queue: Sequence[Subject]) -> dict[int, list[Fault]]:
        fetcher = made()
        try:
            return _in_turn(queue, fetcher)
        finally:
            fetcher.close()

    found: dict[int, list[Fault]] = {}
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for part in pool.map(run, by_host.values()):
            found |= part
    return found


def _in_turn(queue: Sequence[Subject], fetcher: Fetcher) -> dict[int, list[Fault]]:
    found: dict[int, list[Fault]] = {}
    in_a_row = 0
    for subject in queue:
        if in_a_row >= PATIENCE:
            found[subject.entry] = (
                [("unreachable", f"{NOT_TRIED}。")] if subject.wants == "online" else []
            )
            continue
        answer = fetcher.get(subject.address)
        in_a_row = in_a_row + 1 if answer.fault in DEAD else 0
        found[subject.entry] = _judged(subject, answer, fetcher)
    return found


def _judged(subject: Subject, answer: Fetched, fetcher: Fetcher) -> list[Fault]:
    if subject.wants != "online":
        return _should_be_gone(subject, answer)
    if not answer.is_ok:
        return [("unreachable", f"{answer.told}。")]
    try:
        page = read(answer.content, answer.media_type, answer.url)
    except Unread as unread:
        return [("different", str(unread))]
    faults = []
    if told := differences(subject.issued, page.text, page.body):
        faults.append(("different", "\n".join(told)))
    if told := _attachments(subject, page, fetcher):
        faults.append(("attachment", "\n".join(told)))
    return faults


def _should_be_gone(subject: Subject, answer: Fetched) -> list[Fault]:
    """撤回的、不公开的：网址上还看得到标题就是问题。打不开、换成了说明都对。"""
    if not answer.is_ok:
        return []
    try:
        page = read(answer.content, answer.media_type, answer.url)
    except Unread:
        return []
    shown, issued = folded(page.text), subject.issued
    if not issued.title or folded(issued.title) not in shown:
        return []
    code = "still_online" if subject.wants == "gone" else "not_public"
    return [(code, "网址上还看得到这份文件。")]


def _attachments(subject: Subject, page: Page, fetcher: Fetcher) -> list[str]:
    links = paired([file.name for file in subject.attachments], page.links)
    told = []
    for file, link in zip(subject.attachments, links, strict=True):
        if link is None:
            told.append(f"网页上没有附件“{file.name}”。")
            continue
        answer = fetcher.get(link.href)
        if not answer.is_ok:
            told.append(f"附件“{file.name}”打不开：{answer.told}。")
        elif not is_same_file(file.path.read_bytes(), answer.content):
            told.append(f"附件“{file.name}”与印发的不一致。")
    return told


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
