"""资料库的测试材料：一个机构、它的人和几张画出来的图。"""

import io
from typing import Any

import pytest
from PIL import Image

from tests.foundation.files.footage import mp4
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


def footage_in(town: Town, name: str = "会议.mp4", size: int = 2_000) -> LibraryItem:
    """信息员传一段视频。"""
    return add(mp4(size), name, actor=town.drafter, key=f"put-{name}")


def srt(*texts: str) -> bytes:
    """一份 SRT 字幕，每秒一条。"""
    return "\n\n".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n:02d},900\n{text}" for n, text in enumerate(texts, 1)
    ).encode()


def captions_in(town: Town, *texts: str, name: str = "会议.srt") -> LibraryItem:
    """信息员传一份字幕。"""
    return add(srt(*texts), name, actor=town.drafter, key=f"put-{name}")


@pytest.fixture
def picture(town: Town) -> LibraryItem:
    return put_in(town)
