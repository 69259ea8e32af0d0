"""登记：各应用在自己的 ``workbench`` 模块里登记界面，菜单、地址、待办都由此而来。"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .viewsets import RecordViewSet

SECTIONS = ("办", "查", "管")
"""菜单的几栏，按次序。"""

_viewsets: dict[str, "RecordViewSet[Any]"] = {}


def register(viewset: "RecordViewSet[Any]") -> None:
    """登记一种记录的界面；代号重复、栏目不认识抛出 ``ValueError``。"""
    if viewset.slug in _viewsets:
        raise ValueError(f"界面 {viewset.slug} 已登记")
    if viewset.section not in SECTIONS:
        raise ValueError(f"界面 {viewset.slug} 的栏目 {viewset.section} 不认识")
    _viewsets[viewset.slug] = viewset


def all_viewsets() -> tuple["RecordViewSet[Any]", ...]:
    """全部界面，按登记的次序。"""
    return tuple(_viewsets.values())


def viewset_at(slug: str) -> "RecordViewSet[Any] | None":
    """代号为 ``slug`` 的界面；没有为空。"""
    return _viewsets.get(slug)
