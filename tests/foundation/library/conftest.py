"""资料库的测试材料：一个机构、它的人和几张画出来的图。"""

import io
from typing import Any

import pytest
from PIL import Image

from tests.town import Town
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.services import add


def drawn(colour: str = "red", size: tuple[int, int] = (400, 300)) -> bytes:
    """一张图片，带着拍摄的设备。"""
    exif = Image.Exif()
    exif[0x0110] = "SecretCamera"
    saved = io.BytesIO()
    Image.new("RGB", size, colour).save(saved, "JPEG", exif=exif)
    return saved.getvalue()


def put_in(town: Town, name: str = "照片.jpg", colour: str = "red", **given: Any) -> LibraryItem:
    """信息员传一张图片。"""
    details = {"alternative": "一面红墙", "key": f"put-{name}", "actor": town.drafter, **given}
    return add(drawn(colour), name, **details)


@pytest.fixture
def picture(town: Town) -> LibraryItem:
    return put_in(town)
