"""Ed25519 钥匙的文件：私钥只有本用户可读，公钥在它旁边；写一次，不覆盖。"""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)


class BadKey(ValueError):
    """文件不是 Ed25519 的钥匙。"""


def create_key(path: Path) -> None:
    """造一把钥匙，私钥写到 ``path``，权限 600。已经有了就保留原来的。"""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_once(path, pem, 0o600)


def private_key(path: Path) -> Ed25519PrivateKey:
    """读私钥。不是 Ed25519 的抛出 ``BadKey``。"""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise BadKey(f"{path} 不是私钥。") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path} 不是 Ed25519 的私钥。")
    return key


def public_key(pem: bytes) -> Ed25519PublicKey:
    """读公钥。不是 Ed25519 的抛出 ``BadKey``。"""
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise BadKey("不是公钥。") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey("不是 Ed25519 的公钥。")
    return key


def public_pem(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """公钥的 PEM。"""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """公钥的指纹：32 个字节的 SHA-256。"""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()


def signed_by(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """签名是不是这把钥匙的。"""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def write_once(path: Path, content: bytes, mode: int) -> None:
    """写一个新文件，要么完整要么没有；已经有了就保留原来的（几个进程同时来，先到者为准）。"""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
