"""资料库：纯规则，不碰数据库、时钟和配置。"""

from yangguang.foundation.files.rules import VTT
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

WRITERS = frozenset({"drafter", "approver", "gazette_editor", "supervisor"})
"""能传、改、换、停用资料的角色。"""
READERS = WRITERS | {"reviewer"}

KINDS = {
    "picture": "图片",
    "video": "视频",
    "audio": "音频",
    "captions": "字幕",
    "document": "文件",
}
"""资料的几类。"""
_BY_PREFIX = {"image": "picture", "video": "video", "audio": "audio"}

DEEPEST = 4
"""文件夹最多套几层。"""
MOST_FOLDERS = 300
"""一个机构最多多少个文件夹：选的时候一眼看得完。"""


def _own(context: GuardContext) -> list[str]:
    """监督员看得见下级的资料，但只管本机构的。"""
    actor = context.actor
    if actor.role == "supervisor" and actor.organisation_id != context.facts["organisation"]:
        return ["这是下级机构的资料，请由那里的人停用、恢复。"]
    return []


LIFE = Lifecycle(
    name="library",
    label="资料",
    initial="available",
    states={"available": "在用", "retired": "停用"},
    transitions=(
        Transition(
            "retire", "停用", frozenset({"available"}), "retired", WRITERS, (_own,),
            needs_message=True,
        ),
        Transition(
            "resume", "恢复使用", frozenset({"retired"}), "available", WRITERS, (_own,)
        ),
    ),
    progress=("available",),
)  # fmt: skip
"""停用的不再能选用；已经用到它的地方不受影响，要撤下由那里更正、撤回。"""

_EMPTY_WORDS = frozenset(
    {"图", "图片", "照片", "相片", "插图", "配图", "image", "photo", "picture"}
)


def kind_of(media_type: str) -> str:
    """资料属于哪一类，由内容的类型定。"""
    if media_type == VTT:
        return "captions"
    return _BY_PREFIX.get(media_type.partition("/")[0], "document")


def alternative_faults(kind: str, alternative: str, name: str) -> list[str]:
    """图片的替代文字缺在哪里，每条一句；别的资料不要求。"""
    if kind != "picture":
        return []
    text = alternative.strip()
    if not text:
        return [
            "图片要写替代文字：看不见图片的人靠它知道图上是什么，请用一句话写出来，再重新选一次文件。"
        ]
    stem = name.rsplit(".", 1)[0].strip()
    if text.lower() in _EMPTY_WORDS or text in (name, stem) and _looks_made_by_a_machine(text):
        return [f"替代文字“{text}”没有说出图上是什么，请用一句话写出来。"]
    return []


def _looks_made_by_a_machine(text: str) -> bool:
    """相机、手机起的名字，如 IMG_20200925。"""
    return not any("\u4e00" <= character <= "\u9fff" for character in text)


def folder_faults(name: str, depth: int, count: int) -> list[str]:
    """不能建在第 ``depth`` 层（最上面是 1）、叫这个名字的缘由；``count`` 是已有几个文件夹。"""
    faults = []
    if not name.strip():
        faults.append("文件夹要有名称。")
    if "/" in name:
        faults.append("文件夹的名称里不能有“/”。")
    if depth > DEEPEST:
        faults.append(f"文件夹最多套 {DEEPEST} 层，请建在上一层。")
    if count >= MOST_FOLDERS:
        faults.append(f"文件夹已有 {MOST_FOLDERS} 个，请先合并、清理。")
    return faults
