"""限速：没有密钥的按来源地址，有密钥的按密钥；几个进程合计，见 ``docs/decisions/0009-api.md``。

没有密钥的读不写数据库：用量记在一个定长的文件里，几个进程共用。一个来源占两格，格子由带密钥的
摘要定，文件里没有任何人的地址。格子重了只会略紧，不会放宽；两格都重的极少。
"""

import hashlib
import logging
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_UN, lockf
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from .models import ApiKey, KeyUse
from .rules import MINUTE, SLACK, Pace, household

log = logging.getLogger(__name__)

SLOTS = 1 << 17
"""格数：一格八字节，文件 1 MB。"""
_CELL = struct.Struct("<d")


class AddressBook:
    """按来源地址（或者别的什么）计用量的册子：一个文件，几个进程、几个线程共用。一本册子只用一种限速。"""

    def __init__(self, path: Path, secret: bytes) -> None:
        self._secret = secret[:64]
        self._threads = Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(self._file, SLOTS * _CELL.size)

    def admit(self, who: str, pace: Pace, now: float) -> float:
        """``who`` 再来一次，要等几秒；0 就是放行，并已记下。"""
        cells = self._cells(who)
        with self._held():
            # 两格里小的更接近实情：大的那一格也许另有别人在用
            arrival = min(self._read(cell) for cell in cells)
            wait = pace.wait(arrival, now)
            if not wait:
                following = pace.after(arrival, now)
                for cell in cells:
                    self._write(cell, max(self._kept(cell, pace, now), following))
        return wait

    def wait(self, who: str, pace: Pace, now: float) -> float:
        """``who`` 现在来要等几秒；只看，不记。"""
        with self._held():
            return pace.wait(min(self._read(cell) for cell in self._cells(who)), now)

    def _cells(self, who: str) -> tuple[int, int]:
        digest = hashlib.blake2b(who.encode(), key=self._secret, digest_size=16).digest()
        first, second = struct.unpack("<QQ", digest)
        return first % SLOTS, second % SLOTS

    @contextmanager
    def _held(self) -> Iterator[None]:
        # lockf 只隔开进程，线程另用一把锁
        with self._threads:
            lockf(self._file, LOCK_EX)
            try:
                yield
            finally:
                lockf(self._file, LOCK_UN)

    def _read(self, cell: int) -> float:
        (found,) = _CELL.unpack(os.pread(self._file, _CELL.size, cell * _CELL.size))
        return float(found)

    def _kept(self, cell: int, pace: Pace, now: float) -> float:
        found = self._read(cell)
        return found if found <= now + 2 * pace.span else 0.0

    def _write(self, cell: int, value: float) -> None:
        os.pwrite(self._file, _CELL.pack(value), cell * _CELL.size)


@lru_cache(maxsize=32)
def _book(path: str) -> AddressBook:
    return AddressBook(Path(path), settings.SECRET_KEY.encode())


def book(name: str) -> AddressBook:
    """名叫 ``name`` 的一本册子；写不进去的抛出 ``OSError``。"""
    return _book(str(Path(settings.VAR_ROOT) / name))


def admit_address(address: str) -> float:
    """没有密钥的一次请求，要等几秒；0 放行。不碰数据库。"""
    pace = Pace(settings.API_PER_MINUTE_ANONYMOUS)
    try:
        return book("api-addresses").admit(household(address), pace, timezone.now().timestamp())
    except OSError:
        # 磁盘满了之类：公开的信息照样给看，限速等腾出地方再说
        log.warning("限速的册子写不进去，这次没有计。", exc_info=True)
        return 0.0


def admit_key(key: ApiKey) -> float:
    """有密钥的一次请求，要等几秒；0 放行，并记下用量。

    一条 UPDATE 连查带记，几个进程同时来也不会多放；放行的一次查询，拦下的两次。
    """
    pace, now = Pace(key.per_minute), timezone.now()
    moment = now.timestamp()
    latest = moment + pace.tolerance
    start = Least(
        Greatest(F("arrival"), Value(moment), output_field=FloatField()),
        Value(latest),
        output_field=FloatField(),
    )
    may = Q(arrival__lte=latest + SLACK) | Q(arrival__gt=moment + 2 * MINUTE)
    if KeyUse.objects.filter(may, api_key=key).update(
        arrival=start + pace.interval, count=F("count") + 1, last_used_at=now
    ):
        return 0.0
    use = KeyUse.objects.filter(api_key=key).first()
    return pace.wait(use.arrival, moment) if use else MINUTE
