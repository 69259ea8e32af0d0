"""压一个地址：若干长连接，一问一答，到时即止。

    python bench/load.py 端口 路径 连接数 秒数

只用标准库：测的是服务器，客户端单独占一个核。打印每秒应答数、中位与 99 百分位的毫秒数；
应答不是 200 或断了连接，算一次失败。
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Line:
    """一条连接：什么时候问的，收到了多少。"""

    connection: socket.socket
    asked: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    length: int = -1

    def ask(self, request: bytes) -> None:
        """发一问。"""
        self.received.clear()
        self.length = -1
        self.asked = time.perf_counter()
        self.connection.sendall(request)

    def answered(self, part: bytes) -> bool:
        """收下一段；这一答是否收全了。"""
        self.received += part
        if self.length < 0:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.received[:end]).lower()
            self.length = end + 4 + int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return len(self.received) >= self.length


def press(port: int, path: str, connections: int, seconds: float) -> dict[str, float]:
    """压 ``seconds`` 秒。"""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: br, gzip\r\n\r\n"
    ).encode()
    selector = selectors.DefaultSelector()
    took: list[float] = []
    failures = 0

    def open_line() -> None:
        connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(connection)
        selector.register(connection, selectors.EVENT_READ, line)
        line.ask(request)

    began = time.perf_counter()
    for _ in range(connections):
        open_line()
    while (now := time.perf_counter()) - began < seconds:
        for key, _ in selector.select(1):
            line: Line = key.data
            part = line.connection.recv(1 << 18)
            if not part:
                # 不保持连接的服务器答完就断：重连，断在半路的算失败
                failures += line.length < 0 or len(line.received) < line.length
                selector.unregister(line.connection)
                line.connection.close()
                open_line()
            elif line.answered(part):
                took.append(time.perf_counter() - line.asked)
                failures += not line.received.startswith(b"HTTP/1.1 200")
                if b"connection: close" not in bytes(line.received[:1000]).lower():
                    line.ask(request)
    ordered = sorted(took)
    return {
        "per_second": len(took) / (now - began),
        "median_ms": ordered[len(ordered) // 2] * 1000,
        "p99_ms": ordered[len(ordered) * 99 // 100] * 1000,
        "failures": failures,
    }


def main() -> None:
    """压一次，打印一个 JSON 值。"""
    port, path, connections, seconds = sys.argv[1:]
    print(json.dumps(press(int(port), path, int(connections), float(seconds))))


if __name__ == "__main__":
    main()
