"""静态服务：把烘好的树交给公众，动态部分转给 Django。

生产上由 nginx 做这件事；演示和小单位用它也够。公开页面不经过 Django，也不需要数据库：
数据库挪走了，每一个公开的地址照样应答。
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

from yangguang.foundation.files.ranges import CHUNK, Part, Unsatisfiable, part_of, read_part

from .rules import file_of
from .writer import COMPRESSED, TWINS

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

DYNAMIC = ("/workbench", "/interact", "/api", "/search", "/static")
"""转给 Django 的路径前缀。"""

NOT_FOUND = "404 Not Found"
UNAVAILABLE = "503 Service Unavailable"
PLAIN = {NOT_FOUND: "没有找到这个页面。", UNAVAILABLE: "这里暂时不能用，请过几分钟再来。"}
"""说明还没有烘好时，照直说的话。"""

HEADERS = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".pem": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHOWN_IN_PLACE = {".html", ".xml", ".css", ".js", ".svg", ".pdf", ".png", ".jpg", ".jpeg"}


@dataclass(frozen=True)
class Served:
    """一个站点：代码、域名、路径前缀（末尾无斜杠）、树，和也打开它的主机名。"""

    code: str
    domain: str
    prefix: str
    root: Path
    other_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """打开的一个文件，连同它的内容编码。"""

    stream: BinaryIO
    size: int
    modified: float
    etag: str
    encoding: str


class SiteServer:
    """WSGI 应用。``dynamic`` 给出 Django 应用，第一次用到才载入。"""

    def __init__(self, root: Path, dynamic: Callable[[], Application] | None = None) -> None:
        self.root = root
        self._load_dynamic = dynamic

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        path = _path(environ)
        is_dynamic = path is not None and _is_dynamic(path)
        if is_dynamic and self._load_dynamic:
            return self._load_dynamic()(environ, start)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _plain(
                start, "405 Method Not Allowed", "这里只能查阅。", [("Allow", "GET, HEAD")]
            )
        served, inner = self._site(environ.get("HTTP_HOST", ""), path or "")
        if served is None:
            return _plain(start, "503 Service Unavailable", "网站还没有烘焙好，请稍后再来。")
        if path and not inner:
            return _moved(start, served.prefix + "/")
        if inner != path and _is_dynamic(inner):
            return _moved(start, inner, "302 Found", _with_site(environ, served.code))
        if is_dynamic:
            return self._away(served, environ, start)
        if not inner.startswith("/assets/") and _exists(served.root / "offline.html"):
            return _notice(served, UNAVAILABLE, "/offline.html", environ, start)
        if path is None or not _is_public(inner):
            return self._missing(served, environ, start)
        found = _open(served.root, file_of(inner), environ)
        if found is None:
            if not inner.endswith("/") and _exists(served.root / file_of(inner + "/")):
                return _moved(start, f"{served.prefix}{inner}/")
            return self._missing(served, environ, start)
        return _answer("200 OK", found, inner, environ, start)

    def _site(self, host: str, path: str) -> tuple[Served | None, str]:
        """请求属于哪个站点，和它的站内路径。认不出的域名归第一个站点，方便在本机看。

        由另一个主机名进来的，同在一个域名下的站点也都看得到，只有“/”是它自己的首页。
        站内路径为空串的，要转去前缀加斜杠。
        """
        sites = _directory(self.root, _stamp(self.root / "sites.json"))
        name = host.rpartition(":")[0] or host
        entered = next((site for site in sites if name in site.other_hosts), None)
        if entered and entered.prefix and path == "/":
            return entered, ""
        domain = entered.domain if entered else name
        own = [site for site in sites if site.domain == domain] or list(sites)
        for site in sorted(own, key=lambda site: -len(site.prefix)):
            if not site.prefix or path == site.prefix or path.startswith(site.prefix + "/"):
                return site, path[len(site.prefix) :]
        return (own[0], path) if own else (None, path)

    def _missing(self, served: Served, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        return _notice(served, NOT_FOUND, "/404.html", environ, start)

    def _away(self, served: Served, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        return _notice(served, UNAVAILABLE, "/away.html", environ, start)


def _notice(
    served: Served, status: str, path: str, environ: Environ, start: StartResponse
) -> Iterable[bytes]:
    """一页烘好的说明，连同它的应答码。"""
    found = _open(served.root, file_of(path), environ)
    if found is None:
        return _plain(start, status, PLAIN[status])
    return _answer(status, found, path, environ, start)


def _path(environ: Environ) -> str | None:
    """请求的路径；不是合法的 UTF-8、含 NUL 的，答 ``None``。"""
    try:
        path: str = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return None if "\0" in path else path or "/"


def _is_dynamic(path: str) -> bool:
    return any(path == prefix or path.startswith(prefix + "/") for prefix in DYNAMIC)


def _is_public(path: str) -> bool:
    """树里可以给人看的路径：不越出树，不是隐藏文件，不直接给压缩副本。"""
    parts = path.split("/")
    return (
        path.startswith("/")
        and "\\" not in path
        and not any(part.startswith(".") for part in parts)
        and "" not in parts[1:-1]
        and not path.endswith(tuple(TWINS))
    )


def _open(root: Path, name: str, environ: Environ) -> Found | None:
    """打开文件，或浏览器接受的压缩副本。开着的文件即使随后被换掉，读到的也是完整的旧内容。"""
    accepted = _accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
    choices = [
        (s, e) for s, e in TWINS.items() if e in accepted and Path(name).suffix in COMPRESSED
    ]
    for suffix, encoding in [*choices, ("", "")]:
        try:
            # 树里没有符号链接；有人摆进来一个，也不跟过去。
            descriptor = os.open(root / (name + suffix), os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            continue
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            os.close(descriptor)
            continue
        etag = f'"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}{suffix}"'
        stream = os.fdopen(descriptor, "rb")
        return Found(stream, status.st_size, status.st_mtime, etag, encoding)
    return None


def _exists(path: Path) -> bool:
    """有没有这个文件；名字长得文件系统不认的，就是没有。"""
    try:
        return path.is_file()
    except OSError:
        return False


def _accepted(header: str) -> set[str]:
    """``Accept-Encoding`` 里没有被 ``q=0`` 排除的编码。"""
    accepted = set()
    for part in header.split(","):
        name, _, parameters = part.strip().partition(";")
        if parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name.strip().lower())
    return accepted


def _answer(
    status: str, found: Found, path: str, environ: Environ, start: StartResponse
) -> Iterable[bytes]:
    suffix = Path(file_of(path)).suffix
    headers = [
        ("Content-Type", TYPES.get(suffix, "application/octet-stream")),
        ("ETag", found.etag),
        ("Last-Modified", formatdate(found.modified, usegmt=True)),
        ("Vary", "Accept-Encoding"),
        ("Cache-Control", _caching(path)),
        *HEADERS,
    ]
    if path.startswith("/files/") and suffix not in SHOWN_IN_PLACE:
        headers.append(("Content-Disposition", "attachment"))
    if status.startswith("200") and _unchanged(environ, found.etag):
        found.stream.close()
        start("304 Not Modified", headers)
        return []
    if found.encoding:
        headers.append(("Content-Encoding", found.encoding))
    elif status.startswith("200"):
        headers.append(("Accept-Ranges", "bytes"))
        if asked := _asked_part(environ, found.etag):
            return _answer_part(asked, found, headers, environ, start)
    headers.append(("Content-Length", str(found.size)))
    start(status, headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        found.stream.close()
        return []
    if found.size <= CHUNK:
        with found.stream:
            return [found.stream.read()]
    return _chunks(found.stream)


def _asked_part(environ: Environ, etag: str) -> str:
    """请求要哪一段；没有要的、要接着的已经不是这个文件的（``If-Range``）为空。"""
    condition = environ.get("HTTP_IF_RANGE", "")
    return "" if condition and condition != etag else environ.get("HTTP_RANGE", "")


def _answer_part(
    asked: str,
    found: Found,
    headers: list[tuple[str, str]],
    environ: Environ,
    start: StartResponse,
) -> Iterable[bytes]:
    """只给要的一段；写得不认识的给整个文件，不在文件里的答 416。"""
    try:
        part = part_of(asked, found.size)
    except Unsatisfiable:
        found.stream.close()
        start(
            "416 Range Not Satisfiable",
            [*headers, ("Content-Range", f"bytes */{found.size}"), ("Content-Length", "0")],
        )
        return []
    if part is None:
        part = Part(0, found.size, found.size)
        start("200 OK", [*headers, ("Content-Length", str(found.size))])
    else:
        start(
            "206 Partial Content",
            [
                *headers,
                ("Content-Range", part.content_range),
                ("Content-Length", str(part.length)),
            ],
        )
    if environ["REQUEST_METHOD"] == "HEAD":
        found.stream.close()
        return []
    return read_part(found.stream, part)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _caching(path: str) -> str:
    """样式和脚本按内容起名，永不改变；其余每次都问一声，撤回才能立刻生效。"""
    return "public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache"


def _unchanged(environ: Environ, etag: str) -> bool:
    given = environ.get("HTTP_IF_NONE_MATCH", "")
    return etag in {part.strip().removeprefix("W/") for part in given.split(",")}


def _plain(
    start: StartResponse, status: str, text: str, headers: Iterable[tuple[str, str]] = ()
) -> Iterable[bytes]:
    body = text.encode()
    start(
        status,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            *headers,
            *HEADERS,
        ],
    )
    return [body]


def _moved(
    start: StartResponse, path: str, status: str = "301 Moved Permanently", query: str = ""
) -> Iterable[bytes]:
    location = quote(path) + (f"?{query}" if query else "")
    start(status, [("Location", location), ("Content-Length", "0"), *HEADERS])
    return []


def _with_site(environ: Environ, code: str) -> str:
    """动态部分各站点共用一个地址，不加前缀：带着前缀来的，在查询里写明是哪个站点。"""
    given = environ.get("QUERY_STRING", "").encode("latin-1").decode("ascii", "ignore")
    return (f"{given}&" if given else "") + urlencode({"site": code})


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=4)
def _directory(root: Path, stamp: int) -> tuple[Served, ...]:
    """站点名录；文件变了（``stamp``）才重读。"""
    if not stamp:
        return ()
    rows = json.loads((root / "sites.json").read_bytes())
    return tuple(
        Served(
            row["code"],
            row["domain"],
            f"/{row['prefix']}" if row["prefix"] else "",
            root / row["code"],
            frozenset(row.get("other_hosts", ())),
        )
        for row in rows
    )


@lru_cache(maxsize=1)
def _django() -> Application:
    from yangguang.wsgi import application as django

    return django


def application(environ: Environ, start: StartResponse) -> Iterable[bytes]:
    """``serve_site`` 的入口：树的位置取自设置，或环境变量 ``YANGGUANG_TREE``。"""
    return _server()(environ, start)


@lru_cache(maxsize=1)
def _server() -> SiteServer:
    root = os.environ.get("YANGGUANG_TREE")
    if root is None:
        from django.conf import settings

        root = str(settings.SITE_ROOT)
    static_only = os.environ.get("YANGGUANG_STATIC_ONLY") == "1"
    return SiteServer(Path(root), None if static_only else _django)
