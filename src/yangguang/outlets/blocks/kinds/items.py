"""编辑自己写的几项：卡片、图片、链接、“我要”入口。"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..fields import Address, Items, PictureField, Text
from ..pictures import keys_of, pictured, previewed
from .base import HEADING, NO_HEADING, Arranging, BlockKind, Shown


class _Written(BlockKind):
    """编辑写的几项；图片换成页面上的写法。"""

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """各项连同图片。"""
        numbers = [int(row["picture"]) for row in values["items"] if row.get("picture")]
        read = previewed if page.is_preview else pictured
        found = read(page.press, numbers) if numbers else {}
        rows = [
            {**row, "picture": found.get(int(row["picture"])) if row.get("picture") else None}
            for row in values["items"]
        ]
        files = tuple(file for each in found.values() for file in each.files)
        return self.printed(page, values, keys_of(numbers), files, items=rows)


class Cards(_Written):
    """卡片：标题、几句话、链接、图片。"""

    code = "cards"
    label = "卡片"
    help = "一格一件事：标题、一句话、通向哪里，可以有图片。"
    fields = (
        NO_HEADING,
        Items(
            "items", "卡片", noun="张", most=12,
            of=(
                Text("title", "标题", most=30),
                Text("words", "一句话", most=80, required=False),
                Address("href", "通向哪里"),
                PictureField("picture", "图片", required=False),
            ),
        ),
    )  # fmt: skip


class Pictures(_Written):
    """图片：静静地摆着，没有轮播。每张都要有替代文字。"""

    code = "pictures"
    label = "图片"
    help = "一张或几张图片，连同说明。图片不会自己动。"
    fields = (
        NO_HEADING,
        Items(
            "items", "图片", noun="张", most=12,
            of=(
                PictureField("picture", "图片"),
                Text(
                    "alternative", "替代文字", most=120,
                    help="看不见图的人听到的：图里有什么。",
                ),
                Text("caption", "说明", most=80, required=False),
            ),
        ),
    )  # fmt: skip

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """都撤下了的，整块不印。"""
        shown = super().show(page, values)
        return shown if "<img" in shown.html else replace(shown, html="")

    def summary(self, values: Mapping[str, Any]) -> str:
        """几张。"""
        return values.get("heading") or f"{len(values.get('items', ()))} 张"


class Links(_Written):
    """一列链接。"""

    code = "links"
    label = "链接"
    help = "一列链接，站内站外都可以；站外的会注明。"
    fields = (
        HEADING,
        Items(
            "items", "链接", noun="个", most=20,
            of=(
                Text("title", "文字", most=40),
                Address("href", "地址"),
                Text("words", "说明", most=30, required=False),
            ),
        ),
    )  # fmt: skip


class Entrances(Links):
    """“我要”：几件常办的事。"""

    code = "entrances"
    label = "我要"
    help = "几件常办的事的入口，例如申请公开、提问、纠错。"
    fields = (
        HEADING,
        Items(
            "items", "入口", noun="个", most=8,
            of=(
                Text("title", "做什么", most=20),
                Address("href", "地址"),
                Text("words", "说明", most=20, required=False, help="例如：20 个工作日内答复"),
            ),
        ),
    )  # fmt: skip
    most = 1
