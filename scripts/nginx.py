"""照 ``deploy/nginx.conf`` 试跑 nginx：只换路径、端口、证书和用户，别的一字不改。测试和测量都用它。

只听回环地址，不用 https；要有 brotli 模块。
"""

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.demo_site import ROOT, free_port

DEPLOY = ROOT / "deploy"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
INSTALL = "apt install nginx-light libnginx-mod-http-brotli-static"
COUNTY = "yongjing"
"""配置里带路径前缀的那个站点，代码和前缀都是它。"""


def is_installed() -> bool:
    """nginx 和它的 brotli 模块都有。"""
    return shutil.which("nginx") is not None and BROTLI.exists()


@dataclass(frozen=True)
class Trial:
    """写好的一份：听哪个端口，应用该在哪个端口，怎样起，出错写在哪里。"""

    port: int
    upstream: int
    command: tuple[str, ...]
    errors: Path


def arrange(
    folder: Path,
    trees: Mapping[str, Path],
    *,
    county: str = COUNTY,
    changes: Iterable[tuple[str, str]] = (),
) -> Trial:
    """把配置写到 ``folder`` 下。

    ``trees`` 从配置里站点的代码到它的树，``county`` 换掉带前缀的站点的代码和前缀；
    ``changes`` 是此外要换的（正则式、换成什么）。
    """
    port, upstream, etc = free_port(), free_port(), folder / "etc"
    replaced = [
        *((rf"/var/lib/yangguang/site/{code}", str(tree)) for code, tree in trees.items()),
        (COUNTY, county),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{upstream}"),
        (r"/var/log/nginx", str(folder)),
        (r"/run/nginx\.pid", f"{folder}/pid"),
        (r"user www-data;", "user root;"),
        (r"^include /etc/nginx/modules-enabled.*$", f"load_module {BROTLI};"),
        (r"^\s*ssl_.*\n", ""),
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        (r"listen \[::\]:443 ssl http2;", f"listen [::1]:{port};"),
        (r"listen 80 default_server;", f"listen 127.0.0.1:{free_port()};"),
        (r"listen \[::\]:80 default_server;", ""),
        *changes,
    ]
    shutil.copytree(DEPLOY / "nginx", etc / "yangguang")
    for path in (DEPLOY / "nginx.conf", *(etc / "yangguang").iterdir()):
        text = path.read_text("utf-8")
        for pattern, replacement in replaced:
            text = re.sub(pattern, replacement, text, flags=re.M)
        (etc / "nginx.conf" if path.parent == DEPLOY else path).write_text(text, "utf-8")
    errors = folder / "error"
    command = ("nginx", "-c", f"{etc}/nginx.conf", "-p", str(etc), "-e", str(errors))
    return Trial(port, upstream, (*command, "-g", "daemon off;"), errors)
