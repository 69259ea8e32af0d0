"""``serve_site``：把烘好的树交给公众；动态部分由同一个进程里的 Django 应答。"""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from granian import Granian
from granian.constants import Interfaces

from yangguang.foundation.commands import Answer, BadInput, ContractCommand


class Command(ContractCommand):
    """提供服务。"""

    help = "提供网站服务：公开页面来自静态树，/workbench/ 等动态部分来自应用"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """``--address``、``--port``、``--root``、``--static-only``、``--threads``。"""
        parser.add_argument("--address", default="127.0.0.1", help="监听地址，默认只对本机")
        parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
        parser.add_argument("--root", metavar="DIR", help="静态树，默认取自设置")
        parser.add_argument("--static-only", action="store_true", help="只提供公开页面")
        parser.add_argument("--threads", type=int, default=8, help="处理请求的线程数")

    def answer(self, **options: Any) -> Answer:
        """一直服务到被结束。"""
        if options["root"]:
            root = Path(options["root"]).resolve()
            if not (root / "sites.json").is_file():
                raise BadInput(f"--root：{root} 里没有 sites.json，不是烘焙好的树。")
            os.environ["YANGGUANG_TREE"] = str(root)
        if options["static_only"]:
            os.environ["YANGGUANG_STATIC_ONLY"] = "1"
        address = f"http://{options['address']}:{options['port']}/"
        self.stdout.write(f"网站：{address}")
        self.stdout.flush()
        Granian(
            "yangguang.outlets.website.serving:application",
            address=options["address"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=options["threads"],
            websockets=False,
            log_enabled=False,
        ).serve()
        return Answer({"address": address}, "网站服务已结束。")
