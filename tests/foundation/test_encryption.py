"""用平台的密钥加密：换了密钥，旧的还认得；用途不同的互不相认。"""

import time
from typing import Any

import pytest

from yangguang.foundation.encryption import Unreadable, keyed_digests, seal, unseal


def test_what_is_sealed_is_read_back_and_nothing_else_is(settings: Any) -> None:
    sealed = seal(b"secret", "one")
    assert b"secret" not in sealed.encode() and seal(b"secret", "one") != sealed
    assert unseal(sealed, "one") == b"secret"
    for wrong, purpose in (
        (sealed, "two"),
        (sealed[:-4] + "AAAA", "one"),
        ("", "one"),
        ("密", "one"),
    ):
        with pytest.raises(Unreadable):
            unseal(wrong, purpose)


def test_it_can_be_good_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal(b"secret", "one")
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert unseal(sealed, "one", seconds=120) == b"secret"
    with pytest.raises(Unreadable):
        unseal(sealed, "one", seconds=60)


def test_a_new_key_still_reads_what_the_old_one_sealed(settings: Any) -> None:
    sealed, digest = seal(b"secret", "one"), keyed_digests(b"code", "one")[0]
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-the-house"
    with pytest.raises(Unreadable):
        unseal(sealed, "one")
    assert digest not in keyed_digests(b"code", "one")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed, "one") == b"secret"
    assert keyed_digests(b"code", "one")[1] == digest
