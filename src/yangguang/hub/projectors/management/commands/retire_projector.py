"""``retire_projector``：主机停用了，不再等它的检索索引。"""

from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, BadInput, ContractCommand
from yangguang.hub.projectors.models import Projector
from yangguang.hub.projectors.services import retire


class Command(ContractCommand):
    """除名。"""

    help = "出口除名：停用的主机不再等它确认撤回；站点随站点增减，不必除名"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """出口的代码。"""
        parser.add_argument("code", metavar="代码", help="出口的代码，yangguang health 里列着")

    def answer(self, **options: Any) -> Answer:
        """除名了谁。"""
        projector = Projector.objects.filter(code=options["code"]).first()
        if projector is None:
            known = "、".join(Projector.objects.order_by("code").values_list("code", flat=True))
            raise BadInput(f"没有代码为“{options['code']}”的出口。现有：{known or '无'}。")
        label = projector.label
        retire(projector, actor=None, note="命令行除名")
        return Answer({"retired": options["code"]}, f"{label}已除名。它再跟进时会重新登记。")
