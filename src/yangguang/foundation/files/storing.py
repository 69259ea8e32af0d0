"""内容放在哪里：按摘要排列，一份内容只存一份。"""

from pathlib import Path

from django.conf import settings


def location(sha256: str) -> Path:
    """摘要对应的存放位置。"""
    return Path(settings.FILES_ROOT) / "objects" / sha256[:2] / sha256[2:4] / sha256
