"""会签和联合发文的动作：定由谁会签，送出，记下同意与否。"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation

from .joint import joint_issuers
from .models import Countersignature, OfficialDocument

Standing = Countersignature.Standing


def set_signatories(
    document: OfficialDocument,
    *,
    joint: Sequence[Organisation],
    consulted: Sequence[Organisation],
) -> list[str]:
    """定联合发文的其他机关和另请会签的机关，返回改了哪些字段。须在改稿的事务里。

    联合发文的，发文机关随着改，主办的在前。制发机构自己不能会签，抛出 ``Refused``。
    """
    wanted = {each.pk: False for each in consulted} | {each.pk: True for each in joint}
    if document.organisation_id in wanted:
        raise Refused(["制发机构就是主办机关，不用在会签里再选。"])
    rows = document.countersignatures.all()
    if [(row.organisation_id, row.is_issuer) for row in rows] == list(wanted.items()):
        return []
    was = [row.organisation.name for row in rows.select_related("organisation") if row.is_issuer]
    rows.delete()
    Countersignature.objects.bulk_create(
        Countersignature(document=document, organisation_id=pk, is_issuer=is_issuer)
        for pk, is_issuer in wanted.items()
    )
    names = [each.name for each in joint]
    if names == was:
        return ["countersignatures"]
    others = [name for name in document.issuers[1:] if name not in was and name not in names]
    lead = document.issuers[0] if document.issuers else document.organisation.name
    document.issuers = joint_issuers(lead, [*names, *others])
    document.save(update_fields=["issuers", "updated_at"])
    return ["countersignatures", "issuers"]


def send_out(document: OfficialDocument) -> None:
    """重新送审：从前的会签是对从前的稿子，都作废。"""
    document.countersignatures.update(standing=Standing.WAITING, by=None, at=None, opinion="")


def show_to_signatories(document: OfficialDocument) -> None:
    """走到了会签：各会签机关从此看得到。"""
    document.countersignatures.update(is_sent=True)


def sign(
    document: OfficialDocument, standing: str, *, actor: Actor, opinion: str, at: datetime
) -> None:
    """记下此人的机关会签的结果。"""
    of_theirs(document, actor).update(
        standing=standing, by=actor.user_id, at=at, opinion=opinion
    )  # fmt: skip


def of_theirs(document: OfficialDocument, actor: Actor) -> QuerySet[Countersignature]:
    """此人的机关那一行。"""
    return document.countersignatures.filter(organisation=actor.organisation_id)
