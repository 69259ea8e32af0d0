"""公众实名的动作：登录、退出、注销、清理。每一样同在一个事务里入审计，审计里没有姓名和证件。"""

import json
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.encryption import keyed_digests, seal
from yangguang.foundation.oidc.claims import Identity

from .models import Resident, ResidentSession
from .rules import KEPT, STATEMENT, RealName
from .selectors import PURPOSE
from .sessions import discard_sessions, open_session

DIGEST = "residents.subject"


@transaction.atomic
def enter(identity: Identity, real_name: RealName, *, before: ResidentSession) -> str:
    """登录：记下（更新）身份，换一个新的会话，返回它的密文。``before`` 是去时的会话，随即作废。

    同一个人以自己的名义、代表不同的单位，各是各的。
    """
    now = timezone.now()
    digests = _digests(identity, real_name)
    values = {
        "subject_digest": digests[0],
        "sealed": _sealed(real_name),
        "kind": real_name.kind,
        "level": real_name.level,
        "statement": STATEMENT,
        "signed_in_at": now,
    }
    # 换过密钥的，还在旧的摘要之下：一并换成新的
    old = Resident.objects.filter(subject_digest__in=digests[1:]).first()
    if old is not None and not Resident.objects.filter(subject_digest=digests[0]).exists():
        Resident.objects.filter(pk=old.pk).update(subject_digest=digests[0])
    resident, _ = Resident.objects.update_or_create(
        subject_digest=digests[0], defaults=values, create_defaults={**values, "created_at": now}
    )
    before.delete()
    record_event(
        "residents.sign_in", actor=None, by=str(resident), target=resident,
        public={"kind": resident.kind, "level": resident.level},
    )  # fmt: skip
    return open_session(resident, None)


@transaction.atomic
def sign_out(session: ResidentSession) -> None:
    """退出：会话当场作废。"""
    if session.resident is not None:
        record_event(
            "residents.sign_out", actor=None, by=str(session.resident), target=session.resident
        )
    session.delete()


@transaction.atomic
def leave(resident: Resident) -> None:
    """注销：身份和它的全部会话一并删去，不留副本（《个人信息保护法》第四十七条）。"""
    record_event("residents.leave", actor=None, by=str(resident), target=resident)
    resident.delete()


def discard(now: datetime) -> int:
    """删去过时的会话，和太久没有登录的身份。返回删了几个身份。"""
    discard_sessions(now)
    gone = 0
    for resident in list(Resident.objects.filter(signed_in_at__lt=now - KEPT)):
        with transaction.atomic():
            record_event("residents.expire", actor=None, target=resident)
            resident.delete()
            gone += 1
    return gone


def _digests(identity: Identity, real_name: RealName) -> list[str]:
    parts = [identity.issuer, identity.subject, real_name.firm_code]
    return keyed_digests(json.dumps(parts).encode(), DIGEST)


def _sealed(real_name: RealName) -> str:
    kept = {
        "name": real_name.person.name,
        "paper_kind": real_name.person.paper.kind,
        "paper_number": real_name.person.paper.number,
        "firm_name": real_name.firm_name,
        "firm_code": real_name.firm_code,
    }
    return seal(json.dumps(kept).encode(), PURPOSE)
