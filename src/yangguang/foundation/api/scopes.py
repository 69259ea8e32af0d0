"""权限的登记处：各应用在自己的 ``api`` 模块里声明密钥可以有哪些权限。

读公开的信息不需要权限；写的每一种各有一项，写明以什么角色行事。
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """一项权限：代码、名称，和以什么角色行事。"""

    code: str
    label: str
    role: str


_scopes: dict[str, Scope] = {}


def declare(code: str, label: str, role: str) -> str:
    """声明一项权限，返回代码；重复抛出 ``ValueError``。"""
    if code in _scopes:
        raise ValueError(f"权限 {code} 已声明")
    _scopes[code] = Scope(code, label, role)
    return code


def all_scopes() -> tuple[Scope, ...]:
    """全部权限，按声明的次序。"""
    return tuple(_scopes.values())


def scope(code: str) -> Scope | None:
    """按代码取；不再有的为 ``None``。"""
    return _scopes.get(code)
