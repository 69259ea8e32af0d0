"""写的一次：同一把密钥、同一个幂等键、同样的内容，只办一遍，再来照原样答复。

先占住幂等键，再办，办成了记下答复：三步各自提交，办的那一步里没有多余的锁。办到一半断了，
过 ``STALE`` 秒可以用同样的内容再来；业务的服务也各有幂等键（由这把密钥和这个键得出），所以不会办两次。
办不成的（理由退回、内容有误）什么也没有做，幂等键还可以用。
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema

from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.services import Refused

from .models import ApiKey, Done
from .problems import Problem

STALE = timedelta(seconds=60)
"""占住这么久还没有办成，就当是断了。"""
REPLAYED = "Idempotency-Replayed"


@dataclass(frozen=True)
class Made:
    """办成的结果：答复的内容，和新东西的地址。"""

    body: Schema
    location: str = ""


def once(request: HttpRequest, key: str, work: Callable[[str], Made]) -> HttpResponse:
    """办一次。``work`` 拿到业务用的幂等键（不超过 60 字），返回结果；不能办的照样抛出。"""
    api_key: ApiKey = request.api_key  # type: ignore[attr-defined]
    done = _claim(api_key, key, _fingerprint(request))
    if done.status is not None:
        return _answer(done, replayed=True)
    try:
        made = work(f"api:{api_key.pk}:{hashlib.sha256(key.encode()).hexdigest()[:40]}")
    except (Refused, FileRefused, Problem):
        done.delete()
        raise
    done.status, done.location = 201, made.location
    done.body = made.body.model_dump_json()
    done.save(update_fields=["status", "location", "body"])
    return _answer(done, replayed=False)


def _claim(api_key: ApiKey, key: str, fingerprint: str) -> Done:
    now = timezone.now()
    try:
        with transaction.atomic():
            return Done.objects.create(
                api_key=api_key, key=key, fingerprint=fingerprint, claimed_at=now
            )
    except IntegrityError:
        found = Done.objects.filter(api_key=api_key, key=key).first()
    if found is None:
        # 正办着的那一次刚刚退回，键又空出来了
        raise Problem("in-progress", headers={"Retry-After": "1"})
    if found.fingerprint != fingerprint:
        raise Problem("key-reused")
    if found.status is None:
        # 断了的那一次，只让一个人接着办
        broken = Done.objects.filter(
            pk=found.pk, status=None, claimed_at=found.claimed_at, claimed_at__lt=now - STALE
        )
        if not broken.update(claimed_at=now):
            raise Problem("in-progress", headers={"Retry-After": "5"})
    return found


def _fingerprint(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    digest.update(request.body)
    return digest.hexdigest()


def _answer(done: Done, *, replayed: bool) -> HttpResponse:
    response = HttpResponse(done.body, status=done.status, content_type="application/json")
    if done.location:
        response["Location"] = done.location
    if replayed:
        response[REPLAYED] = "true"
    return response
