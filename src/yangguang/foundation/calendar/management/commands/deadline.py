"""deadline：政府信息公开的各种期限。"""

import argparse
from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.calendar import deadlines
from yangguang.foundation.calendar.answers import (
    add_calendar_options,
    bad_input_named,
    chosen_calendar,
    deadline_json,
    deadline_text,
)
from yangguang.foundation.calendar.deadlines import Channel, Pause
from yangguang.foundation.commands import Answer, ContractCommand, Once, iso_date, whole_number

CLOCKS = {
    "clarification": ("告知补正的期限", "收到申请之日", deadlines.clarification_due),
    "third_party": ("第三方提出意见的期限", "收到征求意见书之日", deadlines.third_party_due),
    "publication": (
        "主动公开的期限",
        "形成或者变更之日，公文为印发日期",
        deadlines.publication_due,
    ),
    "fee_payment": ("缴费的期限", "收到收费通知之日", deadlines.fee_payment_due),
}


def pause(text: str) -> Pause:
    """参数类型：发出日:收到意见日。"""
    parts = text.split(":")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(
            f"“{text}”不是“发出日:收到意见日”的形式，例如 2023-09-20:2023-09-27"
        )
    return Pause(iso_date(parts[0]), iso_date(parts[1]))


class Command(ContractCommand):
    """算一个期限，逐步说明依据。"""

    help = "政府信息公开的期限，每一步都说明依据的条款。"

    def add_contract_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(
            dest="action", metavar="|".join(("reply", *CLOCKS)), required=True
        )
        reply = self.add_action(actions, "reply", "答复申请的期限")
        reply.add_argument(
            "--received", type=iso_date, action=Once, required=True, metavar="日期",
            help="申请到达的日期；不给 --channel 时就是收到之日",
        )  # fmt: skip
        reply.add_argument(
            "--channel", choices=[c.value for c in Channel], action=Once, help="提出方式"
        )
        for name, meaning in (
            ("confirmed", "双方确认之日（平信、互联网、传真）"),
            ("clarified", "收到补正之日，期限重新起算"),
            ("paid", "缴费之日，期限重新起算"),
        ):
            reply.add_argument(
                f"--{name}", type=iso_date, action=Once, metavar="日期", help=meaning
            )
        reply.add_argument(
            "--pause", dest="pauses", type=pause, action="append", default=[],
            metavar="发出日:收到意见日", help="征求意见，可以有几段",
        )  # fmt: skip
        reply.add_argument(
            "--extended-days", type=whole_number, action=Once, default=0, metavar="个数",
            help="延期的工作日数，只能一次，最长 20",
        )  # fmt: skip
        add_calendar_options(reply)
        for name, (label, anchor, _) in CLOCKS.items():
            clock = self.add_action(actions, name, label)
            clock.add_argument(
                "--from", dest="start", type=iso_date, action=Once, required=True,
                metavar="日期", help=anchor,
            )  # fmt: skip
            add_calendar_options(clock)

    def answer(self, **options: Any) -> Answer:
        with bad_input_named():
            calendar = chosen_calendar(options)
            if options["action"] == "reply":
                due = deadlines.reply_due(
                    calendar,
                    options["received"],
                    channel=Channel(options["channel"]) if options["channel"] else None,
                    confirmed=options["confirmed"],
                    clarified=options["clarified"],
                    pauses=options["pauses"],
                    paid=options["paid"],
                    extended_days=options["extended_days"],
                )
            else:
                due = CLOCKS[options["action"]][2](calendar, options["start"])
        return Answer(deadline_json(due), deadline_text(due))
