"""另一个进程里的 SMTP 服务器（aiosmtpd）：收、拒、拖，照收件人的名字行事；收下的写进文件。

用法：``python smtp_server.py 目录``。监听的端口写进 ``目录/port``，每收下一封在 ``目录`` 里多一个 ``.eml``。
"""

import asyncio
import itertools
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

FOREVER = 3600
numbers = itertools.count(1)
seen: dict[str, int] = {}


class Handler:
    """照收件人的名字行事。"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        name = address.partition("@")[0]
        seen[name] = seen.get(name, 0) + 1
        (self.folder / "asked").write_text("\n".join(f"{k} {v}" for k, v in seen.items()))
        if name == "nobody":
            return f"550 5.1.1 <{address}>: no such user"
        if name == "greylisted" and seen[name] < 3:
            return "451 4.7.1 try again later"
        if name == "always-busy":
            return "452 4.3.1 busy"
        if name == "hangs":
            await asyncio.sleep(FOREVER)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "bad-content":
            return "554 5.7.1 content refused"
        path = self.folder / f"{next(numbers):03d}.part"
        path.write_bytes(envelope.content)
        path.rename(path.with_suffix(".eml"))
        if name == "takes-and-hangs":
            await asyncio.sleep(FOREVER)
        return "250 OK"


async def dripping(reader: Any, writer: Any) -> None:
    """每次给一个字节，永远说不完。"""
    while True:
        writer.write(b"2")
        await writer.drain()
        await asyncio.sleep(0.1)


async def main(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(folder), hostname="test"), "127.0.0.1", 0
    )
    slow = await asyncio.start_server(dripping, "127.0.0.1", 0)
    ports = [each.sockets[0].getsockname()[1] for each in (server, slow)]
    (folder / "port.part").write_text(f"{ports[0]} {ports[1]}")
    (folder / "port.part").rename(folder / "port")
    await asyncio.sleep(FOREVER)


asyncio.run(main(Path(sys.argv[1])))
