"""身份令牌里的话该不该信；提供者的登记。"""

from typing import Any

import pytest

from yangguang.foundation.oidc.claims import challenge_of, faults, identity
from yangguang.foundation.oidc.provider import Provider, provider_fault

NOW = 1_800_000_000
GOOD = {
    "iss": "https://id.example", "aud": "yangguang", "sub": "person-1", "nonce": "n",
    "iat": NOW - 5, "exp": NOW + 300,
}  # fmt: skip


def wrong(**changes: Any) -> list[str]:
    claims = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return faults(claims, issuer="https://id.example", client_id="yangguang", nonce="n", now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"aud": ["yangguang"]}, {"aud": ["yangguang", "x"], "azp": "yangguang"},
        {"azp": "yangguang"}, {"exp": NOW - 59}, {"iat": NOW + 59}, {"iat": NOW - 599},
        {"name": 3, "acr": None, "extra": {}},
    ],
)  # fmt: skip
def test_what_may_be_believed(changes: dict[str, Any]) -> None:
    assert wrong(**changes) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://id.example/"}, {"iss": None}, {"aud": "other"}, {"aud": None}, {"aud": []},
        {"aud": {"yangguang": 1}}, {"aud": ["yangguang", "x"]}, {"azp": "x"},
        {"aud": ["yangguang", "x"], "azp": "x"}, {"nonce": "m"}, {"nonce": None}, {"exp": NOW - 60},
        {"exp": None}, {"exp": "9999999999"}, {"exp": True}, {"iat": None}, {"iat": NOW + 61},
        {"iat": NOW - 601}, {"sub": ""}, {"sub": None}, {"sub": 7}, {"sub": "x" * 256},
        {"sub": "a\0b"},
    ],
)  # fmt: skip
def test_what_may_not(changes: dict[str, Any]) -> None:
    assert len(wrong(**changes)) == 1


def test_every_fault_is_told() -> None:
    assert len(wrong(iss="x", aud="x", nonce="x", exp=0, iat=0, sub="")) == 6


def test_an_empty_nonce_answers_nothing() -> None:
    claims = GOOD | {"nonce": ""}
    assert faults(claims, issuer="https://id.example", client_id="yangguang", nonce="", now=NOW)


def test_the_one_who_is_told_of() -> None:
    found = identity(GOOD | {"name": "某人", "acr": ["x"]})
    assert (found.issuer, found.subject, found.name, found.acr) == (
        "https://id.example", "person-1", "某人", "",
    )  # fmt: skip


def test_the_challenge_is_the_one_of_the_standard() -> None:
    """RFC 7636 附录 B。"""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    ("issuer", "secret", "good"),
    [
        ("https://id.example", "s", True), ("https://id.example/realms/gov", "s", True),
        ("http://id.example", "s", False), ("https://", "s", False), ("id.example", "s", False),
        ("https://id.example?x=1", "s", False), ("https://id.example", "", False),
    ],
)  # fmt: skip
def test_a_provider_is_registered_rightly(issuer: str, secret: str, good: bool) -> None:
    found = Provider(issuer, "yangguang", secret, "省统一身份认证")
    assert (provider_fault(found) == "") is good
    assert "'s'" not in repr(found)
