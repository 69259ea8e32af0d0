"""文件：接收的限度与类型。纯规则，不碰数据库、时钟和配置。"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
MAX_BYTES = 100 * MEGABYTE
"""单个文件的上限，字节。"""
MAX_REQUEST_BYTES = MAX_BYTES + 10 * MEGABYTE
"""登录的人一次提交的上限，字节：一份满额的文件，加上同一张表上其余的内容。"""
MAX_VISITOR_BYTES = MEGABYTE
"""没有登录的人一次提交的上限，字节。"""
MAX_VISITOR_FILES_BYTES = 20 * MEGABYTE
"""没有登录的人在收材料的页面上一次提交的上限，字节：手机拍的几张证件、委托书。"""
MAX_EXPANDED_BYTES = 300 * MEGABYTE
"""压缩格式展开后的上限，字节。"""
MAX_RATIO = 200
"""压缩成员展开前后之比的上限；正常的 Office 文件不到 30。"""
MAX_MEMBERS = 5_000
"""压缩格式的成员数上限。"""

SEGMENT = 8 * MEGABYTE
"""大视频分段上传，每段最多这么多字节；算总摘要也照这么长分段。"""
MAX_VIDEO_BYTES = GIGABYTE
"""分段上传的视频的上限，字节。"""
MOST_UNFINISHED = 5
"""一个人最多几份没有传完的。"""
UNFINISHED_KEPT = timedelta(days=7)
"""没有传完的，最后一段到了以后再留多久。"""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD = "application/ofd"
PDF = "application/pdf"
TEXT = "text/plain"
VTT = "text/vtt"

MEDIA_TYPES = {
    DOCX: ("Word 文档", ".docx"),
    XLSX: ("Excel 工作簿", ".xlsx"),
    OFD: ("OFD 版式文件", ".ofd"),
    PDF: ("PDF 版式文件", ".pdf"),
    TEXT: ("纯文本", ".txt"),
    VTT: ("字幕", ".vtt"),
    "image/png": ("PNG 图片", ".png"),
    "image/jpeg": ("JPEG 图片", ".jpg"),
    "image/gif": ("GIF 图片", ".gif"),
    "image/webp": ("WebP 图片", ".webp"),
    "video/mp4": ("MP4 视频", ".mp4"),
}
"""接收的类型：媒体类型 →（中文名，扩展名）。类型看内容，不看文件名。"""


def readable_size(size: int) -> str:
    """字节数的中文习惯写法。"""
    if size < 1024:
        return f"{size} 字节"
    if size < MEGABYTE:
        return f"{size / 1024:.0f} KB"
    if size < GIGABYTE:
        return f"{size / MEGABYTE:.1f} MB"
    return f"{size / GIGABYTE:.1f} GB"


def safe_name(name: str) -> str:
    """文件名去掉路径、控制字符和两端的点与空白，最长 120 字；什么也不剩时叫“未命名”。"""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*').strip(" .")
    return kept[-120:] or "未命名"


def size_faults(size: int) -> list[str]:
    """分段上传的视频大小不成立之处。"""
    if size <= 0:
        return ["文件是空的。"]
    if size > MAX_VIDEO_BYTES:
        return [
            f"视频 {readable_size(size)}，超过 {readable_size(MAX_VIDEO_BYTES)} 的上限，"
            "请压缩或剪短后再传。"
        ]
    return []


def unfinished_faults(count: int) -> list[str]:
    """还能不能再开始传一份；``count`` 是此人没有传完的份数。"""
    if count >= MOST_UNFINISHED:
        return [f"您已有 {count} 份没有传完的，请先传完，或者删去不要的。"]
    return []


def quota_faults(used: int, size: int, quota: int) -> list[str]:
    """还放不放得下 ``size`` 字节；``used`` 是用掉的，``quota`` 是一共给多少。"""
    if used + size <= quota:
        return []
    return [
        f"资料库放不下：本机构一共 {readable_size(quota)}，已用 {readable_size(used)}，"
        f"这份要 {readable_size(size)}。请系统管理员加大，或者改用小一点的。"
    ]


def whole_digest(segments: Iterable[bytes]) -> str:
    """一份大文件的总摘要：依次每 ``SEGMENT`` 字节一段，各段 SHA-256 接起来，再算一次 SHA-256。

    浏览器一次装不下整份文件，能一段一段地算；少一段、错一个字节、次序不对，总摘要就不同。
    """
    whole = hashlib.sha256()
    for segment in segments:
        whole.update(hashlib.sha256(segment).digest())
    return whole.hexdigest()
