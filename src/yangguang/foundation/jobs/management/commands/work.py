"""``yangguang work``：运行作业、日程和跟随者。"""

import logging
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from yangguang.foundation.jobs import registry, services, worker
from yangguang.foundation.jobs.supervisor import Supervisor


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError("应为正整数")
    return int(text)


class Command(BaseCommand):
    """运行到 SIGTERM 或 Ctrl-C 为止；可以在几台主机上各开一个。"""

    help = "运行作业、日程和跟随者，直到 SIGTERM 或 Ctrl-C"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=_positive, default=2, help="几个工人进程，默认 2")
        parser.add_argument(
            "--grace", type=_positive, default=30, help="退出时等手上的作业几秒，默认 30"
        )
        parser.add_argument(
            "--drain", action="store_true", help="做完现在到点的作业和跟随者就退出，不驻留"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
        if options["drain"]:
            self._drain()
            return
        raise SystemExit(Supervisor(options["processes"], options["grace"]).run())

    def _drain(self) -> None:
        worker.reap()
        services.enqueue_due()
        while True:
            for follower in registry.followers():
                follower.function()
            if not worker.run_due():
                break
        self.stdout.write("到点的作业都做完了。")
