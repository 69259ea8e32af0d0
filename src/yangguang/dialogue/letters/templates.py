"""文书的 Word 模板：随产品发布的一份，和上传的能不能用。"""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.conf import settings
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, nodes
from lxml import etree

from yangguang.dialogue.remedies.tables import packaged_tables
from yangguang.dialogue.requests.outcomes import OUTCOMES
from yangguang.foundation.files.packages import inspect_package
from yangguang.foundation.files.rules import DOCX

from .checking import tells_remedies
from .composing import Letter, compose
from .kinds import Kind
from .rendering import Unrendered, render_docx, sandbox
from .samples import sample

FIELDS = frozenset({"PAGE", "NUMPAGES"})
"""模板里许用的域：页码、页数。"""
_XML = re.compile(r"word/[^/]+\.xml|docProps/.+\.xml")
_TAG = re.compile(r"<[^>]+>")
_MARK = re.compile(r"\{[{%#]")
BARRED = "模板里用了不许用的写法：只能写占位符（例如 {{ title }}）和“{% if 名称 %}……{% endif %}”。"


def packaged_template(kind: Kind) -> bytes:
    """随产品发布的模板。"""
    return (Path(settings.DATA_ROOT) / "letters" / f"{kind.code}.docx").read_bytes()


def docx_of(letter: Letter, template: bytes | None = None) -> bytes:
    """一份文书的 docx，没有另给模板的用随产品发布的。排不成抛出 ``Unrendered``。"""
    return render_docx(letter, template or packaged_template(letter.kind))


def check(content: bytes, kind: Kind) -> list[str]:
    """一份上传的模板为什么不能用，每处一句；能用的为空。"""
    inspection = inspect_package(BytesIO(content))
    if inspection.refusals:
        return list(inspection.refusals)
    if inspection.media_type != DOCX:
        return ["模板须是 Word 文档（docx）。"]
    if found := [*_carried(content)] or [*_placeholders(content, kind)]:
        return found
    return [*_tried(content, kind)]


def _carried(content: bytes) -> Iterator[str]:
    """外部的链接、嵌着的对象、会去取东西的域、看不见的字。"""
    with ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        if any(name.startswith("word/embeddings/") for name in names):
            yield "模板里嵌着别的文件，请删去。"
        texts = {name: archive.read(name) for name in names if name.endswith((".xml", ".rels"))}
    roots = {
        name: etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))
        for name, text in texts.items()
    }
    links = (
        link
        for name, root in roots.items()
        if name.endswith(".rels")
        for link in root.iter("{*}Relationship")
    )
    if any(link.get("TargetMode") == "External" for link in links):
        yield "模板里有指向外面的链接，请取消链接。"
    words = [root for name, root in roots.items() if name.startswith("word/")]
    told = [
        *(node.text or "" for root in words for node in root.iter("{*}instrText")),
        *(node.get(key, "") for root in words for node in root.iter("{*}fldSimple")
          for key in node.attrib if key.endswith("}instr")),
    ]  # fmt: skip
    if any(text.strip() and text.split()[0].upper() not in FIELDS for text in told):
        yield "模板里有页码以外的域，请改成普通的文字。"
    body = roots.get("word/document.xml")
    if body is not None and next(body.iter("{*}vanish"), None) is not None:
        yield "模板里有隐藏的文字，请取消隐藏。"


def _placeholders(content: bytes, kind: Kind) -> Iterator[str]:
    """占位符：必备的都有，没有不认识的，不许用别的写法；固定的字里没有救济途径和结论。"""
    try:
        tree = sandbox().parse(_source(content))
    except (TemplateSyntaxError, UnicodeDecodeError) as wrong:
        yield f"模板里的占位符写得不对：{wrong}"
        return
    if not all(map(_is_allowed, _walk(tree))):
        yield BARRED
        return
    labels = {slot.name: slot.label for slot in kind.slots}
    printed = [*_printed(tree, "")]
    names = [name for name, _ in printed]
    named = {node.name for node in tree.find_all(nodes.Name)}
    if unknown := sorted(named - set(labels)):
        yield f"模板里有不认识的占位符：{'、'.join(unknown)}。"
    for slot in kind.slots:
        if slot.mandatory and slot.name not in names:
            yield f"模板缺少必备的占位符 {{{{ {slot.name} }}}}（{slot.label}）。"
    for name in sorted({each for each in names if names.count(each) > 1 and each in labels}):
        yield f"占位符 {{{{ {name} }}}}（{labels[name]}）写了不止一次。"
    for name, test in printed:
        if test and test != name and name in kind.mandatory:
            yield f"必备的“{labels[name]}”写在了别的条件里面，可能印不出来。"
    fixed = "".join(node.data for node in tree.find_all(nodes.TemplateData))
    told = _TAG.sub("", fixed.replace("</w:p>", "\n"))
    if tells_remedies(told):
        yield "模板的固定文字里写了救济途径：救济途径由规则生成，请改用 {{ remedies }}。"
    if any(each.conclusion in told for each in OUTCOMES):
        yield "模板的固定文字里写了答复的结论：结论由办理结果生成，请改用 {{ conclusion }}。"


def _source(content: bytes) -> str:
    """Jinja 要读的全部：正文、页眉页脚、脚注和文件的属性。"""
    reader = DocxTemplate(BytesIO(content))
    with ZipFile(BytesIO(content)) as archive:
        parts = [archive.read(name) for name in sorted(archive.namelist()) if _XML.fullmatch(name)]
    texts = [part.decode("utf-8") for part in parts]
    return "\n".join(
        reader.patch_xml(text) for text in texts if _MARK.search(text + _TAG.sub("", text))
    )


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _is_allowed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.If):
        return isinstance(node.test, nodes.Name) and not node.elif_ and not node.else_
    return isinstance(node, nodes.Template | nodes.Output | nodes.TemplateData | nodes.Name)


def _printed(node: nodes.Node, test: str) -> Iterator[tuple[str, str]]:
    """印出来的各个占位符，和它在哪个条件里面；不止一层的，写最外面不同的一层。"""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Name):
            if isinstance(node, nodes.Output):
                yield child.name, test
        elif isinstance(child, nodes.If):
            held: Any = child.test
            within = test if test and test != held.name else held.name
            yield from _printed(child, within)
        else:
            yield from _printed(child, test)


def _tried(content: bytes, kind: Kind) -> Iterator[str]:
    """照样例试排：可以没有的各部分有和没有各试一次，必备的段落都要印得出来。"""
    facts, written = sample(kind, packaged_tables().versions)
    letter = compose(kind, facts, written)
    bare = replace(
        letter,
        parts=tuple(part if part.mandatory else replace(part, text="") for part in letter.parts),
    )
    for each in (letter, bare):
        try:
            render_docx(each, content)
        except Unrendered as wrong:
            yield str(wrong)
            return
        except (TemplateError, ValueError, KeyError, etree.XMLSyntaxError):
            yield "照这份模板排不出文书，请用 Word 或 WPS 重新保存后再传。"
            return
