"""演示里的公文和规范性文件，Word 版在 LibreOffice 里打开转成 PDF：文字与公开的一字不差。

网页上不印的签发人除外。没有公文字体的机器上，引号由另一种字体替，高低与汉字不同，读 PDF 时会挪位，
所以引号另从 Word 文件里核对。汇编的目录、索引写的页码，就是各份起头的那一页。
"""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import docx
import pypdfium2 as pdfium
import pytest
from docx.oxml.ns import qn
from scripts.office_suite import Unready, ready, to_pdf

from tests.demo.conftest import environment, loaded  # noqa: F401  装好一次的演示
from tests.drilling import tell
from tests.sources.documents.test_paper import paper
from tests.sources.documents.test_printing import MIXED
from yangguang.foundation.typesetting import text_within
from yangguang.sources.compilations.typesetting import Book, Text, word
from yangguang.sources.documents.printing import printed_text, unlike
from yangguang.sources.documents.word import docx_of
from yangguang.sources.ledger.comparing import Issued, differences, issued

pytestmark = pytest.mark.drill

TAKE_OUT = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.utils import timezone
from yangguang.hub.publications.models import Publication
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.selectors import paper_of
from yangguang.sources.documents.word import docx_of
from yangguang.sources.norms.models import Norm
from yangguang.sources.norms.selectors import content_of
from yangguang.sources.norms.typesetting import word

folder, wanted = Path(sys.argv[1]), {}
for document in OfficialDocument.objects.all():
    published = Publication.objects.filter(
        source_label=document._meta.label_lower, source_id=document.pk, state="published"
    ).select_related("current_version").first()
    if published:
        payload = published.current_version.payload
        name = f"document-{document.pk}"
        paper = paper_of(document)
        (folder / f"{name}.docx").write_bytes(docx_of(paper))
        told = payload["title"], payload["document_number"], payload["body"], paper.signer
        wanted[name] = told
for norm in Norm.objects.all():
    content = content_of(norm, timezone.localdate())
    name = f"norm-{norm.pk}"
    (folder / f"{name}.docx").write_bytes(word(content))
    wanted[name] = content.title, "", list(content.body), ""
(folder / "wanted.json").write_text(json.dumps(wanted))
"""


QUOTES = str.maketrans("", "", "“”‘’\"'")


def everything(content: bytes) -> str:
    return text_within(content, below=0)


def unquoted(wanted: Issued) -> Issued:
    return Issued(
        wanted.title.translate(QUOTES),
        wanted.number,
        tuple(each.translate(QUOTES) for each in wanted.passages),
        tuple(each.translate(QUOTES) for each in wanted.left_out),
    )


def quotes_of(text: str) -> str:
    return "".join(letter for letter in text if ord(letter) in QUOTES)


def word_text(path: Path) -> str:
    """Word 文件正文的文字，表格里的也在，照先后。"""
    body = docx.Document(str(path)).element.body
    return "".join(node.text or "" for node in body.iter(qn("w:t")))


@pytest.fixture
def version() -> str:
    try:
        return ready()
    except Unready as reason:
        pytest.skip(str(reason))


def test_word_files_read_the_same_in_libreoffice(
    version: str,
    loaded: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    subprocess.run(
        [sys.executable, "-c", TAKE_OUT, str(tmp_path)], env=environment(loaded), check=True
    )
    wanted = json.loads((tmp_path / "wanted.json").read_text())
    made = to_pdf(tmp_path, sorted(tmp_path.glob("*.docx")))
    assert set(made) == set(wanted)
    for name, (title, number, body, signer) in wanted.items():
        read = printed_text if name.startswith("document") else everything
        published = issued(title, number, body, whole=True)
        printed = replace(published, left_out=(*published.left_out, signer))
        assert differences(unquoted(printed), read(made[name]).translate(QUOTES)) == [], name
        quotes = quotes_of("".join(published.passages))
        assert quotes in quotes_of(word_text(tmp_path / f"{name}.docx")), name
    kinds = [name.partition("-")[0] for name in wanted]
    assert {"document", "norm"} == set(kinds)
    tell("word", version=version, documents=kinds.count("document"), norms=kinds.count("norm"))


def test_levels_tables_and_long_lines_read_the_same_too(version: str, tmp_path: Path) -> None:
    made = paper(body=MIXED, attachments=["名单" * 20, "时间表"])
    source = tmp_path / "公文.docx"
    source.write_bytes(docx_of(made))
    assert unlike(made, to_pdf(tmp_path, [source])["公文"]) == []


def test_the_contents_of_a_compilation_give_the_pages_its_texts_begin_on(
    version: str, tmp_path: Path
) -> None:
    body = tuple(
        {"type": "paragraph", "style": "plain", "text": f"第{n}条　{'制定本办法。' * 12}"}
        for n in range(1, 31)
    )
    titles = [f"测试{name}办法" for name in "甲乙丙丁戊己"]
    texts = tuple(
        Text(f"{n}", title, f"测府发〔2020〕{n}号", "", "有效", body[: 5 * n])
        for n, title in enumerate(titles, 1)
    )
    order = tuple(range(1, len(texts) + 1))
    book = Book("测试汇编", "测试州人民政府", "", (("2020年", texts),), order, order)
    source = tmp_path / "汇编.docx"
    source.write_bytes(word(book))
    document = pdfium.PdfDocument(to_pdf(tmp_path, [source])["汇编"])
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert all(f"— {number} —" in page for number, page in enumerate(pages, 1))
    contents = pages[0].splitlines()
    for title in titles:
        (line,) = [line for line in contents if line.startswith(title)]
        begins = [n for n, page in enumerate(pages, 1) if page.startswith(title)]
        assert int(line.rpartition(" ")[2]) in begins, line
