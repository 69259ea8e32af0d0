"""把库里的文件交给看得见它的人。权限由调用的一方先查过：这里不再问。"""

from typing import Protocol

from django.http import FileResponse, HttpResponse

from .quarantine import held
from .storing import location

SHOWN = ("image/", "video/", "audio/", "application/pdf")
"""在浏览器里直接看的类型；别的一律下载，免得被当成网页打开。"""


class Sent(Protocol):
    """要交出去的：名称、内容的摘要、类型。``StoredFile`` 就是。"""

    name: str
    sha256: str
    media_type: str


CONFLICT = 409


def send(file: Sent, *, as_attachment: bool | None = None) -> FileResponse | HttpResponse:
    """文件的内容。``as_attachment`` 不给的，图片、视频、音频和 PDF 直接看，别的下载。

    还隔离着的、查出病毒的不给，答 409 和缘由。
    """
    if reason := held([file.sha256]).get(file.sha256):
        return HttpResponse(reason, "text/plain; charset=utf-8", status=CONFLICT)
    download = not file.media_type.startswith(SHOWN) if as_attachment is None else as_attachment
    return FileResponse(
        location(file.sha256).open("rb"),
        as_attachment=download,
        filename=file.name,
        content_type=file.media_type,
    )
