"""``yangguang appoint 用户名 角色 …``：任免三员。"""

from typing import Any

from django.core.management.base import CommandParser
from django.urls import reverse

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import ADMINISTRATORS
from yangguang.foundation.commands import Answer, BadInput, ContractCommand
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import by_code
from yangguang.foundation.personnel.appointing import appoint, dismiss, restore


class Command(ContractCommand):
    """照任命文件任免系统管理员、安全管理员、审计管理员；工作台里授不出这三种角色。"""

    help = "照任命文件任免三员：没有账号的建一个，印出由本人设口令的一次性链接"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="用户名")
        parser.add_argument("role", choices=sorted(ADMINISTRATORS), metavar="角色")
        parser.add_argument("--document", required=True, help="任命或免职的文件")
        parser.add_argument("--name", default="", help="姓名；新建账号时要")
        parser.add_argument("--organisation", default="", help="机构的代码；任命时要")
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--dismiss", action="store_true", help="免去，当即失效")
        either.add_argument(
            "--restore", action="store_true",
            help="口令忘了、手机丢了，核实是本人之后：口令和第二步验证作废，另发链接",
        )  # fmt: skip

    def answer(self, **options: Any) -> Answer:
        username, role, document = options["username"], options["role"], options["document"]
        label = Role(role).label
        try:
            if options["dismiss"]:
                ended = dismiss(username, role, document=document)
                return Answer({"ended": ended}, f"已免去{username}的{label}，当即失效。")
            if options["restore"]:
                restored = restore(username, role, document=document)
                link = reverse("personnel:join", args=[restored.token])
                told = f"已重设{username}的登录，请本人打开 {link} 设口令，只能用一次。"
                return Answer({"username": username, "role": role, "link": link}, told)
            issued = appoint(
                username,
                options["name"],
                role,
                by_code(options["organisation"]),
                document=document,
            )
        except Organisation.DoesNotExist:
            raise BadInput(f"没有代码为“{options['organisation']}”的机构。") from None
        except Refused as refused:
            raise BadInput("".join(refused.reasons)) from refused
        path = reverse("personnel:join", args=[issued.token]) if issued.token else None
        told = f"，请本人打开 {path} 设口令，只能用一次" if path else ""
        return Answer(
            {"username": username, "role": role, "link": path}, f"已任命{username}为{label}{told}。"
        )
