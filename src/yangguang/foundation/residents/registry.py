"""“我的”里有哪些：各应用在启动时登记一项，通到它自己的一页。"""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Entry:
    """“我的”里的一项：名称、地址的名称、一句说明。"""

    label: str
    route: str
    words: str

    @property
    def href(self) -> str:
        """地址。"""
        return reverse(self.route)


_entries: list[Entry] = []


def register(entry: Entry) -> None:
    """登记一项；同一地址登记过的抛出 ``ValueError``。"""
    if any(each.route == entry.route for each in _entries):
        raise ValueError(f"“我的”里已经有 {entry.route}。")
    _entries.append(entry)


def entries() -> tuple[Entry, ...]:
    """登记了的各项，先后为序。"""
    return tuple(_entries)
