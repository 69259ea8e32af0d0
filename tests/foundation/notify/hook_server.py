"""另一个进程里的接口（标准库的 HTTP 服务器）：验签名，认重复，也会拒、会错、会拖。

用法：``python hook_server.py 目录 密钥``。照收件人的名字行事；收到的每一次请求记一行在 ``目录/log``。
验签名是照文档另写的，不用产品里的那一段。
"""

import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

FOLDER, SECRET = Path(sys.argv[1]), sys.argv[2]
taken: dict[str, dict[str, str]] = {}
asked: dict[str, int] = {}


class Handler(BaseHTTPRequestHandler):
    """照 ``docs/operations.md`` 的约定。"""

    def log_message(self, format: str, *arguments: object) -> None:
        """不往屏幕上写。"""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.fault(body)
        told = json.loads(body) if not fault else {}
        to = told.get("to", "")
        asked[to] = asked.get(to, 0) + 1
        known = told.get("id") in taken
        with (FOLDER / "log").open("a") as log:
            row = {"path": self.path, "body": told, "known": known, "fault": fault,
                   "headers": dict(self.headers)}  # fmt: skip
            log.write(json.dumps(row, ensure_ascii=False) + "\n")
        if fault:
            return self.answer(401, {"reason": fault})
        if told["id"] != self.headers["Idempotency-Key"]:
            return self.answer(400, {})
        if known:
            return self.answer(409, taken[told["id"]])
        if to.endswith("0500") and asked[to] < 3 or to.endswith("0501"):
            return self.answer(500, {})
        if to.endswith("0404"):
            return self.answer(404, {"reason": f"no such number {to}"})
        if to.endswith("0302"):
            return self.answer(302, {}, Location="http://127.0.0.1:1/elsewhere")
        if to.endswith("0666"):
            time.sleep(3600)
        if to.endswith("0777"):
            self.connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                self.connection.sendall(b"x")
                time.sleep(0.1)
        taken[told["id"]] = {"id": f"m-{len(taken) + 1}", "status": "accepted", "to": to}
        if to.endswith("0408") and asked[to] == 1:
            return self.connection.close()  # 收下了，没有等到应答
        if to.endswith("0999"):
            return self.answer(200, None)
        if to.endswith("0888"):
            taken[told["id"]]["status"] = "delivered"
        self.answer(200, taken[told["id"]])

    def do_GET(self) -> None:
        key = parse_qs(urlsplit(self.path).query)["id"][0]
        if self.fault(key.encode()):
            return self.answer(401, {})
        if key not in taken:
            return self.answer(404, {})
        to = taken[key]["to"]
        status = (
            "failed" if to.endswith("0001") else "accepted" if to.endswith("0002") else "delivered"
        )
        self.answer(200, {"status": status, "reason": "UNDELIV"})

    def fault(self, body: bytes) -> str:
        stamp = self.headers["X-Yangguang-Timestamp"]
        if abs(time.time() - int(stamp)) > 300:
            return "stale"
        wanted = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return "" if self.headers["X-Yangguang-Signature"] == f"sha256={wanted}" else "signature"

    def answer(self, status: int, told: object, **headers: str) -> None:
        body = b"<html>" if told is None else json.dumps(told).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
(FOLDER / "port.part").write_text(str(server.server_address[1]))
(FOLDER / "port.part").rename(FOLDER / "port")
server.serve_forever()
