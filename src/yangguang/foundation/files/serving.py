"""把库里的文件交给看得见它的人。权限由调用的一方先查过：这里不再问。"""

from typing import Protocol

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from .quarantine import held
from .ranges import Unsatisfiable, part_of, read_part
from .storing import location

SHOWN = ("image/", "video/", "audio/", "application/pdf")
"""在浏览器里直接看的类型；别的一律下载，免得被当成网页打开。"""


class Sent(Protocol):
    """要交出去的：名称、内容的摘要、类型。``StoredFile`` 就是。"""

    name: str
    sha256: str
    media_type: str


CONFLICT, PARTIAL, NOT_SATISFIABLE = 409, 206, 416
Answer = FileResponse | HttpResponse | StreamingHttpResponse


def send(
    file: Sent, *, request: HttpRequest | None = None, as_attachment: bool | None = None
) -> Answer:
    """文件的内容。``as_attachment`` 不给的，图片、视频、音频和 PDF 直接看，别的下载。

    ``request`` 只要一段的（看视频拖动进度），只给那一段。还隔离着的、查出病毒的不给，
    答 409 和缘由。
    """
    if reason := held([file.sha256]).get(file.sha256):
        return HttpResponse(reason, "text/plain; charset=utf-8", status=CONFLICT)
    download = not file.media_type.startswith(SHOWN) if as_attachment is None else as_attachment
    path = location(file.sha256)
    headers = {
        "Content-Type": file.media_type,
        "Content-Disposition": content_disposition_header(download, file.name) or "inline",
        "Accept-Ranges": "bytes",
    }
    size = path.stat().st_size
    try:
        part = part_of(request.headers.get("Range", ""), size) if request is not None else None
    except Unsatisfiable:
        return HttpResponse(status=NOT_SATISFIABLE, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return FileResponse(
            path.open("rb"), as_attachment=download, filename=file.name, headers=headers
        )
    headers |= {"Content-Range": part.content_range, "Content-Length": str(part.length)}
    return StreamingHttpResponse(read_part(path.open("rb"), part), status=PARTIAL, headers=headers)
