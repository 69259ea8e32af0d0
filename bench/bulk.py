"""成批装入真实大小的公文，供烘焙、发布的测量用：直接写表，不走收文、审核的步骤。

一篇的题名、文号、正文由 ``corpus.Writer`` 造，正文轮换着用；版本、栏目、变更、封存、列表的序号都齐全，
与逐条发布留下的一样，只是摘要链省去。
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from corpus import Text, Writer

BODIES = 2_000
"""造这么多篇不同的正文，再多就轮换。"""
BATCH = 2_000
FIRST = datetime.fromisoformat("2008-05-01T09:00:00+08:00")


def payloads(count: int) -> Iterator[dict[str, Any]]:
    """``count`` 篇公文的载荷。"""
    writer = Writer(sentences=50_000)
    texts: list[Text] = []
    for number in range(count):
        if len(texts) < BODIES:
            texts.append(writer.text(number))
        text = texts[number % len(texts)]
        lines = text.body.splitlines()
        yield {
            "title": text.title if number < BODIES else f"{text.title}（{number}）",
            "document_number": f"临测发〔{2008 + number * 18 // count}〕{number}号",
            "issuers": ["临夏州人民政府"],
            "addressees": ["各县、市人民政府，州政府各部门"],
            "document_type": "通知",
            "form": "通知",
            "subject": text.subject,
            "stage": "decision",
            "validity": "effective",
            "disclosure": "proactive",
            "disclosure_mark": "（此件公开发布）",
            "written_on": "2020-09-25",
            "issued_on": "2020-09-25",
            "is_demonstration": True,
            "body": [
                {"type": "heading", "level": 1, "text": line[:20]}
                if position % 8 == 3
                else {"type": "paragraph", "style": "plain", "text": line}
                for position, line in enumerate(lines)
            ],
            "attachments": [],
        }


def fill(count: int) -> None:
    """往第一个站点装入 ``count`` 篇，连同列表；网站的进度推到末尾，好像都已经落实。"""
    from django.db import transaction
    from django.db.models import Max, OuterRef

    from yangguang.foundation.organisations.models import Organisation
    from yangguang.hub.columns.models import Column, Site
    from yangguang.hub.publications.models import (
        Change,
        ChangeSeal,
        Placement,
        Publication,
        PublicationVersion,
    )
    from yangguang.hub.publications.rules import digest
    from yangguang.outlets.website.frame import Press
    from yangguang.outlets.website.models import Cursor, ListEntry, PublicList
    from yangguang.outlets.website.rules import ListKey

    site = Site.objects.select_related("organisation").order_by("pk")[0]
    press = Press(site, FIRST.date())
    columns = [c for c in Column.objects.filter(site=site) if c.is_leaf()]
    units = list(Organisation.objects.order_by("pk"))
    user = PublicationVersion.objects.values_list("created_by", flat=True)[0]
    keys_of = {c.pk: [each.code for each in press.ancestors(c)] for c in columns}
    lists: dict[str, PublicList] = {each.key: each for each in PublicList.objects.filter(site=site)}
    start = Publication.objects.aggregate(Max("pk"))["pk__max"] or 0
    sequence = ChangeSeal.objects.aggregate(Max("sequence"))["sequence__max"] or 0
    given = iter(enumerate(payloads(count)))
    while batch := list(islice(given, BATCH)):
        with transaction.atomic():
            made = []
            for number, payload in batch:
                made.append(
                    Publication(
                        kind="document",
                        organisation=units[number % len(units)],
                        site=site,
                        index_number=f"BENCH/{number:08d}",
                        state="published",
                        title=payload["title"],
                        document_number=payload["document_number"],
                        stage=payload["stage"],
                        validity=payload["validity"],
                        published_at=FIRST + timedelta(minutes=9 * number),
                        is_demonstration=True,
                        source_label="bench",
                        source_id=number,
                    )
                )
            made = Publication.objects.bulk_create(made)
            versions = PublicationVersion.objects.bulk_create(
                PublicationVersion(
                    publication=publication, number=1, action="publish", schema_version=1,
                    payload=payload, digest=digest(payload), created_at=publication.published_at,
                    created_by_id=user, idempotency_key=f"bench-{publication.pk}",
                )
                for publication, (_, payload) in zip(made, batch, strict=True)
            )  # fmt: skip
            own_version = PublicationVersion.objects.filter(publication=OuterRef("pk"))
            Publication.objects.filter(pk__gte=made[0].pk).update(
                current_version=own_version.values("pk")
            )
            chosen = [columns[publication.pk % len(columns)] for publication in made]
            Placement.objects.bulk_create(
                Placement(publication=publication, column=column, is_primary=True)
                for publication, column in zip(made, chosen, strict=True)
            )
            changes = Change.objects.bulk_create(
                Change(
                    action="publish", publication=version.publication, version=version,
                    columns=[column.code], at=version.created_at,
                )
                for version, column in zip(versions, chosen, strict=True)
            )  # fmt: skip
            seals = []
            for change in changes:
                sequence += 1
                seals.append(
                    ChangeSeal(
                        change=change, sequence=sequence, digest=f"{sequence:064x}",
                        previous=f"{sequence - 1:064x}",
                    )
                )  # fmt: skip
            ChangeSeal.objects.bulk_create(seals)
            entries: dict[str, list[Publication]] = defaultdict(list)
            for publication, column in zip(made, chosen, strict=True):
                entries[str(ListKey("organisation", publication.organisation.code))].append(
                    publication
                )
                for code in keys_of[column.pk]:
                    entries[str(ListKey("column", code))].append(publication)
                    year = publication.published_at.year
                    entries[str(ListKey("column", code, year))].append(publication)
            rows = []
            for key, listed in entries.items():
                if key not in lists:
                    lists[key] = PublicList.objects.create(site=site, key=key)
                for publication in listed:
                    rows.append(
                        ListEntry(
                            public_list=lists[key], publication=publication,
                            ordinal=lists[key].placed,
                        )
                    )  # fmt: skip
                    lists[key].placed += 1
                    lists[key].live += 1
            ListEntry.objects.bulk_create(rows)
            PublicList.objects.bulk_update(lists.values(), ["placed", "live"])
    Cursor.objects.update_or_create(pk=1, defaults={"sequence": sequence, "numbered": sequence})
    assert Publication.objects.filter(pk__gt=start).count() >= count
