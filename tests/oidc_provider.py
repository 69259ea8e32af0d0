"""一家真的 OpenID Connect 提供者，另起一个进程：照协议办，也照吩咐在某一处不照办。

``python tests/oidc_provider.py 端口``。不问口令，谁来都当作 ``/control`` 里说的那个人。
``/control?…`` 改它的行为：``subject``、``name``、``acr``，``fault``（怎样不照办），``rotate``（换钥匙），
``claims``（令牌里另有的声明，JSON），``about``（资料接口答的，JSON；空的没有这个接口）。
登记着两个客户端：工作人员的和公众的。
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "yangguang", "a secret: with / signs"
PUBLIC_CLIENT, PUBLIC_SECRET = "yangguang-public", "another secret"
CLIENTS = {
    CLIENT: (SECRET, "/workbench/sign-in/sign-on/back/"),
    PUBLIC_CLIENT: (PUBLIC_SECRET, "/interact/sign-in/back/"),
}
HANGING = 60


class House:
    """提供者的状态。"""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.settings = {"subject": "person-1", "name": "某人", "acr": "", "fault": ""} | {
            "claims": "{}",
            "about": "",
        }
        self.codes: dict[str, dict[str, str]] = {}
        self.asked = {"keys": 0, "configuration": 0}
        self.number = 0
        self.retired: Any = None
        self.rotate("RSA")

    def rotate(self, kind: str) -> None:
        """换一把钥匙，旧的不再公布。"""
        self.retired = getattr(self, "key", None)
        self.number += 1
        options = {"kid": f"key-{self.number}", "use": "sig"}
        if kind == "EC":
            self.key, self.algorithm = ECKey.generate_key("P-256", options), "ES256"
        else:
            self.key, self.algorithm = RSAKey.generate_key(2048, options), "RS256"

    def token(self, given: dict[str, str]) -> str:
        """身份令牌；照吩咐在一处不照办。"""
        fault, now = self.settings["fault"], int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer, "aud": given["client_id"], "sub": self.settings["subject"], "iat": now,
            "exp": now + 300, "nonce": given["nonce"], "name": self.settings["name"],
        }  # fmt: skip
        if self.settings["acr"]:
            claims["acr"] = self.settings["acr"]
        claims |= json.loads(self.settings["claims"])
        other = CLIENT if given["client_id"] == PUBLIC_CLIENT else PUBLIC_CLIENT
        claims |= {
            "other-client": {"aud": other},
            "issuer": {"iss": "https://evil.example"},
            "audience": {"aud": "another-client"},
            "audiences": {"aud": [CLIENT, "another-client"]},
            "party": {"azp": "another-client"},
            "nonce": {"nonce": "somebody-elses"},
            "no-nonce": {"nonce": None},
            "expired": {"exp": now - 120, "iat": now - 420},
            "no-expiry": {"exp": None},
            "early": {"iat": now + 600, "exp": now + 900},
            "no-subject": {"sub": ""},
        }.get(fault, {})  # fmt: skip
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if fault == "retired":
            assert self.retired is not None
            return jwt.encode(header | {"kid": self.retired.kid}, claims, self.retired)
        if fault == "forged":
            # 编号是公布的那一把，签的不是
            other = RSAKey.generate_key(2048, {"kid": self.key.kid})
            return jwt.encode(header | {"alg": "RS256"}, claims, other)
        if fault == "none":
            return f"{_part({'alg': 'none', 'kid': self.key.kid})}.{_part(claims)}."
        if fault == "symmetric":
            # 拿公布的公钥当对称的密钥签
            public = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": self.key.kid}, claims, public)
        token = jwt.encode(header, claims, self.key)
        if fault == "altered":
            head, _, signature = token.split(".")
            return f"{head}.{_part(claims | {'sub': 'somebody-else'})}.{signature}"
        return "not.a.token" if fault == "rubbish" else token


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class Handler(BaseHTTPRequestHandler):
    house: House

    def log_message(self, format: str, *arguments: Any) -> None:
        """不往测试的输出里写。"""

    def do_GET(self) -> None:
        """公开信息、公钥、送人过来的地址、吩咐。"""
        parts = urlsplit(self.path)
        given = dict(parse_qsl(parts.query, keep_blank_values=True))
        fault = self.house.settings["fault"]
        if parts.path == "/control":
            if "rotate" in given:
                self.house.rotate(given.pop("rotate"))
            self.house.settings |= given
            self.answer(self.house.settings | self.house.asked)
        elif parts.path == "/.well-known/openid-configuration":
            self.house.asked["configuration"] += 1
            self.misbehave("configuration")
            issuer = (
                "https://evil.example" if fault == "configuration-issuer" else self.house.issuer
            )
            found = {
                "issuer": issuer,
                "authorization_endpoint": f"{self.house.issuer}/authorize",
                "token_endpoint": f"{self.house.issuer}/token",
                "jwks_uri": f"{self.house.issuer}/keys",
            }  # fmt: skip
            if self.house.settings["about"]:
                found["userinfo_endpoint"] = f"{self.house.issuer}/about"
            if fault == "post-only":
                found["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
            self.answer(found)
        elif parts.path == "/keys":
            self.house.asked["keys"] += 1
            self.misbehave("keys")
            public = self.house.key.as_dict(private=False)
            self.answer({"keys": [public, {"kty": "strange", "kid": "x"}]})
        elif parts.path == "/about":
            self.misbehave("about")
            if self.headers.get("Authorization") != "Bearer x":
                self.answer({"error": "invalid_token"}, 401)
                return
            about = {"sub": self.house.settings["subject"]}
            self.answer(about | json.loads(self.house.settings["about"]))
        elif parts.path == "/authorize":
            self.authorize(given)
        else:
            self.answer({"error": "not_found"}, 404)

    def authorize(self, given: dict[str, str]) -> None:
        """不问口令，当即送回去。"""
        wanted = {"response_type": "code", "code_challenge_method": "S256"}
        _, path = CLIENTS.get(given.get("client_id", ""), ("", ""))
        back = given.get("redirect_uri", "")
        if any(given.get(name) != value for name, value in wanted.items()) or not (
            given.get("state") and given.get("nonce") and given.get("code_challenge")
            and "openid" in given.get("scope", "").split()
            and path and urlsplit(back).path == path
        ):  # fmt: skip
            self.answer({"error": "invalid_request"}, 400)
            return
        answer = {"state": given["state"], "iss": self.house.issuer}
        if self.house.settings["fault"] == "denied":
            answer["error"] = "access_denied"
        else:
            answer["code"] = secrets.token_urlsafe(16)
            self.house.codes[answer["code"]] = given
        if self.house.settings["fault"] == "mixed-up":
            answer["iss"] = "https://evil.example"
        self.send_response(302)
        self.send_header("Location", f"{back}?{urlencode(answer)}")
        self.end_headers()

    def do_POST(self) -> None:
        """换令牌：客户端、地址、PKCE 都要对，一个 code 只换一次。"""
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.misbehave("token")
        given = self.house.codes.pop(form.get("code", ""), None)
        if (
            given is None
            or not self.known(form, given["client_id"])
            or given["redirect_uri"] != form["redirect_uri"]
        ):
            self.answer({"error": "invalid_grant"}, 400)
            return
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != given["code_challenge"] or form["grant_type"] != "authorization_code":
            self.answer({"error": "invalid_grant"}, 400)
            return
        found = {"access_token": "x", "token_type": "Bearer", "id_token": self.house.token(given)}
        if self.house.settings["fault"] == "no-token":
            del found["id_token"]
        self.answer(found)

    def known(self, form: dict[str, str], client: str) -> bool:
        known = client, CLIENTS[client][0]
        if self.house.settings["fault"] == "post-only":
            return (form.get("client_id"), form.get("client_secret")) == known
        scheme, _, pair = self.headers.get("Authorization", "").partition(" ")
        named, _, secret = base64.b64decode(pair).decode().partition(":")
        return scheme == "Basic" and (unquote(named), unquote(secret)) == known

    def misbehave(self, place: str) -> None:
        """在这一处不应答、答错、答不完、转到别处。"""
        fault = self.house.settings["fault"]
        if fault == f"{place}-hangs":
            time.sleep(HANGING)
        elif fault == f"{place}-broken":
            self.answer({"error": "server_error"}, 500)
        elif fault == f"{place}-rubbish":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")
        elif fault == f"{place}-endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b" " * 65_536)
        elif fault == f"{place}-drips":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.2)
        elif fault == f"{place}-elsewhere":
            self.send_response(302)
            self.send_header("Location", f"{self.house.issuer}/control")
            self.end_headers()
        else:
            return
        raise ConnectionAbortedError

    def handle_one_request(self) -> None:
        """说好不照办的，办到那里为止。"""
        try:
            super().handle_one_request()
        except (ConnectionAbortedError, BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, found: dict[str, Any], status: int = 200) -> None:
        content = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    port = int(sys.argv[1])
    Handler.house = House(f"http://127.0.0.1:{port}")
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()
