"""``site_key``：给网站的清单签名的钥匙。"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, ContractCommand
from yangguang.foundation.signing import create_key, fingerprint, private_key, public_pem
from yangguang.outlets.website.manifest import KEY_NAME


class Command(ContractCommand):
    """造钥匙、看指纹。"""

    help = "给网站的清单签名的钥匙：create 造一把（已经有了就保留），show 看公钥和指纹"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """做什么。"""
        parser.add_argument("do", choices=("create", "show"), metavar="create|show")

    def answer(self, **options: Any) -> Answer:
        """公钥、指纹、钥匙在哪里、公钥公布在哪里。"""
        path = Path(settings.SITE_KEY)
        if options["do"] == "create":
            create_key(path)
        if not path.exists():
            return Answer(
                {"path": str(path), "fingerprint": None, "public_key": None},
                f"还没有钥匙（{path}）。请执行 yangguang site_key create。",
                holds=False,
            )
        key = private_key(path)
        pem = public_pem(key).decode()
        data = {"path": str(path), "fingerprint": fingerprint(key), "public_key": pem}
        lines = [
            f"私钥：{path}（只有本用户可读，请另行保管一份）",
            f"指纹：{data['fingerprint']}",
            f"公钥公布在各站点的 /{KEY_NAME}，请把指纹另登在别处，例如公报、公示栏：",
            pem,
        ]
        return Answer(data, "\n".join(lines))
