"""一个州七百个单位、一百万条记录，供工作台的测量用：直接写表，不走收文、审核的步骤。

机构、栏目、词典取自 ``data/linxia``，再造出各县市的部门、乡镇，凑足数目；每个单位三个经办人。单位有忙有闲
（各占多少按齐普夫分布），记录按先后编号，绝大多数早已发布，还在办的百分之三。先用对象写满 ``BASE`` 条的一份，
再在库里照样多抄几份：编号、唯一的键错开，别的不变。
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from corpus import Writer

BASE = 10_000
"""用对象写这么多条，再多的抄。"""
UNITS = 700
BATCH = 2_000
FIRST = datetime.fromisoformat("2008-05-01T09:00:00+08:00")
LAST = datetime.fromisoformat("2026-11-20T18:00:00+08:00")
DEPARTMENTS = (
    "发展和改革局", "教育局", "科学技术局", "工业和信息化局", "公安局", "民政局", "司法局", "财政局",
    "人力资源和社会保障局", "自然资源局", "住房和城乡建设局", "交通运输局", "水务局", "农业农村局",
    "商务局", "文体广电和旅游局", "卫生健康局", "退役军人事务局", "应急管理局", "审计局", "市场监督管理局",
    "统计局", "医疗保障局", "林业和草原局", "乡村振兴局", "信访局", "政务服务中心", "城市管理局",
)  # fmt: skip
STATES = {
    "published": 950, "withdrawn": 20, "draft": 12, "in_review": 6, "in_approval": 4,
    "approved": 5, "revising": 3,
}  # fmt: skip
"""一千条里各种状态有几条。"""
SENT = {"adopted": 500, "declined": 420, "sent": 50, "draft": 20, "in_approval": 10}
SHARES = {"completed": 820, "closed": 30, "reported": 40, "in_progress": 110}
LAST_STEPS = {
    "published": "publish", "withdrawn": "withdraw", "in_review": "submit", "in_approval": "pass",
    "approved": "approve", "revising": "revise",
}  # fmt: skip


def furnish(root: Path) -> None:
    """机构、日历、站点、词典，七百个单位和各单位的经办人。"""
    from django.contrib.auth.hashers import make_password

    from yangguang.demo.people import KINDS, SINCE, WRITERS, Staff, settle_people
    from yangguang.demo.screening import dictionaries_in_force
    from yangguang.foundation.accounts.models import RoleAssignment, User
    from yangguang.foundation.calendar.services import load_calendar
    from yangguang.foundation.organisations.models import Kind, Level, Organisation
    from yangguang.foundation.organisations.services import load_organisations
    from yangguang.hub.columns.services import load_site

    load_calendar()
    load_organisations(root / "data" / "linxia")
    for path in (
        root / "data/linxia/site.json",
        *sorted((root / "data/linxia/sites").glob("*.json")),
    ):
        load_site(path)
    settle_people(LAST.date())
    dictionaries_in_force(Staff().named("office.supervisor"))
    counties = list(Organisation.objects.filter(level=Level.COUNTY, kind=Kind.GOVERNMENT))
    offices = {o.code: o for o in Organisation.objects.filter(code__endswith="-office")}
    for number in range(UNITS - Organisation.objects.count()):
        county, nth = counties[number % len(counties)], number // len(counties)
        county = Organisation.objects.get(pk=county.pk)
        place = county.short_name.removesuffix("政府")
        if nth < len(DEPARTMENTS):
            name, level, kind = DEPARTMENTS[nth], Level.COUNTY, Kind.ADMINISTRATIVE
        else:
            name, level, kind = f"第{nth - 27}镇人民政府", Level.TOWNSHIP, Kind.GOVERNMENT
        county.add_child(
            instance=Organisation(
                code=f"{county.code}-bench-{nth}", name=f"{place}{name}", short_name=f"{place}{name}",
                level=level, kind=kind, disclosure_authority=offices[f"{county.code}-office"],
            )
        )  # fmt: skip
    held = set(RoleAssignment.objects.filter(role__in=WRITERS).values_list("organisation", "role"))
    secret = make_password(None)
    for unit in Organisation.objects.filter(kind__in=KINDS):
        for role in WRITERS:
            if (unit.pk, role) not in held:
                person = User.objects.create(
                    username=f"{unit.code}.{role}", password=secret,
                    display_name=f"演示{role.label}（{unit.short_name}）",
                )  # fmt: skip
                RoleAssignment.objects.create(
                    user=person, organisation=unit, role=role, valid_from=SINCE
                )


class Records:
    """造一份记录的人：单位、经办人、文字都备好，一种一种地写。"""

    def __init__(self, count: int) -> None:
        from yangguang.foundation.accounts.models import RoleAssignment
        from yangguang.hub.columns.models import Column, Site

        self.count = count
        self.chance = random.Random(count)
        self.writer = Writer(sentences=20_000)
        self.site = Site.objects.select_related("organisation").order_by("pk")[0]
        self.columns = [c for c in Column.objects.filter(site=self.site) if c.is_leaf()]
        self.posts: dict[int, dict[str, RoleAssignment]] = {}
        for post in RoleAssignment.objects.select_related("user", "organisation"):
            self.posts.setdefault(post.organisation_id, {})[post.role] = post
        self.units = [
            held["drafter"].organisation
            for _, held in sorted(self.posts.items())
            if "drafter" in held
        ]
        self.chance.shuffle(self.units)
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(len(self.units))))
        self.bodies = [self._body(short=number % 10 != 0) for number in range(500)]

    def _body(self, *, short: bool) -> list[dict[str, Any]]:
        lines = self.writer.text(self.chance.randrange(10_000)).body.splitlines()
        if short:
            lines = ["".join(lines)[:200]]
        return [{"type": "paragraph", "style": "plain", "text": line} for line in lines if line]

    def unit(self) -> Any:
        """随意一个单位，忙的多些。"""
        return self.chance.choices(self.units, cum_weights=self.weights)[0]

    def at(self, number: int) -> datetime:
        """第几条是几时的：按先后铺开。"""
        return FIRST + (LAST - FIRST) * number / self.count

    def title(self, unit: Any) -> str:
        """题名。"""
        first, second = self.chance.choices(self.writer.subjects, k=2)
        form = self.chance.choice(("通知", "公告", "意见", "方案", "批复", "办法", "报告"))
        return f"{unit.short_name}关于{first}{second}的{form}"

    def common(self, number: int, state: str) -> dict[str, Any]:
        """有一生的记录都有的。"""
        unit, at = self.unit(), self.at(number)
        return {
            "organisation": unit,
            "state": state,
            "created_by": self.posts[unit.pk]["drafter"].user,
            "created_at": at,
        }

    def write(self) -> None:
        """各种各一份。"""
        from django.contrib.contenttypes.models import ContentType
        from django.db.models import F

        from yangguang.sources.articles.models import Article
        from yangguang.sources.contributions.models import Contribution
        from yangguang.sources.documents.models import OfficialDocument

        for model, made in (
            (OfficialDocument, self.documents()),
            (Article, self.articles()),
        ):
            kind = ContentType.objects.get_for_model(model)
            through = model.columns.through
            link = model._meta.model_name
            for rows in stored(model, made):
                through.objects.bulk_create(
                    through(**{f"{link}_id": row.pk, "column": self.chance.choice(self.columns)})
                    for row in rows
                )
                self.steps(kind, rows)
        self.publications()
        for model, made in self.others():
            for rows in stored(model, made):
                if model is Contribution:
                    self.steps(ContentType.objects.get_for_model(model), rows)
        for model in (OfficialDocument, Article, Contribution):
            # 存的时候一律记作现在更新的
            model.objects.update(updated_at=F("created_at"))
        self.ledger()

    def documents(self) -> Iterator[Any]:
        """公文。"""
        from yangguang.hub.publications.subjects import CODES
        from yangguang.sources.documents.codes import TYPE_CODES
        from yangguang.sources.documents.models import OfficialDocument

        types, subjects = sorted(set(TYPE_CODES.values())), sorted(CODES.values())
        for number in range(self.count):
            common = self.common(number, self.drawn(STATES))
            day = self.at(number).date()
            yield OfficialDocument(
                title=self.title(common["organisation"]),
                document_number=f"临测发〔{day.year}〕{number}号" if number % 5 else "",
                issuers=[common["organisation"].name],
                document_type=self.chance.choice(types),
                written_on=day, issued_on=day,
                subject=self.chance.choice(subjects),
                stage=self.chance.choice(("decision", "execution", "management")),
                disclosure="proactive" if number % 8 else "on_request",
                disclosure_ground="" if number % 8 else "15-privacy",
                disclosure_reason="" if number % 8 else "只涉及部分当事人。",
                body=self.chance.choice(self.bodies),
                publish_due=day + timedelta(days=28),
                is_demonstration=True, **common,
            )  # fmt: skip

    def articles(self) -> Iterator[Any]:
        """稿件。"""
        from yangguang.sources.articles.models import Article

        for number in range(self.count):
            common = self.common(number, self.drawn(STATES))
            reprinted = number % 9 == 0
            yield Article(
                title=self.title(common["organisation"]),
                article_type=self.chance.choice(("news", "notice")),
                stage="service",
                body=self.chance.choice(self.bodies),
                source_name="中国政府网" if reprinted else "",
                source_level="central" if reprinted else "",
                source_href="https://www.gov.cn/a.htm" if reprinted else "",
                source_published_at=self.at(number) if reprinted else None,
                expires_on=self.at(number).date() + timedelta(days=400) if number % 4 == 0 else None,
                is_demonstration=True, **common,
            )  # fmt: skip

    def steps(self, kind: Any, rows: Sequence[Any]) -> None:
        """各条的第一步和最后一步；草稿有一半是退回来的。"""
        from yangguang.foundation.lifecycle.models import TransitionRecord

        made = []
        for row in rows:
            is_returned = row.state == "draft" and row.pk % 2
            last = LAST_STEPS.get(row.state, "return" if is_returned else "")
            for event, days in (("create", 0), (last, 3)):
                post = self.posts[row.organisation_id][
                    "drafter" if event == "create" else "approver"
                ]
                if event:
                    made.append(
                        TransitionRecord(
                            content_type=kind, object_id=row.pk, event=event, label=event,
                            source="draft", target=row.state, user_id=post.user_id, assignment=post,
                            organisation_id=row.organisation_id, message="请核对附件后再报。",
                            idempotency_key=f"bench-{kind.pk}-{row.pk}-{event}",
                            at=row.created_at + timedelta(days=days),
                        )
                    )  # fmt: skip
        TransitionRecord.objects.bulk_create(made, batch_size=BATCH)

    def publications(self) -> None:
        """公开了的公文，各有一版。"""
        from yangguang.hub.publications.models import Placement, Publication, PublicationVersion
        from yangguang.hub.publications.rules import digest
        from yangguang.sources.documents.models import OfficialDocument

        documents = OfficialDocument.objects.defer("body").order_by("pk").iterator(BATCH)
        while batch := list(islice(documents, BATCH)):
            made = Publication.objects.bulk_create(
                Publication(
                    kind="document", organisation_id=document.organisation_id, site=self.site,
                    index_number=f"BENCH/{document.pk:08d}",
                    state="withdrawn" if document.state == "withdrawn" else "published",
                    title=document.title, document_number=document.document_number,
                    stage=document.stage, validity="effective", published_at=document.created_at + timedelta(days=3),
                    is_demonstration=True, source_label="documents.officialdocument",
                    source_id=document.pk,
                )
                for document in batch
            )  # fmt: skip
            versions = PublicationVersion.objects.bulk_create(
                PublicationVersion(
                    publication=row, number=1, action="publish", schema_version=1,
                    payload={"title": row.title}, digest=digest({"title": row.title}),
                    created_at=row.published_at, created_by_id=document.created_by_id,
                    idempotency_key=f"bench-{row.pk}",
                )
                for row, document in zip(made, batch, strict=True)
            )  # fmt: skip
            for row, version in zip(made, versions, strict=True):
                row.current_version = version
            Publication.objects.bulk_update(made, ["current_version"], batch_size=500)
            Placement.objects.bulk_create(
                Placement(publication=r, column=self.chance.choice(self.columns), is_primary=True)
                for r in made
            )

    def others(self) -> Iterator[tuple[Any, Iterator[Any]]]:
        """审计、消息、投稿。"""
        from yangguang.foundation.audit.models import AuditEvent
        from yangguang.foundation.notify.models import Message
        from yangguang.sources.contributions.models import Contribution

        yield AuditEvent, (self._event(number) for number in range(self.count))
        yield Message, (self._message(number) for number in range(self.count))
        yield Contribution, (self._contribution(number) for number in range(self.count // 2))

    def _event(self, number: int) -> Any:
        from yangguang.foundation.audit.models import AuditEvent

        post = self.posts[self.unit().pk]["drafter"]
        return AuditEvent(
            action=self.chance.choice(("documents.edit", "articles.publish", "accounts.sign_in")),
            at=self.at(number), user_id=post.user_id, user_name=post.user.display_name,
            assignment=post, role=post.role, organisation_id=post.organisation_id,
            target_type="documents.officialdocument", target_id=str(number),
            target_label=self.title(post.organisation), fields=["body"],
        )  # fmt: skip

    def _message(self, number: int) -> Any:
        from yangguang.foundation.notify.models import Message

        unit = self.unit()
        post = self.posts[unit.pk][self.chance.choice(("drafter", "reviewer", "approver"))]
        seen = number < self.count * 0.98
        return Message(
            user_id=post.user_id, assignment=post, kind="waiting", subject="documents",
            title=self.title(unit), why="审核", href=f"/workbench/documents/{number}/",
            key=f"bench-{number}", created_at=self.at(number),
            read_at=self.at(number) if seen else None,
            settled_at=self.at(number) if seen and number % 3 else None,
        )  # fmt: skip

    def _contribution(self, number: int) -> Any:
        from yangguang.sources.contributions.models import Contribution

        common = self.common(number * 2, self.drawn(SENT))
        unit = common["organisation"]
        receiver = unit.disclosure_authority_id
        if receiver in (None, unit.pk):
            receiver = self.site.organisation_id
        if receiver == unit.pk:
            receiver = self.units[0].pk
        sent = common["state"] in ("adopted", "declined", "sent")
        return Contribution(
            title=self.title(unit), body=self.chance.choice(self.bodies), receiver_id=receiver,
            sent_on=common["created_at"].date() if sent else None,
            grade="full" if common["state"] == "adopted" else "",
            points=5 if common["state"] == "adopted" else 0, **common,
        )  # fmt: skip

    def ledger(self) -> None:
        """工作方案和任务台账：州里的和八县市的，每份 40 项任务、80 个分解项，各由五个单位承担。"""
        from yangguang.oversight.plans.models import (
            ActionPlan,
            Deliverable,
            DeliverableAssignment,
            Task,
        )

        owners = [
            self.site.organisation,
            *sorted((u for u in self.units if "-" not in u.code), key=lambda u: u.code)[::-1],
        ]
        for number in range(max(1, self.count // 5_000)):
            owner = owners[number % len(owners)]
            day = self.at(number * 5_000).date()
            within = [u for u in self.units if u.path.startswith(owner.path)]
            (plan,) = ActionPlan.objects.bulk_create([
                ActionPlan(
                    title=f"{day.year}年{owner.short_name}政务公开工作要点分工方案（{number}）",
                    issued_on=day, idempotency_key=f"bench-{number}",
                    **self.common(number, "active" if day > date(2024, 1, 1) else "closed")
                    | {"organisation": owner},
                )
            ])  # fmt: skip
            tasks = Task.objects.bulk_create(
                Task(
                    plan=plan,
                    position=n,
                    number=str(n),
                    title=self.title(owner),
                    text="按要求落实。",
                )
                for n in range(1, 41)
            )
            deliverables = Deliverable.objects.bulk_create(
                Deliverable(
                    task=task, position=n, text=self.title(owner),
                    due_on=day + timedelta(days=60 * n) if task.position % 3 else None,
                    due_basis="own" if task.position % 3 else "",
                )
                for task in tasks
                for n in (1, 2)
            )  # fmt: skip
            DeliverableAssignment.objects.bulk_create(
                [self._share(plan, demand, unit, nth)
                 for demand in deliverables
                 for nth, unit in enumerate(self.chance.sample(within, min(5, len(within))))],
                batch_size=BATCH,
            )  # fmt: skip

    def _share(self, plan: Any, demand: Any, unit: Any, nth: int) -> Any:
        from yangguang.oversight.plans.models import DeliverableAssignment

        state, done = self.drawn(SHARES), plan.issued_on + timedelta(days=50)
        return DeliverableAssignment(
            deliverable=demand, role="implementing" if nth else "lead", phrase=unit.short_name,
            organisation=unit, created_by=plan.created_by, created_at=plan.created_at, state=state,
            reported_on=done if state in ("reported", "completed") else None,
            confirmed_on=done if state == "completed" else None,
            closed_on=done if state == "closed" else None,
        )  # fmt: skip

    def drawn(self, odds: dict[str, int]) -> str:
        """按所给的份数抽一种。"""
        return self.chance.choices(list(odds), list(odds.values()))[0]


def stored(model: Any, made: Iterable[Any]) -> Iterator[list[Any]]:
    """一批一批地写。"""
    from django.db import transaction

    given = iter(made)
    while batch := list(islice(given, BATCH)):
        with transaction.atomic():
            rows = model.objects.bulk_create(batch, batch_size=BATCH)
            yield rows


UNIQUE = {
    "documents.officialdocument": ("document_number",),
    "lifecycle.transitionrecord": ("idempotency_key",),
    "publications.publication": ("index_number",),
    "publications.publicationversion": ("idempotency_key",),
    "notify.message": ("key",),
    "plans.actionplan": ("idempotency_key",),
}
"""抄的时候要错开的文字；空的照旧。"""
POINTING = {
    "lifecycle.transitionrecord": {"object_id": None},
    "publications.publication": {"source_id": "documents.officialdocument"},
}
"""不是外键而指着别的记录的：指着哪一种；``None`` 是公文、稿件、投稿都有，三种编号错开的一样多。"""


def copied(times: int) -> None:
    """在库里照现有的一份再抄 ``times`` 份。"""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection, transaction
    from django.db.models import Max

    labels = (
        "documents.officialdocument", "articles.article", "publications.publication",
        "publications.publicationversion", "documents.officialdocument_columns",
        "articles.article_columns", "publications.placement", "lifecycle.transitionrecord",
        "audit.auditevent", "notify.message", "contributions.contribution", "plans.actionplan",
        "plans.task", "plans.deliverable", "plans.deliverableassignment",
    )  # fmt: skip
    models = [apps.get_model(label) for label in labels]
    living_models = [m for m in models if hasattr(m, "lifecycle")]
    shift = {m: m.objects.aggregate(most=Max("pk"))["most"] for m in models}
    living = max(shift[m] for m in living_models)
    shift |= dict.fromkeys(living_models, living)
    most = {m: m.objects.aggregate(most=Max("pk"))["most"] for m in models}
    for nth in range(1, times + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # 外键指着的都在，不必逐行去查
                cursor.execute("SET LOCAL session_replication_role = replica")
            for model in models:
                columns, values = [], []
                for field in model._meta.concrete_fields:
                    column = connection.ops.quote_name(field.column)
                    label = model._meta.label_lower
                    pointing = POINTING.get(label, {})
                    target = field.related_model if field.is_relation else None
                    value = column
                    if field.primary_key:
                        value = f"{column} + {shift[model] * nth}"
                    elif target in shift:
                        value = f"{column} + {shift[target] * nth}"
                    elif field.name in pointing:
                        value = f"{column} + {living * nth}"
                    elif field.name in UNIQUE.get(label, ()):
                        value = f"CASE WHEN {column} = '' THEN '' ELSE {column} || '/{nth}' END"
                    columns.append(column)
                    values.append(value)
                table = connection.ops.quote_name(model._meta.db_table)
                where = f"id <= {most[model]}"
                if label == "lifecycle.transitionrecord":
                    where += " AND idempotency_key LIKE 'bench-%%'"
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608
                    f"SELECT {', '.join(values)} FROM {table} WHERE {where}",
                    [],
                )
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def fill(count: int, root: Path) -> None:
    """建表，装好机构，写 ``count`` 条，让库重新估计各表。"""
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        furnish(root)
    base = min(count, BASE)
    Records(base).write()
    copied(count // base - 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
