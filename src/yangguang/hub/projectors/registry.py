"""出口的种类：出口在启动时登记，资源库据此知道撤回要等谁确认、谁落后了。"""

_families: dict[str, str] = {}


def register_family(code: str, label: str) -> None:
    """登记一种出口；代码重复抛出 ``ValueError``。"""
    if code in _families:
        raise ValueError(f"出口“{code}”已经登记过。")
    _families[code] = label


def families() -> dict[str, str]:
    """全部种类：代码与名称。"""
    return dict(_families)
