"""各渠道共同的约定：交出去一件，拿回一张回执，或者说清楚为什么没有交成。"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import SHUT_RDWR, socket

from ..wording import Outgoing

STEP = 10.0
"""网络上每一步最多等几秒：连接、一次收发。"""
WHOLE = 30.0
"""一次投递从头到尾最多几秒：对方一个字节一个字节地拖，也到此为止。"""


@dataclass(frozen=True)
class Parcel:
    """要交出去的一件。``key`` 是幂等键，重试不变；``address`` 是收件的地址。"""

    key: str
    address: str
    content: Outgoing


@dataclass(frozen=True)
class Receipt:
    """对方收下了。``reference`` 是对方给的编号；``is_delivered`` 是确知送到本人了。"""

    reference: str = ""
    is_delivered: bool = False


class Undelivered(Exception):  # noqa: N818
    """没有交成。``reason`` 一句话，只有代码，没有对方的原话：原话里可能有地址。"""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(Undelivered):
    """现在不成，过一阵再试：连不上、超时、对方出错。"""


class Turned(Undelivered):
    """对方不收这一件，再试也一样：地址不存在、内容不收。"""


class Unsure(Undelivered):
    """交到一半断了，不知道对方收下没有；渠道又不会认重复，所以不再试。"""


class Adapter(ABC):
    """一条渠道。

    ``knows_repeats`` 为真的，对方凭幂等键认得出重复，交到一半断了可以放心再交。
    """

    knows_repeats: bool = False

    @abstractmethod
    def send(self, parcel: Parcel) -> Receipt:
        """交出去；没有交成抛出 ``TryLater``、``Turned`` 或 ``Unsure``。不在事务里调用。"""

    def ask(self, key: str) -> Receipt | None:
        """问一件已经交出去的送到没有；没有消息、问不了为空，送不到抛出 ``Turned``。"""
        return None


@contextmanager
def cut_off(found: Callable[[], socket | None], after: float) -> Iterator[threading.Event]:
    """过了 ``after`` 秒就断开 ``found`` 那时给出的连接，正等着的一方随即出错；断开过的，给出的标志立起。

    套接字的超时只管一次收发，对方拖着每次给一个字节就管不住。断在应答的半中间，
    读的一方可能只当是说完了，所以要看标志。
    """
    was_cut = threading.Event()

    def cut() -> None:
        was_cut.set()
        connection = found()
        if connection is not None:
            try:
                # TLS 的套接字改写了 shutdown，会动它自己的状态；这里只断底下的连接
                socket.shutdown(connection, SHUT_RDWR)
            except OSError:
                pass

    timer = threading.Timer(after, cut)
    timer.daemon = True
    timer.start()
    try:
        yield was_cut
    finally:
        timer.cancel()
