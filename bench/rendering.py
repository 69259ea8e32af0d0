"""对照：同样的页面不烘焙，有人要才由 Django 读库、印出来、压缩。供 ``nginx.py`` 比较。"""

import os
from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()

import brotli  # noqa: E402
from django.utils import timezone  # noqa: E402

from yangguang.hub.columns.models import Site  # noqa: E402
from yangguang.outlets.website import baker  # noqa: E402, F401  载入即登记各印手
from yangguang.outlets.website.frame import Press  # noqa: E402
from yangguang.outlets.website.sheets import PageRef, make_all  # noqa: E402

PRESS = Press(Site.objects.select_related("organisation").order_by("pk")[0], timezone.localdate())


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI 应用：路径末尾的数字是信息的编号。"""
    path = environ["PATH_INFO"]
    if path == "/":
        start("200 OK", [("Content-Length", "0")])
        return []
    number = os.path.basename(path).removesuffix(".html")
    (sheet,) = make_all(PRESS, [PageRef(path, "record", number)])
    assert sheet is not None
    body = brotli.compress(sheet.content, quality=5)
    start(
        "200 OK",
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Encoding", "br"),
            ("Content-Length", str(len(body))),
        ],
    )
    return [body]
