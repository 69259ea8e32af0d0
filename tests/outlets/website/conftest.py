"""网站的测试材料：一个小州、它的栏目、一种最简单的信息，和一棵私有的静态树。"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.services import store
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.rules import demonstration_uscc
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications import data, kinds
from yangguang.hub.publications.models import Publication, PublicationVersion
from yangguang.hub.publications.refreshing import refresh
from yangguang.hub.publications.services import correct, publish, withdraw
from yangguang.outlets.website.projector import catch_up

TODAY = date(2026, 6, 1)
FIGURES: dict[str, Any] = {}


class NoteKind(kinds.PublicationKind):
    """测试用的一种信息：题名就是记录的名称，正文、附件和要改的字段由测试给。"""

    code = "note"
    label = "测试信息"
    schema_version = 1
    template = "website/record.html"
    model = Group
    bodies: dict[int, str] = {}
    files: dict[int, list[StoredFile]] = {}
    values: dict[int, dict[str, Any]] = {}

    def payload(self, record: Group) -> dict[str, Any]:
        plain = {
            "title": record.name,
            "document_number": "",
            "form": "通知",
            "subject": "综合政务",
            "stage": "decision",
            "validity": "effective",
            "disclosure": "proactive",
            "written_on": "2020-09-25",
            "issued_on": None,
            "body": [
                {"type": "heading", "level": 1, "text": "一、要求"},
                {
                    "type": "paragraph",
                    "style": "plain",
                    "text": self.bodies.get(record.pk, "正文。"),
                },
                {"type": "heading", "level": 1, "text": "二、<附则>"},
                {"type": "table", "rows": [["序号", "事项"], ["1", "甲&乙"]]},
                {"type": "paragraph", "style": "right", "text": "2020年9月25日"},
            ],
        }
        return plain | self.values.get(record.pk, {})

    def links(self, payload: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        return [(each["index_number"], "interprets") for each in payload.get("interprets", ())]

    def attachments(self, record: Group) -> list[StoredFile]:
        return self.files.get(record.pk, [])


class FigureKind(NoteKind):
    """带有算出的数据的一种信息。"""

    code = "figure"
    label = "测试数据"

    def data_keys(self, payload: Any) -> tuple[str, ...]:
        return ("figure:1",)

    def page_context(self, payload: Any, reading: kinds.Reading) -> dict[str, Any]:
        shown = f"{reading.as_of} 完成 {reading.data['figure:1']['done']} 项"
        body = [{"type": "paragraph", "style": "plain", "text": shown}]
        return {"body": body, "outline": []}


@dataclass
class Desk:
    """一张办公桌：发布、更正、撤回、封存、跟进。"""

    site: Site
    columns: dict[str, Column]
    organisation: Organisation
    actor: Actor
    root: Path
    kind: type[NoteKind] = NoteKind
    count: int = field(default=0)

    def key(self) -> str:
        self.count += 1
        return f"desk-{self.count}"

    def publish(
        self,
        title: str = "关于<b>测试</b>的通知",
        *,
        columns: tuple[str, ...] = ("files",),
        on: datetime | None = None,
        files: tuple[StoredFile, ...] = (),
        kind: str = "note",
        by: Organisation | None = None,
        **values: Any,
    ) -> Publication:
        record, _ = Group.objects.get_or_create(name=title)
        NoteKind.files[record.pk] = list(files)
        NoteKind.values[record.pk] = values
        version = publish(
            record, kind, organisation=by or self.organisation,
            columns=[self.columns[code] for code in columns], actor=self.actor, key=self.key(),
            published_at=on, published_at_source="登记簿" if on else "",
        )  # fmt: skip
        return version.publication

    def correct(self, publication: Publication, body: str) -> PublicationVersion:
        record = Group.objects.get(pk=publication.source_id)
        NoteKind.bodies[record.pk] = body
        try:
            return correct(publication, record, actor=self.actor, reason="文字有误", key=self.key())
        except BaseException:
            # 正文不在数据库里：断在提交之前的，得自己退回现行版本的那一句
            publication.refresh_from_db()
            version = publication.current_version
            assert version is not None
            NoteKind.bodies[record.pk] = version.payload["body"][1]["text"]
            raise

    def withdraw(self, publication: Publication) -> None:
        withdraw(publication, actor=self.actor, reason="内容有误，核实后重新发布")

    def republish(self, publication: Publication, columns: tuple[str, ...] = ("files",)) -> None:
        publish(
            Group.objects.get(pk=publication.source_id), publication.kind,
            organisation=self.organisation, columns=[self.columns[code] for code in columns],
            actor=self.actor, key=self.key(),
        )  # fmt: skip

    def refresh(self, key: str) -> None:
        with transaction.atomic():
            refresh(key)

    def store(self, content: bytes, name: str) -> StoredFile:
        from io import BytesIO

        return store(BytesIO(content), name, actor=self.actor, organisation=self.organisation)

    def follow(self, as_of: date = TODAY) -> None:
        seal_all()
        catch_up(as_of)

    def files(self) -> dict[str, bytes]:
        """树里的全部文件，锁和临时文件除外。"""
        return tree_files(self.root / self.site.code)

    def page(self, path: str) -> str:
        return (self.root / self.site.code / path.lstrip("/")).read_text()


def tree_files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.fixture
def kinds_registered() -> Iterator[None]:
    before = dict(kinds._kinds), dict(data._computations)
    kinds.register(NoteKind())
    kinds.register(FigureKind())
    data.register_data("figure", lambda key, as_of: {"done": FIGURES.get(key, 0)})
    FIGURES.clear()
    NoteKind.bodies.clear()
    NoteKind.files.clear()
    NoteKind.values.clear()
    yield
    kinds._kinds.clear()
    kinds._kinds.update(before[0])
    data._computations.clear()
    data._computations.update(before[1])


def make_desk(root: Path) -> Desk:
    government = Organisation.objects.add_root(
        instance=Organisation(
            code="donghe", name="东河州人民政府", short_name="州政府", level="prefecture",
            kind="government", uscc=demonstration_uscc("donghe"), uscc_is_demonstration=True,
        )
    )  # fmt: skip
    for number, name in enumerate(("金县", "银县")):
        Organisation.objects.add_child(
            government,
            instance=Organisation(
                code=f"county-{number}", name=f"{name}人民政府", short_name=name, level="county",
                kind="government",
            )
        )  # fmt: skip
    site = Site.objects.create(
        code="donghe", name="东河州人民政府", short_name="东河州", organisation=government,
        domain="www.donghe.example", identification_code="6299000000", contact="演示",
        icp_number="演示备案号", police_number="演示备案号", is_demonstration=True,
    )  # fmt: skip
    words = {"column_type": "政策文件", "description": "公开的文件", "keywords": "文件"}
    root_column = Column.objects.add_root(
        instance=Column(site=site, code="open", name="政府信息公开", **words)
    )
    children = {
        code: Column.objects.add_child(
            root_column, instance=Column(site=site, code=code, name=name, **words)
        )
        for code, name in (("files", "文件"), ("plans", "规划"))
    }
    other = Column.objects.add_root(
        instance=Column(site=site, code="notices", name="通知公告", **words)
    )
    user = User.objects.create_user("approver", "签发人")
    assignment = RoleAssignment.objects.create(
        user=user, organisation=government, role="approver", valid_from=date(2020, 1, 1)
    )
    actor = Actor(
        user_id=user.pk, display_name="签发人", assignment_id=assignment.pk, role="approver",
        organisation_id=government.pk, organisation_path=government.path, includes_subtree=False,
    )  # fmt: skip
    columns = {"open": root_column, "notices": other, **children}
    return Desk(site, columns, government, actor, root)


def number_from(number: int) -> None:
    """此后新的信息从 ``number`` 起编号。PostgreSQL 的编号不随事务回退，每个测试都要从头编起。"""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = %s WHERE name = 'publications_publication'",
                [number - 1],
            )
        else:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('publications_publication', 'id'), %s, false)",
                [number],
            )


@pytest.fixture
def desk(db: None, kinds_registered: None, tmp_path: Path, settings: Any) -> Desk:
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"
    number_from(1)
    return make_desk(settings.SITE_ROOT)


@pytest.fixture
def moment() -> Callable[..., datetime]:
    return lambda year, month=6, day=1: datetime(year, month, day, 1, 0, tzinfo=UTC)
