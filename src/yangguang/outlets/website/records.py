"""一条信息的页面：由种类的模板印成；撤回以后，原地址上是一页郑重的说明。

转发来的也是一页，由同一个版本印成，规范地址是原件；停止转发以后，原地址上写明原件在哪里。
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from markupsafe import Markup

from yangguang.foundation.audit.rules import canonical_json
from yangguang.foundation.files.models import Rendition
from yangguang.foundation.files.renditions import Original, renditions
from yangguang.foundation.files.rules import VTT
from yangguang.foundation.files.video import MP4
from yangguang.foundation.richtext.writing import html_of
from yangguang.foundation.theme.chrome import Link, PageHead
from yangguang.foundation.theme.formats import iso_date, local
from yangguang.foundation.theme.labels import article_labels
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.data import compute
from yangguang.hub.publications.kinds import PublicationKind, Reading, kind
from yangguang.hub.publications.linking import links_of
from yangguang.hub.publications.models import (
    Change,
    Placement,
    Publication,
    PublicationVersion,
    Share,
)
from yangguang.hub.publications.rules import (
    STAGES,
    VALIDITIES,
    attachment_path,
    picture_path,
)
from yangguang.hub.publications.selectors import is_shown_on, path_of
from yangguang.hub.topics.rules import Candidate
from yangguang.hub.topics.selectors import candidate, interpreted_by

from .frame import Press
from .linked_data import describe
from .pictures import picture_html, pictured
from .qr import picture
from .related import Related, beside, contents_of
from .rules import verify_path
from .sheets import Copied, Sheet, batch_maker

DISCLOSURES = {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}
LOWEST_RANK = 4
"""正文标题在网页里最低用到第几级。"""
IN_TEXT = "(min-width: 48rem) 42rem, 92vw"
"""文中的图片在版面里占多宽。"""
HISTORY = {"publish": "发布", "correct": "更正", "withdraw": "撤回"}

DAY = "day"
"""含日期的页面的键：过了零点要重烘。"""


@dataclass(frozen=True)
class Attached:
    """页面上的一个附件。"""

    name: str
    href: str
    size: int
    media_type: str
    captions: "Attached | None" = None
    """视频的字幕。"""


@dataclass(frozen=True)
class Happened:
    """变更记录里的一行。"""

    at: datetime
    word: str
    reason: str


def reading(
    press: Press, chosen: PublicationKind, payload: Mapping[str, Any]
) -> tuple[Reading, set[str]]:
    """种类的页面要用的数据，和用到的键。"""
    keys = chosen.data_keys(payload)
    data = {key: compute(key, press.as_of) for key in keys}
    return Reading(press.as_of.isoformat(), data), {*keys, DAY} if keys else set()


Published = tuple[Publication, PublicationVersion]


def _publications(press: Press, subjects: Sequence[str]) -> dict[str, Published]:
    """各条信息和它的现行版本：原件在本站的，和转发过的，连同转发。四次查询，有转发来的多一次。

    站点和机构一批只有几个，各读一次、几条信息共用，不随每一行联表重读。
    """
    shared = Share.objects.filter(publication=OuterRef("pk"), site=press.site)
    found = list(
        Publication.objects.filter(Q(site=press.site) | Exists(shared))
        .filter(pk__in=[int(subject) for subject in subjects])
        .select_related("current_version")
        .prefetch_related("organisation", "site__organisation")
    )
    elsewhere = [each for each in found if each.site_id != press.site.pk]
    prefetch_related_objects(elsewhere, "shares")
    return {str(each.pk): (each, each.current_version) for each in found if each.current_version}


OfPublication = TypeVar("OfPublication", Placement, Change)


def _by_publication(rows: Iterable[OfPublication]) -> Mapping[int, list[OfPublication]]:
    """各条信息名下的行，按信息的编号，次序不变。"""
    grouped: dict[int, list[OfPublication]] = defaultdict(list)
    for row in rows:
        if row.publication_id is not None:
            grouped[row.publication_id].append(row)
    return grouped


@batch_maker("record")
def records(press: Press, subjects: Sequence[str]) -> Iterator[Sheet | None]:
    """各条信息的页面，或撤回、停止转发的说明。

    八次查询，有转发来的、文中有图片的、刊登在公报上的各多一次，有解读、又有专题的多四次，种类自己要的数据另算。
    """
    found = _publications(press, subjects)
    publications = [publication.pk for publication, _ in found.values()]
    placements = _by_publication(
        Placement.objects.filter(publication__in=publications)
        .prefetch_related("column")
        .order_by("-is_primary", "column__path")
    )
    changes = _by_publication(
        Change.objects.filter(publication__in=publications, action__in=HISTORY).order_by("pk")
    )
    links = links_of(publications)
    sources = {link.source_id for link in links} & set(publications) if press.topics else set()
    interprets = interpreted_by(press.site, sources) if sources else {}
    contents = contents_of(links)
    made = renditions(
        original
        for publication, version in found.values()
        if publication.state == Publication.State.PUBLISHED
        for original in originals(version.payload["body"]).values()
    )
    for subject in subjects:
        if subject not in found:
            yield None
            continue
        publication, version = found[subject]
        if not is_shown_on(publication, press.site):
            yield _no_longer_shared(press, publication)
        elif publication.state == Publication.State.WITHDRAWN:
            yield _withdrawn(press, publication)
        else:
            placed, happened = placements[publication.pk], changes[publication.pk]
            texts = interprets.get(publication.pk, ())
            related = beside(press, publication, links, contents)
            yield _record(press, publication, version, placed, happened, made, texts, related)


def _record(
    press: Press,
    publication: Publication,
    version: PublicationVersion,
    placements: Sequence[Placement],
    changes: Sequence[Change],
    made: Mapping[str, Sequence[Rendition]],
    interprets: Sequence[Candidate],
    related: Related,
) -> Sheet:
    payload = version.payload
    chosen = kind(publication.kind)
    read, keys = reading(press, chosen, payload)
    columns = [p.column for p in placements if p.column.site_id == press.site.pk]
    primary = next((p.column.name for p in placements if p.is_primary), "")
    body = numbered(payload["body"])
    files = [
        Attached(
            name=file["name"],
            href=press.url(attachment_path(publication.pk, file["sha256"], file["name"])),
            size=file["size"],
            media_type=file["media_type"],
        )
        for file in payload["attachments"]
    ]
    history = _history(publication, changes)
    codes = {each.code for column in columns for each in press.ancestors(column)}
    cards = in_cards(body) if chosen.is_swiped(payload) else []
    texts, drawn = (
        _texts(press, publication, cards or [body], made) if chosen.is_rich_text else ([], ())
    )
    context = {
        "publication": publication,
        "text": Markup("").join(texts),
        "cards": texts if cards else [],
        "payload": payload,
        "version": version,
        "fields": fields(publication, payload, primary),
        "outline": outline(body),
        "body": body,
        "attachments": files,
        "videos": videos(files),
        "topics": press.topics_gathering(candidate(publication, frozenset(codes), interprets)),
        "history": history,
        "corrections": sum(each.word == HISTORY["correct"] for each in history),
        "validity": VALIDITIES.get(publication.validity, ""),
        "verify_href": press.url(verify_path(publication.pk)),
        "qr": picture(press.absolute(path_of(publication))),
        "href_of_organisation": press.publisher_url(publication),
        "original": _original(press, publication),
        "related": related,
    }
    content = press.render(
        chosen.template,
        _head(press, publication, version, columns),
        **{**context, **chosen.page_context(payload, read)},
    )
    return Sheet(
        content,
        frozenset(keys),
        publication_id=publication.pk,
        attachments=(
            *(
                Copied(
                    attachment_path(publication.pk, file["sha256"], file["name"]),
                    file["sha256"],
                    file["size"],
                )
                for file in payload["attachments"]
            ),
            *drawn,
        ),
    )


def videos(files: Sequence[Attached]) -> list[Attached]:
    """各个视频；紧跟在后面的字幕是它的。"""
    return [
        replace(file, captions=after if after and after.media_type == VTT else None)
        for file, after in zip_longest(files, files[1:])
        if file.media_type == MP4
    ]


def originals(body: Sequence[Mapping[str, Any]]) -> dict[str, Original]:
    """正文里的图片存下的各份，按摘要。"""
    return {
        block["sha256"]: Original(
            block["sha256"], block["media_type"], block["width"], block["height"]
        )
        for block in body
        if block["type"] == "picture"
    }


def _texts(
    press: Press,
    publication: Publication,
    parts: Sequence[Sequence[Mapping[str, Any]]],
    made: Mapping[str, Sequence[Rendition]],
) -> tuple[list[Markup], tuple[Copied, ...]]:
    """带图片、链接、列表的正文写成网页，分了几段就是几段，和图片的各个文件。文件归这一条信息，撤回时一并撤下。"""

    def place(name: str) -> str:
        return picture_path(publication.pk, name)

    found = {
        sha256: pictured(press, original, made[sha256], place)
        for sha256, original in originals([block for part in parts for block in part]).items()
    }

    def picture(block: Mapping[str, Any]) -> str:
        return picture_html(found[block["sha256"]].called(block["alt"]), IN_TEXT)

    files = tuple(file for each in found.values() for file in each.files)
    # html_of 写出的只有转义过的文字和白名单里的标签
    return [Markup(html_of(part, picture, href=press.url)) for part in parts], files  # noqa: S704


def _original(press: Press, publication: Publication) -> Link | None:
    """转发来的信息的原件：站点的名称与地址；原件就在本站为 ``None``。"""
    if publication.site_id == press.site.pk:
        return None
    return Link(publication.site.name, press.across(publication.site, path_of(publication)))


def _head(
    press: Press, publication: Publication, version: PublicationVersion, columns: list[Column]
) -> PageHead:
    primary = columns[0]
    crumbs = press.crumbs(press.ancestors(primary))
    return PageHead(
        title=publication.title,
        path=path_of(publication),
        labels=press.site_labels
        + article_labels(
            primary.name,
            primary.column_type,
            publication.title,
            local(publication.published_at),
            publication.organisation.name,
            keywords=primary.keywords,
        ),
        crumbs=crumbs,
        current=press.entrance(primary),
        description=publication.title,
        canonical=publication.site.address + path_of(publication),
        linked_data=describe(press, publication, version, crumbs),
    )


def fields(
    publication: Publication, payload: Mapping[str, Any], primary: str
) -> list[tuple[str, str]]:
    """页面字段（甘肃通行的八项，加发布日期、主题分类、体裁、五公开），在哪个站点都一样。

    ``primary`` 是组配分类。联合发文的，写明各家发文机关，主办的在前。
    """
    issuers = payload.get("issuers") or ()
    joint = [("发文机关", "、".join(issuers))] if len(issuers) > 1 else []
    subject = [("主题分类", payload["subject"])] if payload.get("subject") else []
    return [
        ("索引号", publication.index_number),
        ("公开方式", DISCLOSURES[payload["disclosure"]]),
        ("发布机构", publication.organisation.name),
        *joint,
        ("组配分类", primary),
        ("文件编号", publication.document_number),
        ("发文日期", payload.get("issued_on") or ""),
        ("成文日期", payload.get("written_on") or ""),
        ("有效性", VALIDITIES.get(publication.validity, "")),
        ("发布日期", iso_date(publication.published_at)),
        ("体裁", payload["form"]),
        *subject,
        ("五公开", STAGES[publication.stage]),
    ]


def numbered(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """正文各块；标题带上锚点，页面目录指向它，并定下在网页里是第几级。

    题名是一级，正文最高的一级总是二级，往下逐级加一、不跳级：读屏软件靠它在文中走动。
    """
    blocks = []
    count = 0
    top = min((block["level"] for block in body if block["type"] == "heading"), default=0)
    rank = 1
    for block in body:
        if block["type"] == "heading":
            count += 1
            rank = min(block["level"] - top + 2, rank + 1, LOWEST_RANK)
            blocks.append({**block, "anchor": f"s{count}", "rank": rank})
        else:
            blocks.append(block)
    return blocks


def outline(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """目录：编了号的正文里的标题，最多两级；只有一个标题就不列。"""
    headings = [block for block in body if block["type"] == "heading"]
    top = min((block["level"] for block in headings), default=0)
    shown = [
        {"text": block["text"], "anchor": block["anchor"], "deep": block["level"] > top}
        for block in headings
        if block["level"] <= top + 1
    ]
    return shown if len(shown) > 1 else []


def in_cards(body: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """一张张卡片：一个二级标题连同它下面的是一张，一张图片连同它后面的文字是一张。"""
    cards: list[list[dict[str, Any]]] = []
    for block in body:
        begins = block["type"] == "picture" or (block["type"] == "heading" and block["level"] == 2)
        if begins or not cards:
            cards.append([])
        cards[-1].append(block)
    return cards


def _history(publication: Publication, changes: Sequence[Change]) -> list[Happened]:
    happened = [Happened(change.at, HISTORY[change.action], change.reason) for change in changes]
    if happened and publication.published_at_source:
        recorded = f"本平台 {iso_date(happened[0].at)} 补录，发布时间依据：{publication.published_at_source}"
        happened[0] = Happened(publication.published_at, "发布", recorded)
    return happened


def _withdrawn(press: Press, publication: Publication) -> Sheet:
    """撤回说明：索引号、撤回时间和原因，没有原来的标题和内容。"""
    head = PageHead(
        title="此信息已撤回",
        path=path_of(publication),
        description="这个地址上公开过的信息，已由发布机构撤回。",
        labels=press.site_labels,
        crumbs=(Link("首页", press.url("/")),),
        indexed=False,
    )
    content = press.render("website/withdrawn.html", head, publication=publication)
    return Sheet(content, publication_id=publication.pk, is_tombstone=True)


def _no_longer_shared(press: Press, publication: Publication) -> Sheet:
    """停止转发的说明：原件在哪里。不写题名，所以原件撤回以后也不必改。"""
    head = PageHead(
        title="本站不再转发此信息",
        path=path_of(publication),
        description="本站转发过的信息，原件由别的站点公开。",
        labels=press.site_labels,
        crumbs=(Link("首页", press.url("/")),),
        indexed=False,
    )
    content = press.render(
        "website/no_longer_shared.html",
        head,
        index_number=publication.index_number,
        original=_original(press, publication),
    )
    return Sheet(content, publication_id=publication.pk, is_tombstone=True)


@batch_maker("payload")
def payload_files(press: Press, subjects: Sequence[str]) -> Iterator[Sheet | None]:
    """供核验的原始载荷：字节的 SHA-256 就是页面上的摘要。查询次数与多少条无关。"""
    found = _publications(press, subjects)
    for subject in subjects:
        publication, version = found.get(subject, (None, None))
        if publication is None or version is None or publication.state != "published":
            yield None
        elif not is_shown_on(publication, press.site):
            yield None
        else:
            yield Sheet(canonical_json(version.payload), publication_id=publication.pk)
