"""文书的 PDF：与 docx 同样的各部分，照 GB/T 9704 的版心、字体、字号；排好以后读回来核对。不碰数据库。

没有装 Pango 的机器排不出（``docs/operations.md``）。
"""

from html import escape

from yangguang.foundation.typesetting import POINTS, Printed, Untypeset, pdf_from, text_within

from .composing import Letter, Part
from .rendering import lacking
from .sealing import Seal

FANG = '"仿宋_GB2312", "FangSong_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", serif'
SONG = '"方正小标宋简体", "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", serif'
RED = "#e60000"
MARGIN_BOTTOM = 35
"""版心之下多少毫米。"""
FORM_BOTTOM = 24
SLIP_HEAD = "回　　执"
SIGNED = ("signature", "date", "copies", "slip")
"""落款和以后的各部分。"""
STYLE = f"""
@page {{ size: A4; margin: 37mm 26mm {MARGIN_BOTTOM}mm 28mm;
  @bottom-center {{ content: "— " counter(page) " —"; font: 14pt serif }} }}
@page :first {{ margin-top: 28mm }}
body {{ font: 16pt/28pt {FANG}; margin: 0; text-align: justify }}
p {{ margin: 0; text-indent: 2em; overflow-wrap: anywhere; white-space: pre-wrap }}
.letterhead p {{ font: bold 34pt/50pt {SONG}; color: {RED}; text-align: center; text-indent: 0 }}
.letterhead {{ border-bottom: 3.5pt double {RED}; padding-bottom: 6pt; margin-bottom: 10pt }}
.number p {{ text-align: right; text-indent: 0 }}
.title {{ margin: 26pt 0 24pt }}
.title p {{ font: bold 22pt/32pt {SONG}; text-align: center; text-indent: 0 }}
.salutation p, .copies p, .slip p {{ text-indent: 0 }}
.formula p:first-child {{ break-after: avoid }}
.signed {{ break-inside: avoid }}
.who {{ display: table; position: relative; margin: 44pt 3em 36pt auto }}
.who p {{ text-align: center; text-indent: 0 }}
.seal {{ position: absolute; left: 50%; top: 50%; width: 42mm; height: 42mm; margin: -21mm 0 0 -21mm }}
.copies {{ font-size: 14pt; line-height: 24pt }}
@page form {{ margin: {FORM_BOTTOM}mm 26mm {FORM_BOTTOM}mm 28mm }}
@page form:first {{ margin-top: {FORM_BOTTOM}mm }}
.form {{ page: form }} .form .title {{ margin: 0 0 14pt }}
.slip {{ break-before: page }}
.slip h2 {{ font: bold 22pt/60pt {SONG}; text-align: center; margin: 0 }}
table {{ border-collapse: collapse; width: 100%; font-size: 14pt; line-height: 22pt }}
th, td {{ border: 0.75pt solid; padding: 3pt 6pt; vertical-align: middle; text-align: left }}
th {{ font-weight: normal; width: 28% }} td p {{ text-indent: 0 }}
tr {{ break-inside: avoid }} tr.blank td {{ height: 46pt }}
"""


def pdf_of(letter: Letter, seal: Seal | None = None) -> Printed:
    """一份文书的 PDF，``seal`` 是用印的（草稿没有）。

    缺了必备的段落抛出 ``Untypeset``；没有装 Pango 的抛出它的 ``NoPango``。
    """
    printed = pdf_from(page_of(letter, seal))
    below = FORM_BOTTOM if letter.kind.is_form else MARGIN_BOTTOM
    found = text_within(printed.content, below=below * POINTS - 2)
    if lost := lacking(letter, found):
        told = "、".join(f"“{label}”" for label in lost)
        raise Untypeset(f"排出的文书缺少{told}，请联系系统管理员。")
    if seal is None:
        return printed
    return Printed(seal.sealed(printed.content, letter.text("letterhead")), printed.pages)


def page_of(letter: Letter, seal: Seal | None = None) -> str:
    """整份文书的 HTML，也用来预览。"""
    body = _form(letter) if letter.kind.is_form else _sheet(letter, seal)
    title = escape(letter.text("title").replace("\n", ""))
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style>{body}</html>"
    )


def _sheet(letter: Letter, seal: Seal | None) -> str:
    """各部分依次；落款与它前面的一部分、后面的抄送排在同一面，不单独成面。"""
    held = {part.name: _block(part) for part in letter.parts if part.text}
    slip = next((part for part in letter.parts if part.name == "slip"), None)
    body = [name for name in held if name not in SIGNED]
    picture = seal.picture(letter.text("letterhead")) if seal else ""
    stamp = f'<div class="seal">{picture}</div>' if picture else ""
    who = f'<div class="who">{held.get("signature", "")}{held.get("date", "")}{stamp}</div>'
    last = f'<div class="signed">{held[body[-1]]}{who}{held.get("copies", "")}</div>'
    back = f'<div class="slip"><h2>{SLIP_HEAD}</h2>{_lines(slip)}</div>' if slip else ""
    return "".join(held[name] for name in body[:-1]) + last + back


def _block(part: Part) -> str:
    return f'<div class="{escape(part.name)}">{_lines(part)}</div>'


def _lines(part: Part) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in part.lines)


def _form(letter: Letter) -> str:
    title = next(part for part in letter.parts if part.name == "title")
    rows = "".join(_row(part) for part in letter.parts if part is not title)
    return f'<div class="form">{_block(title)}<table>{rows}</table></div>'


def _row(part: Part) -> str:
    kind = "blank" if part.blank else "told"
    return f'<tr class="{kind}"><th>{escape(part.label)}</th><td>{_lines(part)}</td></tr>'
