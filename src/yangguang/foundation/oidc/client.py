"""与提供者打交道：读它的公开信息和公钥，送人过去，换令牌，验签名。每一步都有时限。"""

import json
import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from .claims import ALGORITHMS, Identity, challenge_of, faults, identity
from .provider import Provider

STEP_SECONDS, WHOLE_SECONDS = 5, 10
"""等一次应答、读完一次应答各最多多久。"""
LARGEST = 1_000_000
KEPT_SECONDS = 3600
"""提供者的公开信息和公钥记这么久。"""
REFRESH_SECONDS = 30
"""遇到没有见过的公钥编号才重取，最快隔这么久一次：不让乱造的令牌逼着我们不停地取。"""


class Failed(Exception):  # noqa: N818  失败是答复
    """没有办成。信息是一句给人看的话；``detail`` 留给运维人员看，不含令牌和密码。"""

    def __init__(self, told: str, detail: str) -> None:
        super().__init__(told)
        self.detail = detail


class Unreachable(Failed):
    """提供者没有应答，或者答的不像话。"""


class Untrusted(Failed):
    """答了，但不能信。"""


@dataclass(frozen=True)
class Errand:
    """送一个人过去时记下的几样，回来要对上。都是一次性的随机数。"""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Errand":
        """新的一趟。"""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """令牌、公钥都从约定的地址取，叫我们转到别处的不去。"""


_opener = build_opener(_Stay)


class Client:
    """一家提供者的客户端。可以几个线程合用。"""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._lock = threading.Lock()
        self._known: Mapping[str, Any] = {}
        self._known_at = self._keys_at = float("-inf")
        self._keys: KeySet | None = None

    # ---- 去和回 ----

    def address(self, errand: Errand, back: str) -> str:
        """送人过去的地址；``back`` 是办完回来的地址。"""
        endpoint = self._endpoint("authorization_endpoint")
        values = {
            "response_type": "code", "client_id": self.provider.client_id, "redirect_uri": back,
            "scope": self.provider.scope, "state": errand.state, "nonce": errand.nonce,
            "code_challenge": challenge_of(errand.verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(values)}"

    def identify(
        self, answer: Mapping[str, str], errand: Errand, back: str, now: int,
        *, asks_more: bool = False,
    ) -> Identity:  # fmt: skip
        """人回来了：``answer`` 是地址里带回来的，``now`` 是现在（Unix 秒）。

        ``asks_more`` 为真的，提供者另有资料接口（UserInfo）就再问一次，令牌里说过的以令牌为准。
        不能信的抛出 ``Untrusted``，提供者不应答的抛出 ``Unreachable``。
        """
        if not secrets.compare_digest(answer.get("state", "").encode(), errand.state.encode()):
            raise Untrusted("这次登录不是从这里开始的，请重新来过。", "state 对不上")
        if answer.get("iss", self.provider.issuer) != self.provider.issuer:
            raise Untrusted("带回来的不是约定的那一家的答复。", "地址里的 iss 对不上")
        if "error" in answer:
            raise Untrusted(f"{self.provider.name}没有让登录，或者您取消了。", answer["error"][:80])
        token, access = self._exchange(answer.get("code", ""), errand.verifier, back)
        claims = self._verified(token)
        wrong = faults(
            claims, issuer=self.provider.issuer, client_id=self.provider.client_id,
            nonce=errand.nonce, now=now,
        )  # fmt: skip
        if wrong:
            raise Untrusted(f"{self.provider.name}的答复核对不上。", "；".join(wrong))
        if asks_more and self._configuration().get("userinfo_endpoint"):
            claims = {**self._more(access, str(claims["sub"])), **claims}
        return identity(claims)

    def _more(self, access: str, subject: str) -> dict[str, Any]:
        """资料接口说的；不是同一个人的不信（OpenID Connect Core 5.3.2）。"""
        headers = {"Authorization": f"Bearer {access}"}
        found = self._fetch(self._endpoint("userinfo_endpoint"), headers=headers)
        if found.get("sub") != subject:
            raise Untrusted(f"{self.provider.name}的答复核对不上。", "资料不是同一个人的")
        return found

    def _exchange(self, code: str, verifier: str, back: str) -> tuple[str, str]:
        """换来身份令牌和取资料用的令牌；后一样没有给的为空串。"""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back,
            "code_verifier": verifier,
        }  # fmt: skip
        headers = {}
        named, secret = self.provider.client_id, self.provider.client_secret
        ways = self._configuration().get("token_endpoint_auth_methods_supported")
        if ways and "client_secret_basic" not in ways:
            form |= {"client_id": named, "client_secret": secret}
        else:
            pair = f"{quote(named, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
        answer = self._fetch(self._endpoint("token_endpoint"), urlencode(form).encode(), headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Untrusted(f"{self.provider.name}的答复核对不上。", "没有给身份令牌")
        access = answer.get("access_token")
        return token, access if isinstance(access, str) and access.isascii() else ""

    def _verified(self, token: str) -> Mapping[str, Any]:
        """验签名。见到没有见过的公钥编号，再取一次公钥：提供者换钥匙时不必停下来。"""
        for again in (False, True):
            try:
                found = jwt.decode(token, self._key_set(again=again), algorithms=list(ALGORITHMS))
                return found.claims
            except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
                trouble = f"{type(error).__name__}：{error}"[:200]
        raise Untrusted(f"{self.provider.name}的答复核对不上。", f"签名不对（{trouble}）")

    # ---- 提供者的公开信息和公钥 ----

    def _configuration(self) -> Mapping[str, Any]:
        with self._lock:
            if time.monotonic() - self._known_at < KEPT_SECONDS:
                return self._known
        issuer = self.provider.issuer
        found = self._fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise Untrusted(f"{self.provider.name}的公开信息核对不上。", "公开信息里的 issuer 不同")
        with self._lock:
            self._known, self._known_at = found, time.monotonic()
        return found

    def _endpoint(self, name: str) -> str:
        """公开信息里的一个地址；提供者用 https 的，它也须是 https。"""
        found = self._configuration().get(name)
        secure = urlsplit(self.provider.issuer).scheme
        if not isinstance(found, str) or urlsplit(found).scheme != secure:
            raise Untrusted(f"{self.provider.name}的公开信息核对不上。", f"{name} 不对")
        return found

    def _key_set(self, *, again: bool) -> KeySet:
        with self._lock:
            age = time.monotonic() - self._keys_at
            if self._keys is not None and age < (REFRESH_SECONDS if again else KEPT_SECONDS):
                return self._keys
        found = self._fetch(self._endpoint("jwks_uri"))
        keys = KeySet.import_key_set({"keys": _for_signing(found.get("keys"))})
        with self._lock:
            self._keys, self._keys_at = keys, time.monotonic()
        return keys

    # ---- 网络 ----

    def _fetch(
        self, address: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> dict[str, Any]:
        """取一个 JSON 对象。"""
        if urlsplit(address).scheme not in {"https", "http"}:
            raise self._unreachable("地址不对")
        request = Request(address, body, {"Accept": "application/json", **headers})  # noqa: S310
        deadline = time.monotonic() + WHOLE_SECONDS
        content = b""
        try:
            with _opener.open(request, timeout=STEP_SECONDS) as answer:
                while piece := answer.read1(65_536):
                    content += piece
                    if len(content) > LARGEST:
                        raise self._unreachable("答得太长")
                    if time.monotonic() > deadline:
                        raise self._unreachable("答得太慢")
            found = json.loads(content)
        except HTTPError as error:
            raise self._unreachable(f"答 {error.code}") from error
        except (OSError, ValueError) as error:
            raise self._unreachable(type(error).__name__) from error
        if not isinstance(found, dict):
            raise self._unreachable("答的不是一个对象")
        return found

    def _unreachable(self, detail: str) -> Unreachable:
        told = f"{self.provider.name}现在没有应答，请过一会儿再试。"
        return Unreachable(told, detail)


def _for_signing(keys: Any) -> list[Any]:
    """公钥里能验签名的；认不得的种类、对称的不要。"""
    known = {"RSA", "EC", "OKP"}
    return [
        each
        for each in (keys if isinstance(keys, list) else [])
        if isinstance(each, dict) and each.get("kty") in known and each.get("use", "sig") == "sig"
    ]
