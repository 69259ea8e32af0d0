"""文件：接收的限度与类型。纯规则，不碰数据库、时钟和配置。"""

MEGABYTE = 1024 * 1024
MAX_BYTES = 100 * MEGABYTE
"""单个文件的上限，字节。"""
MAX_REQUEST_BYTES = MAX_BYTES + 10 * MEGABYTE
"""登录的人一次提交的上限，字节：一份满额的文件，加上同一张表上其余的内容。"""
MAX_VISITOR_BYTES = MEGABYTE
"""没有登录的人一次提交的上限，字节。"""
MAX_EXPANDED_BYTES = 300 * MEGABYTE
"""压缩格式展开后的上限，字节。"""
MAX_RATIO = 200
"""压缩成员展开前后之比的上限；正常的 Office 文件不到 30。"""
MAX_MEMBERS = 5_000
"""压缩格式的成员数上限。"""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD = "application/ofd"
PDF = "application/pdf"
TEXT = "text/plain"

MEDIA_TYPES = {
    DOCX: ("Word 文档", ".docx"),
    XLSX: ("Excel 工作簿", ".xlsx"),
    OFD: ("OFD 版式文件", ".ofd"),
    PDF: ("PDF 版式文件", ".pdf"),
    TEXT: ("纯文本", ".txt"),
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
    return f"{size / MEGABYTE:.1f} MB"


def safe_name(name: str) -> str:
    """文件名去掉路径、控制字符和两端的点与空白，最长 120 字；什么也不剩时叫“未命名”。"""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*').strip(" .")
    return kept[-120:] or "未命名"
