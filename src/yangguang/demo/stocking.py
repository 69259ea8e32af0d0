"""资料库里的几张图片：画出来的，不是真的照片，注明是演示。"""

import io

from PIL import Image, ImageDraw

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.models import Folder
from yangguang.foundation.library.services import add, open_folder

PICTURES = (
    ("政务公开宣传图", "红色底上一轮黄色的太阳", "#A61B1B", "#F2C14E"),
    ("办事大厅示意图", "蓝色底上一轮白色的太阳", "#0A4FA3", "#FFFFFF"),
)
"""名称、替代文字、底色、太阳的颜色。"""
SIZE = (960, 540)
FOLDER = "演示"


def stock_library(actor: Actor) -> int:
    """给 ``actor`` 的机构的资料库放几张图片，返回新放了几张。已经有的不再放。"""
    if Folder.objects.filter(organisation=actor.organisation_id, name=FOLDER).exists():
        return 0
    folder = open_folder(FOLDER, parent=None, actor=actor)
    for number, (name, alternative, ground, sun) in enumerate(PICTURES, 1):
        add(
            _drawn(ground, sun),
            f"{name}.png",
            actor=actor,
            key=f"demo:library:{number}",
            folder=folder,
            alternative=alternative,
            caption="演示数据：画出来的图，不是照片。",
            credit="阳光演示",
        )
    return len(PICTURES)


def _drawn(ground: str, sun: str) -> bytes:
    image = Image.new("RGB", SIZE, ground)
    ImageDraw.Draw(image).ellipse((360, 150, 600, 390), fill=sun)
    saved = io.BytesIO()
    image.save(saved, "PNG")
    return saved.getvalue()
