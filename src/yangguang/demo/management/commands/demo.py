"""``demo``：从无到有，开一个看得见、点得动的演示。"""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from yangguang.demo import preparing, running, telling
from yangguang.demo.loading import Loaded, Say
from yangguang.demo.people import PASSWORD
from yangguang.foundation.commands import (
    Answer,
    ContractCommand,
    Once,
    iso_date,
    whole_number,
)


class Command(ContractCommand):
    """演示。"""

    help = "装入临夏州的演示数据，开网站和作业两个进程，直到 Ctrl-C；再次运行接着用原来的数据"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """``--address``、``--port``、``--as-of``、``--reset``、``--no-serve``。"""
        parser.add_argument(
            "--address", default="127.0.0.1", action=Once, help="监听地址，默认只对本机"
        )
        parser.add_argument(
            "--port", type=whole_number, default=8000, action=Once, help="端口，默认 8000"
        )
        parser.add_argument(
            "--as-of", metavar="D", type=iso_date, action=Once,
            help="页面截至哪一天，例如 2020-10-20；登录、审计和变更日志仍用真实的时钟",
        )  # fmt: skip
        parser.add_argument("--reset", action="store_true", help="先删去原有的演示数据")
        parser.add_argument("--no-serve", action="store_true", help="装好、烘焙好就结束，不开服务")

    def answer(self, **options: Any) -> Answer:
        """备好，开门，守到结束。"""
        out = self.stderr if options["json"] else self.stdout

        def say(line: str) -> None:
            out.write(line, style_func=str)
            out.flush()

        if not options["no_serve"]:
            running.check_port(options["address"], options["port"])
        with running.alone():
            try:
                with running.interruptible(say) as checked:
                    loaded = self._prepare(checked, options["reset"], options["as_of"])
            except KeyboardInterrupt:
                stopped = "装入中断，已装好的留着，再次运行接着装。"
                return Answer({"ended": stopped}, stopped, holds=False)
            base = running.base(options["address"], options["port"])
            data = {
                "addresses": telling.addresses(base, loaded),
                "logins": telling.logins(),
                "password": PASSWORD,
            }
            if options["no_serve"]:
                return Answer(data, "已装好，没有开服务。")
            return self._serve(telling.greeting(base, loaded), data, say, options)

    def _prepare(self, say: Say, anew: bool, as_of: date | None) -> Loaded:
        if anew:
            preparing.reset()
            say("原有的演示数据已删去")
        return preparing.prepare(lambda line: say(f"· {line}"), as_of)

    def _serve(
        self, greeting: str, data: dict[str, Any], say: Say, options: dict[str, Any]
    ) -> Answer:
        address, port, as_of = options["address"], options["port"], options["as_of"]

        def opened() -> None:
            say("\n" + greeting)
            if as_of:
                say(f"页面截至 {as_of}；登录、审计和变更日志用真实的时钟。")
            if not running.is_local(address):
                say("这个地址别的机器也能打开，而演示口令是公开的：只在可信的网络里用。")
            say("按 Ctrl-C 结束。")

        try:
            ended = running.keep_running(address, port, as_of, opened)
        except running.NotAnswering as silent:
            return Answer({**data, "ended": str(silent)}, str(silent), holds=False)
        if ended is None:
            return Answer(data, "演示已结束，数据留着，再次运行接着用。")
        told = f"“{ended.member.label}”进程自己结束了（{ended.how()}），其余的也已结束。"
        text = f"{told}它最后说：\n{ended.last_lines()}\n全部输出在 {ended.member.log}。"
        return Answer({**data, "ended": told}, text, holds=False)
