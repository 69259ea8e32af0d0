"""发布之前查一遍草稿：各块的值、摆法，链接有没有去处，文字能不能公开。"""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from yangguang.hub.columns.models import Site
from yangguang.hub.publications.gate import text_faults
from yangguang.outlets.website.frame import DYNAMIC
from yangguang.outlets.website.models import BakedPage

from .fields import Options, Prose, addresses, texts
from .kinds import KINDS
from .models import BlockPage
from .prose import linked_addresses
from .rules import Block, page_faults
from .selectors import choices_of


def options_of(site: Site) -> Options:
    """各种可选之物现有哪些。"""
    return {name: {code for code, _ in found} for name, found in choices_of(site).items()}


def faults_of(page: BlockPage) -> list[str]:
    """草稿不能发布的缘由，每条一句；可以发布的为空。"""
    faults = page_faults(page.blocks, KINDS, page.place)
    options = options_of(page.site)
    for number, block in enumerate(page.blocks, 1):
        kind = KINDS[block.kind]
        where = f"第 {number} 块“{kind.label}”"
        _, wrong = kind.read(block.values, options)
        faults += [f"{where}：{each.message}" for each in wrong]
        faults += block_text_faults(block, where)
        faults += [f"{where}：{message}" for message in _dead_links(page.site, block)]
    return faults


def block_text_faults(block: Block, where: str) -> list[str]:
    """文字里不能公开的（身份证号、手机号……）。"""
    return text_faults("\n".join(texts(block.values)), where)


def _dead_links(site: Site, block: Block) -> Iterator[str]:
    """站内的链接有没有这一页。"""
    fields = KINDS[block.kind].fields
    found = [address for _, address in addresses(fields, block.values)]
    for each in fields:
        if isinstance(each, Prose):
            found += linked_addresses(block.values.get(each.name, ""))
    for address in dict.fromkeys(found):
        path = unquote(urlsplit(address).path)
        if not address.startswith("/") or address.startswith(DYNAMIC):
            continue
        pages = BakedPage.objects.filter(site=site, path=path).exclude(sha256="")
        if not pages.exists():
            yield f"本站没有 {address} 这一页，请改地址。"
