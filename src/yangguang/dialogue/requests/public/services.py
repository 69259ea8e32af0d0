"""申请人在网上做的：提交一件，连同身份证明、委托书；补正时交材料；建议主动公开。"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.services import store
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import note
from yangguang.foundation.organisations.models import Organisation

from ..applicants import Applicant
from ..models import DisclosureRequest
from ..services import (
    Asked,
    Receipt,
    applicant_actor,
    attach,
    correct_by_applicant,
    give_reason_by_applicant,
    submit,
)

Uploads = Mapping[str, "UploadedFile[Any]"]
"""材料的种类（``RequestFile.KINDS``）到文件。"""


@transaction.atomic
def apply(
    asked: Asked,
    applicant: Applicant,
    uploads: Uploads,
    *,
    organisation: Organisation,
    key: str,
    query_code: str,
    resident: int | None = None,
) -> Receipt:
    """提交一件，连同材料：要么都收下，要么都没有。同一 ``key`` 再来的，给同一件，材料不再收。

    有一份文件不能收抛出 ``FileRefused``，带密级标志的抛出 ``Classified``、``FileClassified``。
    """
    receipt = submit(
        asked, applicant, organisation=organisation, key=key, query_code=query_code,
        resident=resident,
    )  # fmt: skip
    if receipt.is_new:
        _take(receipt.request, uploads)
    return receipt


@transaction.atomic
def correct(request: DisclosureRequest, answer: str, uploads: Uploads, *, key: str) -> None:
    """补正，连同材料。同一 ``key`` 只收一回。"""
    if _is_first(request, key):
        correct_by_applicant(request, answer, key=key)
        _take(request, uploads)


@transaction.atomic
def give_reason(request: DisclosureRequest, answer: str, uploads: Uploads, *, key: str) -> None:
    """说明理由，连同材料。同一 ``key`` 只收一回。"""
    if _is_first(request, key):
        give_reason_by_applicant(request, answer, key=key)
        _take(request, uploads)


def _is_first(request: DisclosureRequest, key: str) -> bool:
    """锁住这一件，看 ``key`` 用过没有。"""
    DisclosureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    return not TransitionRecord.objects.filter(idempotency_key=key).exists()


def _take(request: DisclosureRequest, uploads: Uploads) -> None:
    actor = applicant_actor(request.organisation)
    for kind, upload in uploads.items():
        content = BytesIO(upload.read())
        file = store(content, upload.name or "", actor=actor, organisation=request.organisation)
        attach(request, file, kind, actor=actor)


@transaction.atomic
def propose_publication(request: DisclosureRequest, *, key: str) -> None:
    """建议把这项信息纳入主动公开（条例第四十四条）。建议过的不再记。"""
    actor = applicant_actor(request.organisation)
    current = DisclosureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if current.wants_publication:
        return
    if note(current, "propose_publication", "建议主动公开", actor=actor, key=key):
        DisclosureRequest.objects.filter(pk=current.pk).update(wants_publication=True)
        record_event("requests.propose_publication", actor=actor, target=current)
