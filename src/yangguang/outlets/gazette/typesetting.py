"""把一期公报排成付印的 PDF：封面、目录、双栏正文。同样的内容总是同样的字节。不碰数据库。

没有装 Pango 的机器排不出（``docs/operations.md``）。
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from yangguang.foundation.audit.rules import canonical_json
from yangguang.foundation.richtext.blocks import lines_of
from yangguang.foundation.richtext.setting import set_html
from yangguang.foundation.typesetting import (
    POINTS,
    Printed,
    Untypeset,
    letters,
    pdf_from,
    text_within,
)

EDITION = 1
"""排法的版本：改了排法就加一，内容没有变的也重排。"""
TOP, BOTTOM = 22, 20
"""版心以上、以下各留几毫米。"""


@dataclass(frozen=True)
class Article:
    """刊登的一篇：栏目、标题、文号、正文的块、资源库版本的校验码。"""

    section: str
    title: str
    number: str
    body: tuple[Mapping[str, Any], ...]
    digest: str


@dataclass(frozen=True)
class Issue:
    """要排的一期。"""

    name: str
    sponsor: str
    numbering: str
    running: str
    licence: str
    dated: str
    articles: tuple[Article, ...]


def issue_digest(issue: Issue) -> str:
    """所排内容的摘要。"""
    return hashlib.sha256(canonical_json({"edition": EDITION, **asdict(issue)})).hexdigest()


STYLE = f"""
@page {{ size: A4; margin: {TOP}mm 18mm {BOTTOM}mm;
  @top-center {{ content: string(running); font: 9pt "Noto Sans CJK SC", sans-serif }}
  @bottom-center {{ content: counter(page); font: 10pt serif }} }}
@page cover {{ @top-center {{ content: none }} @bottom-center {{ content: none }} }}
body {{ font: 10.5pt/17pt "FangSong", "STFangsong", "Noto Serif CJK SC", serif; margin: 0 }}
.cover {{ page: cover; text-align: center; break-after: page; padding-top: 50mm }}
.cover h1 {{ font: bold 36pt/50pt "Noto Serif CJK SC", serif; color: #b8151b; margin: 0 0 20mm }}
.cover p {{ font: 14pt/26pt "Noto Sans CJK SC", sans-serif; margin: 0 }}
.cover .foot {{ margin-top: 70mm }}
.running {{ string-set: running content(); height: 0; overflow: hidden; color: transparent;
  font-size: 1pt; line-height: 0 }}
.contents {{ break-after: page }}
.contents h2 {{ text-align: center; letter-spacing: 1em }}
.contents h3 {{ font: bold 11pt/20pt "Noto Sans CJK SC", sans-serif; margin: 8pt 0 2pt }}
.contents p {{ margin: 0; padding-left: 1em; text-indent: -1em }}
.contents a {{ color: inherit; text-decoration: none }}
.contents a::after {{ content: leader(".") target-counter(attr(href), page) }}
h2 {{ font: bold 16pt/26pt "Noto Sans CJK SC", sans-serif; margin: 0 0 8pt }}
h2.section {{ border-bottom: 1.5pt solid #b8151b; break-after: avoid }}
article {{ columns: 2; column-gap: 8mm; margin: 0 0 12mm }}
article h3 {{ column-span: all; font: bold 15pt/23pt "Noto Serif CJK SC", serif;
  text-align: center; margin: 8pt 0 4pt; break-after: avoid }}
article .number {{ column-span: all; text-align: center; margin: 0 0 8pt }}
article h4 {{ font: bold 10.5pt/17pt "Noto Sans CJK SC", sans-serif; margin: 0;
  break-after: avoid }}
article p, article li {{ margin: 0; text-align: justify; white-space: pre-line }}
p.plain {{ text-indent: 2em }} p.center {{ text-align: center }} p.right {{ text-align: right }}
.check {{ font: 6.5pt/10pt "Noto Sans Mono", monospace; color: #555; margin-top: 4pt;
  overflow-wrap: anywhere; text-align: left }}
table {{ border-collapse: collapse; width: 100%; font-size: 8.5pt; line-height: 12pt }}
td {{ border: 0.5pt solid; padding: 1pt 2pt }}
"""


def typeset(issue: Issue) -> Printed:
    """排成 PDF。排不出、排出的文字与标准文本对不上的抛出 ``Untypeset``。不取任何外面的东西。"""
    printed = pdf_from(page_of(issue))
    if lacking := unprinted(issue.articles, printed.content):
        raise Untypeset(
            "印出的文字与标准文本对不上：" + "；".join(lacking[:5]) + "。请联系系统管理员。"
        )
    return printed


def unprinted(articles: Sequence[Article], content: bytes) -> list[str]:
    """PDF 里读出的文字缺了哪一篇的哪一段，每处一句：标题、正文、校验码都要在。"""
    printed = letters(printed_text(content))
    return [
        f"《{article.title}》缺“{line[:20]}”"
        for article in articles
        for line in (article.title, article.number, *lines_of(article.body), article.digest)
        if letters(line) not in printed
    ]


def printed_text(content: bytes) -> str:
    """PDF 版心里的文字，页眉、页码不算。"""
    return text_within(content, below=BOTTOM * POINTS, above=TOP * POINTS)


def page_of(issue: Issue) -> str:
    """整期的 HTML。"""
    title = f"{issue.name}　{issue.numbering}"
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style>{_cover(issue)}"
        f'<div class="running">{escape(title)}</div>'
        f"{_contents(issue)}{''.join(_articles(issue))}</html>"
    )


def _cover(issue: Issue) -> str:
    lines = (issue.numbering, issue.running, issue.dated)
    foot = (f"{issue.sponsor}主办", issue.licence and f"准印证号：{issue.licence}")
    return (
        f'<section class="cover"><h1>{escape(issue.name)}</h1>'
        + "".join(f"<p>{escape(line)}</p>" for line in lines)
        + '<div class="foot">'
        + "".join(f"<p>{escape(line)}</p>" for line in foot if line)
        + "</div></section>"
    )


def _contents(issue: Issue) -> str:
    parts, last = [], ""
    for position, article in enumerate(issue.articles):
        if article.section != last:
            parts.append(f"<h3>{escape(article.section)}</h3>")
            last = article.section
        number = f"（{escape(article.number)}）" if article.number else ""
        parts.append(f'<p><a href="#a{position}">{escape(article.title)}{number}</a></p>')
    return f'<section class="contents"><h2>目录</h2>{"".join(parts)}</section>'


def _articles(issue: Issue) -> Iterator[str]:
    last = ""
    for position, article in enumerate(issue.articles):
        if article.section != last:
            yield f'<h2 class="section">{escape(article.section)}</h2>'
            last = article.section
        number = f'<p class="number">{escape(article.number)}</p>' if article.number else ""
        yield (
            f'<article><h3 id="a{position}">{escape(article.title)}</h3>{number}'
            f"{''.join(map(set_html, article.body))}"
            f'<p class="check">标准文本校验码 {article.digest}</p></article>'
        )
