"""大视频分段上传的应答，照 tus 1.0 的样子，只取用得着的几条。

- ``POST uploads/``：开始，交 ``name``、``size``；答 201，``Location`` 是这一份的地址。
- ``PATCH``：``Upload-Offset`` 起的一段（``application/offset+octet-stream``），
  ``Upload-Checksum: sha256 …`` 是这一段的摘要（Base64）；答 204 和新的 ``Upload-Offset``。
- ``HEAD``：到了多少；``GET``：另有到了的部分的总摘要，接着传之前认是不是同一个文件。
- ``DELETE``：不要了。

拒收的答 422 和一句中文；位置不对 409，另一段正在写 423，这一段路上坏了 460。
"""

import base64
import binascii
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.models import PartialUpload
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.files.uploads import (
    Busy,
    Damaged,
    Elsewhere,
    digest_so_far,
    drop,
    receive,
    unfinished,
)

from .services import begin_upload

SEGMENT_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460


def begun(request: HttpRequest, actor: Actor) -> HttpResponse:
    """开始传一份；同名同大的没有传完的，就是那一份。"""
    name, size = request.POST.get("name", ""), _number(request.POST.get("size", ""))
    if not name or size is None:
        return _told("没有说明文件的名称和大小。", HTTPStatus.BAD_REQUEST)
    try:
        upload = begin_upload(name, size, actor=actor)
    except FileRefused as refused:
        return _told("".join(refused.reasons), HTTPStatus.UNPROCESSABLE_ENTITY)
    answer = _standing(upload, HTTPStatus.CREATED)
    answer.headers["Location"] = reverse("workbench:library-upload", args=[upload.token])
    return answer


def piece(request: HttpRequest, actor: Actor, token: UUID) -> HttpResponse:
    """对一份没有传完的做一样事。别人的、不在了的是 404。"""
    upload = get_object_or_404(unfinished(actor), token=token)
    if request.method == "PATCH":
        return _receive(request, upload)
    if request.method == "HEAD":
        return _standing(upload, HTTPStatus.OK)
    if request.method == "GET":
        found = {"received": upload.received, "size": upload.size, "digest": digest_so_far(upload)}
        return JsonResponse(found, headers={"Cache-Control": "no-store"})
    if request.method == "DELETE":
        drop(upload, actor=actor)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return HttpResponseNotAllowed(["GET", "HEAD", "PATCH", "DELETE"])


def _receive(request: HttpRequest, upload: PartialUpload) -> HttpResponse:
    offset = _number(request.headers.get("Upload-Offset", ""))
    digest = _checksum(request.headers.get("Upload-Checksum", ""))
    if request.content_type != SEGMENT_TYPE or offset is None or not digest:
        return _told("这一段没有说明从哪里起、摘要是多少。", HTTPStatus.BAD_REQUEST)
    try:
        receive(upload, offset, request.body, digest)
    except Elsewhere:
        return _standing(upload, HTTPStatus.CONFLICT)
    except Busy:
        return _standing(upload, HTTPStatus.LOCKED)
    except Damaged:
        return _standing(upload, CHECKSUM_MISMATCH)
    except PartialUpload.DoesNotExist:
        return _told("这一份已经删去，请重新传。", HTTPStatus.GONE)
    except FileRefused as refused:
        return _told("".join(refused.reasons), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _standing(upload, HTTPStatus.NO_CONTENT)


def _standing(upload: PartialUpload, status: int) -> HttpResponse:
    """到了多少。"""
    headers = {
        "Upload-Offset": str(upload.received),
        "Upload-Length": str(upload.size),
        "Cache-Control": "no-store",
    }
    return HttpResponse(status=status, headers=headers)


def _told(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, "text/plain; charset=utf-8", status=status)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _checksum(header: str) -> str:
    """``sha256 Base64`` 写成十六进制；不是这样写的为空。"""
    algorithm, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return digest.hex() if algorithm == "sha256" and len(digest) == 32 else ""
