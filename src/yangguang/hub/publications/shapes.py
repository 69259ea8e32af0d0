"""接口里一条公开的信息的样子：列表、检索和单条共用。只有公众在页面上看得到的。"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from ninja import Field, Schema

from yangguang.foundation.api.schemas import Named

from .models import Change, Placement, Publication, PublicationVersion, Share
from .rules import STAGES, VALIDITIES, attachment_path
from .selectors import path_of


class ColumnEntry(Named):
    """信息所在的栏目。"""

    site: str = Field(description="哪个站点的栏目")


class SharedTo(Schema):
    """转发到的站点。"""

    site: str = Field(description="站点的代码")
    href: str = Field(description="那里的页面的地址")


class Summary(Schema):
    """一条信息的概要。"""

    id: int = Field(description="编号")
    index_number: str = Field(description="索引号")
    kind: str = Field(description="种类，例如 document（公文）")
    title: str = Field(description="标题")
    document_number: str | None = Field(description="文号")
    organisation: Named = Field(description="发布机构")
    site: str = Field(description="原件所在的站点的代码")
    columns: list[ColumnEntry] = Field(description="栏目，组配分类在前")
    href: str = Field(description="页面的地址")
    shared_to: list[SharedTo] = Field(description="转发到哪些站点；是同一份原件")
    form: str = Field(description="体裁")
    subject: str | None = Field(description="主题分类")
    stage: str = Field(description=f"五公开：{'、'.join(f'{c} {n}' for c, n in STAGES.items())}")
    validity: str | None = Field(
        description=f"有效性：{'、'.join(f'{c} {n}' for c, n in VALIDITIES.items())}"
    )
    written_on: date | None = Field(description="成文日期")
    published_at: datetime = Field(description="发布时间")
    version: int = Field(description="现行版本的版本号")
    updated_at: datetime = Field(description="现行版本形成的时间")
    is_demonstration: bool = Field(description="是不是演示数据")


class AttachmentEntry(Schema):
    """附件。"""

    name: str = Field(description="名称")
    href: str = Field(description="地址")
    sha256: str = Field(description="内容的 SHA-256")
    size: int = Field(description="字节数")
    media_type: str = Field(description="类型")


class VersionEntry(Schema):
    """一个版本。"""

    number: int = Field(description="版本号")
    action: str = Field(description="因何：publish 发布、correct 更正")
    reason: str | None = Field(description="更正的说明")
    digest: str = Field(description="载荷规范写法的 SHA-256")
    created_at: datetime = Field(description="形成的时间")


class Detail(Summary):
    """一条信息的全部。"""

    digest: str = Field(description="载荷规范写法（键排序、不留空白、UTF-8）的 SHA-256")
    payload: dict[str, Any] = Field(description="现行版本的载荷：公众看到的全部内容，随种类而不同")
    attachments: list[AttachmentEntry] = Field(description="附件，按次序")
    versions: list[VersionEntry] = Field(description="全部版本，先后为序")


class ChangeEntry(Schema):
    """一笔变更：一条信息的发布、更正或撤回。"""

    sequence: int = Field(description="变更日志里的序号，只增不减，不一定相连")
    action: str = Field(description="publish 发布、correct 更正、withdraw 撤回")
    at: datetime = Field(description="变更的时间")
    reason: str | None = Field(
        description="更正或撤回的说明；现在已经撤回的，只有撤回的原因，从前的说明不再给"
    )
    id: int = Field(description="信息的编号")
    index_number: str = Field(description="信息的索引号")
    href: str = Field(description="页面的地址；撤回以后那里是撤回说明")
    state: str = Field(description="信息现在的状态：published 公开着、withdrawn 已撤回")
    publication: Summary | None = Field(description="信息现在的概要；已经撤回的为 null")


def with_places(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """连同栏目、转发到的站点取出，供 ``summary`` 用。多两次查询。"""
    placed = Placement.objects.select_related("column__site").order_by(
        "-is_primary", "column__path"
    )
    shared = Share.objects.filter(ended_at=None).select_related("site").order_by("site")
    return publications.prefetch_related(
        Prefetch("placements", placed, to_attr="placed"),
        Prefetch("shares", shared, to_attr="shared"),
    )


def summary(publication: Publication) -> Summary:
    """概要。信息要由 ``with_places`` 取出，不再查询。"""
    return Summary(**_summary(publication))


def change_entry(change: Change, publication: Publication) -> ChangeEntry:
    """一笔变更，要已封存的。信息要由 ``with_places`` 取出，不再查询。

    说的是信息现在的样子：已经撤回的，连从前发布、更正的各笔也只剩编号和地址，没有内容。
    """
    is_public = publication.state == Publication.State.PUBLISHED
    is_told = is_public or change.action == Change.Action.WITHDRAW
    return ChangeEntry(
        sequence=change.seal.sequence,  # type: ignore[attr-defined]
        action=change.action,
        at=timezone.localtime(change.at),
        reason=(change.reason if is_told else "") or None,
        id=publication.pk,
        index_number=publication.index_number,
        href=publication.site.address + path_of(publication),
        state=publication.state,
        publication=summary(publication) if is_public else None,
    )


def detail(publication: Publication, versions: Iterable[PublicationVersion]) -> Detail:
    """全部。"""
    version = _current(publication)
    return Detail(
        **_summary(publication),
        digest=version.digest,
        payload=version.payload,
        attachments=[
            AttachmentEntry(
                **{name: file[name] for name in ("name", "sha256", "size", "media_type")},
                href=publication.site.address
                + attachment_path(publication.pk, file["sha256"], file["name"]),
            )
            for file in version.payload["attachments"]
        ],
        versions=[
            VersionEntry(
                number=each.number,
                action=each.action,
                reason=each.reason or None,
                digest=each.digest,
                created_at=timezone.localtime(each.created_at),
            )
            for each in versions
        ],
    )


def _current(publication: Publication) -> PublicationVersion:
    version = publication.current_version
    assert version is not None  # noqa: S101  公开的必有现行版本
    return version


def _summary(publication: Publication) -> dict[str, Any]:
    version = _current(publication)
    placed: list[Placement] = publication.placed  # type: ignore[attr-defined]
    shared: list[Share] = publication.shared  # type: ignore[attr-defined]
    path = path_of(publication)
    return {
        "id": publication.pk,
        "index_number": publication.index_number,
        "kind": publication.kind,
        "title": publication.title,
        "document_number": publication.document_number or None,
        "organisation": Named(
            code=publication.organisation.code, name=publication.organisation.name
        ),
        "site": publication.site.code,
        "columns": [
            ColumnEntry(code=p.column.code, name=p.column.name, site=p.column.site.code)
            for p in placed
        ],
        "href": publication.site.address + path,
        "shared_to": [
            SharedTo(site=each.site.code, href=each.site.address + path) for each in shared
        ],
        "form": version.payload["form"],
        "subject": version.payload.get("subject") or None,
        "stage": publication.stage,
        "validity": publication.validity or None,
        "written_on": publication.written_on,
        "published_at": timezone.localtime(publication.published_at),
        "version": version.number,
        "updated_at": timezone.localtime(version.created_at),
        "is_demonstration": publication.is_demonstration,
    }
