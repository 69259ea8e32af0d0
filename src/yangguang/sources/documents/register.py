"""发文登记簿的动作：登记机关代字，编号，作废。号不缺不重，作废的留着。"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.numbering.models import Counter
from yangguang.foundation.numbering.rules import format_document_number
from yangguang.foundation.numbering.services import take
from yangguang.foundation.organisations.models import Organisation

from .models import NumberEntry, NumberSeries, OfficialDocument
from .numbers import line_number

MOST = 99999


def add_series(
    organisation: Organisation, code: str, *, used: int, actor: Actor
) -> NumberSeries:  # fmt: skip
    """登记一个机关代字。``used`` 是今年已经用到几号（此前不在本系统编的），从下一号接着编。

    不是本机构的签发人、代字不成样子、已有别的机构在用的抛出 ``Refused``。
    """
    if actor.role != "approver" or actor.organisation_id != organisation.pk:
        raise Refused(["机关代字由本机构的签发人登记。"])
    code = "".join(code.split())
    year = timezone.localdate().year
    if line_number(format_document_number(code or "空", year, 1)) is None or len(code) < 2:
        raise Refused([f"“{code}”不像机关代字：例如“某政办发”，不带年份、序号和括号。"])
    if not 0 <= used <= MOST:
        raise Refused([f"已经用到的号在 0 到 {MOST} 之间。"])
    try:
        with transaction.atomic():
            series = NumberSeries.objects.create(organisation=organisation, code=code)
            if used:
                Counter.objects.create(
                    series=counter_of(series), year=year, organisation=organisation, value=used
                )
            record_event(
                "documents.add_series", actor=actor, target=series, fields=("code",),
                public={"code": code, "used": used},
            )  # fmt: skip
    except IntegrityError:
        raise Refused([f"机关代字“{code}”已经登记过了。一个代字只归一个机构。"]) from None
    return series


def counter_of(series: NumberSeries) -> str:
    """这个代字的计数行叫什么。"""
    return f"document:{series.pk}"


def assign(
    document: OfficialDocument, series: NumberSeries, *, actor: Actor, at: datetime
) -> None:  # fmt: skip
    """给一份公文编下一个号，登记入簿。须在事务里。代字不是制发机构的抛出 ``Refused``。

    这个号已有别处编了、收文收进来的，也记入簿，再取下一个：号仍然不缺。
    """
    if series.organisation_id != document.organisation_id or not series.is_active:
        raise Refused([f"“{series}”不是{document.organisation}在用的机关代字。"])
    year = timezone.localdate(at).year
    while True:
        serial = take(counter_of(series), year, series.organisation)
        number = format_document_number(series.code, year, serial)
        holder = OfficialDocument.objects.filter(document_number=number).first()
        NumberEntry.objects.create(
            series=series, year=year, serial=serial, document=holder or document,
            taken_by_id=actor.user_id, taken_at=at,
        )  # fmt: skip
        if holder is None:
            document.document_number = number
            return


def void(document: OfficialDocument, *, actor: Actor, reason: str, at: datetime) -> None:
    """作废这份公文的字号：登记簿上留着，不再给别的公文。须在事务里。"""
    document.number_entries.filter(voided_at=None).update(
        voided_by=actor.user_id, voided_at=at, void_reason=reason
    )
    document.document_number = ""
