"""一个真的 clamd 的样子，另起一个进程：照 ``INSTREAM`` 收，认得 EICAR，也照吩咐不照办。

``python tests/clamd.py 端口 毛病``：毛病是 ``limit``（说超过上限就挂断）、``garbage``（答看不懂的）、
``hang``（收下不答）、``drop``（收到一半挂断），没有毛病写 ``none``。
"""

import socket
import struct
import sys
import threading
import time

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LIMITS = b"this one is beyond the limits"
"""含有它的，照 ``AlertExceedsMax`` 打开时的样子答：没有查到底。"""
HANGING = 60


def exactly(connection: socket.socket, size: int) -> bytes:
    """读满 ``size`` 字节。"""
    found = b""
    while len(found) < size:
        piece = connection.recv(size - len(found))
        if not piece:
            raise ConnectionError
        found += piece
    return found


def serve(connection: socket.socket, fault: str) -> None:
    """办一次。"""
    with connection:
        command = b""
        while not command.endswith(b"\0"):
            command += connection.recv(1)
        if command != b"zINSTREAM\0":
            connection.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack("!I", exactly(connection, 4))[0]:
            content += exactly(connection, size)
            if fault == "drop":
                return
            if fault == "limit":
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        if fault == "hang":
            time.sleep(HANGING)
        elif fault == "garbage":
            connection.sendall(b"\xff\xfe???\0")
        elif LIMITS in content:
            connection.sendall(b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0")
        elif EICAR in content:
            connection.sendall(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            connection.sendall(b"stream: OK\0")


def main() -> None:
    """在 ``127.0.0.1`` 上听着。"""
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection, sys.argv[2]), daemon=True).start()


if __name__ == "__main__":
    main()
