"""演示内容烘成的每个站点的整棵树，一页不漏：页面标签、标题、编号、链接、站点地图、订阅、robots。"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree
from scripts.demo_site import COUNTY, SITE

from tests.demo_tree import demo_tree, demo_var  # noqa: F401  各处合用的夹具
from yangguang.foundation.theme.labels import ARTICLE_LABELS, COLUMN_LABELS, SITE_LABELS
from yangguang.hub.columns.rules import COLUMN_TYPES, is_identification_code
from yangguang.outlets.website.frame import DYNAMIC
from yangguang.outlets.website.rules import file_of

DOMAIN = "https://www.linxia.gov.cn"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SVG_LEAVES = {"path", "rect"}
CANONICAL = re.compile(r'<link rel="canonical"\s+href="([^"]+)">')
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass
class Read(HTMLParser):
    """严格地读一页：每个元素都关上，次序不乱，属性不重。不合规矩的记在 ``faults``。"""

    faults: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    language: str = ""
    titles: int = 0
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if len(values) != len(attrs):
            self.faults.append(f"<{tag}> 的属性重复")
        if tag not in VOID:
            self._open.append(tag)
        self.links += [values[name] for name in ("href", "src") if name in values]
        if "id" in values:
            self.ids.append(values["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "meta" and "name" in values:
            self.metas.append((values["name"], values.get("content", "")))
        if tag == "html":
            self.language = values.get("lang", "")
        self.titles += tag == "title" and "svg" not in self._open

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID | SVG_LEAVES:
            self.faults.append(f"<{tag}/> 不能自己关上")
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> 没有对应的开头")

    def finish(self) -> "Read":
        """读完：还开着的都是毛病。"""
        self.close()
        self.faults += [f"<{tag}> 没有关上" for tag in self._open]
        return self


@dataclass(frozen=True)
class Grown:
    """一个站点的树：地址、根目录、全部网页（站内地址与读到的内容）。"""

    address: str
    root: Path
    read: dict[str, Read]

    def inner(self, address: str) -> str:
        """完整地址化为站内地址。"""
        assert address.startswith(self.address)
        return address.removeprefix(self.address)

    def sitemap(self) -> list[str]:
        """站点地图里的全部站内地址。"""
        index = etree.parse(self.root / "sitemap.xml").getroot()
        assert index.tag == f"{MAPS}sitemapindex"
        return [
            self.inner(location.text)
            for part in index.iter(f"{MAPS}loc")
            for location in etree.parse(self.root / self.inner(part.text).lstrip("/")).iter(
                f"{MAPS}loc"
            )
        ]


def _grown(root: Path, prefix: str) -> Grown:
    found = {}
    for path in sorted(root.rglob("*.html")):
        page = Read()
        page.feed(path.read_text("utf-8"))
        found["/" + str(path.relative_to(root)).removesuffix("index.html")] = page.finish()
    return Grown(DOMAIN + prefix, root, found)


@pytest.fixture(scope="module")
def forest(demo_tree: Path) -> dict[str, Grown]:  # noqa: F811
    """州的站点和县的站点。"""
    return {
        SITE: _grown(demo_tree / SITE, ""),
        COUNTY: _grown(demo_tree / COUNTY, f"/{COUNTY}"),
    }


@pytest.fixture(scope="module", params=[SITE, COUNTY])
def tree(forest: dict[str, Grown], request: pytest.FixtureRequest) -> Grown:
    grown: Grown = forest[request.param]
    return grown


def _faults(read: dict[str, Read]) -> Iterator[str]:
    for path, page in read.items():
        faults = list(page.faults)
        if page.language != "zh-Hans" or page.titles != 1:
            faults.append("没有写明语言，或题名不是一个")
        faults += [f"编号 {each} 不止一个" for each, n in Counter(page.ids).items() if n > 1]
        if page.headings.count(1) != 1:
            faults.append(f"一级标题有 {page.headings.count(1)} 个")
        steps = zip([0, *page.headings], page.headings, strict=False)
        faults += [
            f"标题从 {above} 级跳到 {below} 级" for above, below in steps if below > above + 1
        ]
        yield from (f"{path} {fault}" for fault in faults)


def test_every_page_is_well_formed_with_one_title_unique_ids_and_no_skipped_heading(
    tree: Grown,
) -> None:
    assert len(tree.read) > 20
    assert list(_faults(tree.read)) == []


def _leads_to(forest: dict[str, Grown], address: str) -> tuple[Grown, str]:
    """地址在哪个站点里，和它的站内地址：前缀长的先认。"""
    grown = max(
        (g for g in forest.values() if address.startswith(g.address + "/")),
        key=lambda g: len(g.address),
    )
    return grown, unquote(grown.inner(address))


def test_every_link_of_every_page_leads_somewhere(forest: dict[str, Grown], tree: Grown) -> None:
    dead = []
    for path, page in tree.read.items():
        for link in page.links:
            if link.startswith(("data:image/png;base64,", "data:image/svg+xml,")):
                continue
            target = urlsplit(urljoin(tree.address + path, link))
            if f"{target.scheme}://{target.netloc}" != DOMAIN:
                dead.append(f"{path} → {link}：演示站点不该有站外链接")
                continue
            if target.path.startswith(DYNAMIC):
                continue  # 由应用应答，不在树里
            grown, inner = _leads_to(forest, DOMAIN + target.path)
            if not (grown.root / file_of(inner)).is_file():
                dead.append(f"{path} → {link}：没有这个文件")
            elif target.fragment and target.fragment not in grown.read[inner].ids:
                dead.append(f"{path} → {link}：页上没有这个位置")
    assert dead == []


def test_each_page_names_one_canonical_address_and_shared_ones_name_the_original(
    forest: dict[str, Grown],
) -> None:
    elsewhere = {}
    for name, grown in forest.items():
        for path, page in grown.read.items():
            canonical = CANONICAL.findall((grown.root / file_of(path)).read_text("utf-8"))
            assert len(canonical) == (("robots", "noindex") not in page.metas), path
            if canonical and canonical != [grown.address + path]:
                elsewhere[name, path] = _leads_to(forest, canonical[0])
    assert {name for name, _ in elsewhere} == {SITE, COUNTY}
    for (name, path), (original, inner) in elsewhere.items():
        assert original is not forest[name] and inner == path
        assert inner in original.sitemap() and path not in forest[name].sitemap()


def _missing(labels: dict[str, str], path: str) -> list[str]:
    """按页面的类别，缺了哪些必选的页面标签（国办发〔2017〕47号附件2）。"""
    wanted = list(SITE_LABELS)
    if path.startswith(("/columns/", "/organisations/")):
        wanted += COLUMN_LABELS
    elif path.startswith(("/document/", "/task_ledger/")):
        wanted += [*ARTICLE_LABELS, "ColumnName", "ColumnType"]
    return [label for label in wanted if not labels.get(label)]


def test_every_page_of_the_sitemap_carries_its_mandatory_labels(tree: Grown) -> None:
    read, listed = tree.read, tree.sitemap()
    wrong = []
    for path in listed:
        labels = dict(read[path].metas)
        assert len(labels) == len(read[path].metas), path
        wrong += [f"{path} 缺 {label}" for label in _missing(labels, path)]
        if not is_identification_code(labels["SiteIDCode"]):
            wrong.append(f"{path} 网站标识码不合格式")
        if labels.get("ColumnType", COLUMN_TYPES[0]) not in COLUMN_TYPES:
            wrong.append(f"{path} 栏目类别不是规范用语")
        if (published := labels.get("PubDate")) and not re.fullmatch(
            r"\d{4}-\d\d-\d\d \d\d:\d\d", published
        ):
            wrong.append(f"{path} 发布时间不合格式")
    assert wrong == []
    assert {path.split("/")[1] for path in listed} >= {"columns", "organisations", "document"}


def test_the_sitemap_lists_each_page_the_public_may_find_once_and_no_other(tree: Grown) -> None:
    read, listed = tree.read, tree.sitemap()
    hidden = {path for path, page in read.items() if ("robots", "noindex") in page.metas}
    # 各年的列表和翻页由栏目、专题的页引到，不必列入
    lists = {path for path in read if re.search(r"/columns/[\w-]+/(\d{4}/|pages/)", path)}
    lists |= {path for path in read if re.search(r"/organisations/[\w-]+/pages/", path)}
    lists |= {path for path in read if re.search(r"/topics/[\w-]+/\w+/(\d{4}/|pages/)", path)}
    assert len(listed) == len(set(listed))
    # 转发来的列在原件那里
    shared = {
        path
        for path in set(read) - hidden
        if CANONICAL.findall((tree.root / file_of(path)).read_text("utf-8"))
        != [tree.address + path]
    }
    assert set(listed) == set(read) - hidden - lists - shared


def test_robots_names_the_sitemaps_and_keeps_crawlers_from_what_moves(
    forest: dict[str, Grown],
) -> None:
    lines = (forest[SITE].root / "robots.txt").read_text("utf-8").splitlines()
    assert lines[0] == "User-agent: *"
    sitemaps = {f"Sitemap: {grown.address}/sitemap.xml" for grown in forest.values()}
    assert {"Disallow: /workbench/"} | sitemaps <= set(lines)
    assert all(re.fullmatch(r"(User-agent|Disallow|Allow|Sitemap): \S+", line) for line in lines)


def test_every_feed_is_atom_with_dated_entries_that_lead_to_pages(tree: Grown) -> None:
    root, read = tree.root, tree.read
    feeds = sorted(root.rglob("feed.xml"))
    assert len(feeds) > 10
    ids: Counter[str] = Counter()
    for path in feeds:
        feed = etree.parse(path).getroot()
        assert feed.tag == f"{ATOM}feed"
        ids[feed.findtext(f"{ATOM}id")] += 1
        assert feed.find(f"{ATOM}link[@rel='self']").get("href") == (
            f"{tree.address}/{path.relative_to(root)}"
        )
        for entry in feed.iter(f"{ATOM}entry"):
            assert entry.findtext(f"{ATOM}title") and entry.findtext(f"{ATOM}author/{ATOM}name")
            assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).tzinfo
            link = tree.inner(entry.find(f"{ATOM}link").get("href"))
            assert link in read and ("robots", "noindex") not in read[link].metas
        rss = etree.parse(path.with_name("rss.xml")).getroot()
        links = [each.get("href") for each in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
        assert [each.text for each in rss.iterfind("channel/item/link")] == links
        assert all(parsedate_to_datetime(each.text).tzinfo for each in rss.iter("pubDate"))
    assert set(ids.values()) == {1}
