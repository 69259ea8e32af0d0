"""带密级标志的，从哪个入口进来都被拒；拒了之后，它的字节、文字、文件名哪里都找不到。

找的地方：数据库文件连同 WAL、收件和文件目录、静态树、封印、临时目录、进程的全部输出。真的网站进程，
另装一个审计钩子，记下它打开来写的每一个文件：密级文件一刻也不曾落盘，不只是事后删了。
"""

import io
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
import pytest
from django.conf import settings
from django.db import connection

from tests.foundation.files.making import save, typeset
from tests.processes import process_environment
from tests.town import TEXT, Town
from tests.web import Browser, Web, free_port
from yangguang.foundation.files.services import FileClassified, store
from yangguang.foundation.lifecycle.services import Classified, perform
from yangguang.sources.documents.services import attach_uploads, edit, take_in

pytestmark = pytest.mark.django_db(transaction=True)

WATCH = """
import os, sys
def _noted(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path, _, flags = arguments
        if flags and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            os.write(_log, os.fsencode(path) + b"\\n")
_log = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
sys.addaudithook(_noted)
"""
LARGE = 3 * 1024 * 1024
"""比 Django 平常留在内存里的多：这样的上传平常会落临时文件。"""


TICK = 10_000_000
"""文件系统的时刻没有时钟细，差在这么多纳秒之内。"""


@dataclass
class Secret:
    """一份涉密的东西：独一无二的一句话、文件名，和它的几种文件。"""

    word: str
    name: str
    made_at: int = field(default_factory=time.time_ns)

    @classmethod
    def make(cls) -> "Secret":
        """新造一份。"""
        return cls(f"绝不能留下的一句{secrets.token_hex(8)}", f"涉密名{secrets.token_hex(8)}")

    @property
    def text(self) -> str:
        """全文，标志独占一行。"""
        return f"机密★5年\n{TEXT.format(number=1)}\n{self.word}\n"

    def large_text(self) -> bytes:
        """三兆多的一份。"""
        chance = random.Random(self.word)
        filler = "".join(chr(chance.randint(0x4E00, 0x9FA0)) for _ in range(LARGE // 3))
        lines = (filler[i : i + 40] for i in range(0, len(filler), 40))
        return (self.text + "\n".join(lines)).encode()

    def word_file(self) -> bytes:
        """标志在页眉里的 docx。"""
        made = docx.Document()
        made.sections[0].header.paragraphs[0].text = "秘密★3年"
        for line in (TEXT.format(number=1) + self.word).splitlines():
            made.add_paragraph(line)
        return save(made)

    def pdf_file(self) -> bytes:
        """有文字层的 pdf。"""
        return typeset([("flush", line) for line in self.text.splitlines() if line])


def traces(secret: Secret, *contents: bytes, where: list[Path]) -> list[str]:
    """在这些目录和文件里找它的文字、文件名和原样的字节，返回找到的地方。"""
    needles = [
        text.encode(encoding)
        for text in (secret.word, secret.name)
        for encoding in ("utf-8", "utf-16-le", "gb18030")
    ]
    # JSON 把汉字转义成反斜杠；认后半截十六进制的那一段就够了
    needles += [secret.word[-16:].encode(), secret.name[-16:].encode()]
    needles += [content[len(content) // 2 :][:24] for content in contents]
    found = []
    for root in where:
        for path in [root, *root.rglob("*")] if root.is_dir() else [root]:
            # 早于它的文件里不会有它；别的文书的公用部件倒可能与它的逐字节相同
            if path.is_file() and path.stat().st_ctime_ns > secret.made_at - TICK:
                content = _content(path)
                found += [str(path) for needle in needles if needle in content]
    return found + _rows_with(secret)


def _content(path: Path) -> bytes:
    """文件的字节。数据库文件由另一个进程去读：本进程开了又关，会连带丢掉 SQLite 在它上面的锁。"""
    if ".sqlite3" in path.name:
        return subprocess.run(["cat", path], capture_output=True, check=True).stdout
    return path.read_bytes()


def _rows_with(secret: Secret) -> list[str]:
    """逐表逐行找：PostgreSQL 的文件不在手边，从库里找。"""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                if any(secret.word[-16:] in str(v) or secret.name[-16:] in str(v) for v in row):
                    found.append(table)
    return found


def _places() -> list[Path]:
    places = [Path(settings.VAR_ROOT)]
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        places += [name.with_name(name.name + tail) for tail in ("", "-wal", "-shm")]
    return places


def test_the_search_finds_what_is_there(town: Town, tmp_path: Path) -> None:
    """找得到留下的，才说得上没有留下。"""
    secret = Secret.make()
    (tmp_path / secret.name).write_bytes(secret.word_file())
    assert traces(secret, secret.word_file(), where=[tmp_path])
    take_in(
        TEXT.format(number=1) + secret.word,
        organisation=town.organisation, actor=town.drafter, key="k",
    )  # fmt: skip
    found = traces(secret, where=_places())
    assert "documents_officialdocument" in found
    assert connection.vendor != "sqlite" or any("sqlite3" in place for place in found)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    (tmp_path / "tmp").mkdir()
    web = Web(
        free_port(),
        tmp_path / "web.log",
        {"TMPDIR": str(tmp_path / "tmp")},
        WATCH.format(log=str(tmp_path / "opened.log")),
    )
    web.start()
    yield web
    if web.process is not None:
        web.kill()


def test_nothing_of_a_classified_paper_is_left_by_the_workbench(
    town: Town, web: Web, tmp_path: Path
) -> None:
    secret = Secret.make()
    drafter = Browser(web.port).sign_in(town.drafter)
    reviewer = Browser(web.port).sign_in(town.reviewer)
    draft, sent = town.document(1), town.document(2)
    perform(sent, "submit", actor=town.drafter, key="submit")
    opened = tmp_path / "opened.log"
    for browser in (drafter, reviewer):
        browser.get("/workbench/")
    before = opened.read_text()

    files = [
        (f"{secret.name}.txt", secret.text.encode()),
        (f"{secret.name}.txt", secret.text.encode("gb18030")),
        (f"{secret.name}.txt", secret.large_text()),
        (f"{secret.name}.docx", secret.word_file()),
        (f"{secret.name}.pdf", secret.pdf_file()),
        (f"机密★1年{secret.name}.txt", (TEXT.format(number=3) + secret.word).encode()),
    ]
    new, home = "/workbench/documents/new/", f"/workbench/documents/{draft.pk}/"
    answers = [
        drafter.fill(new, {"text": secret.text}),
        drafter.fill(new, {"text": secret.text, "seen": secret.word}, [("file", "a.txt", b"x")]),
        *(drafter.fill(new, {}, [("file", *file)]) for file in files),
        *(drafter.fill(f"{home}attachments/", {}, [("attachments", *file)]) for file in files),
        drafter.fill(new, {"text": TEXT.format(number=4)}, [("attachments", *files[4])]),
        drafter.fill(f"{home}edit/", {"title": f"绝密★启用前 {secret.word}"}),
        drafter.fill(f"{home}edit/", {"body": secret.text}),
        reviewer.fill(f"/workbench/documents/{sent.pk}/do/return/", {"message": secret.text}),
    ]  # fmt: skip
    for number, answer in enumerate(answers):
        assert answer.status == 422, (number, answer.status)
        assert "涉密文件不得在本系统存储" in answer.text, number
        assert secret.word not in answer.text and secret.name not in answer.text, number
    assert opened.read_text() == before, "被拒的内容落过盘"
    web.kill()
    contents = [content for _, content in files]
    assert traces(secret, *contents, where=[*_places(), tmp_path]) == []


def test_nothing_of_a_classified_paper_is_left_by_the_services(town: Town) -> None:
    secret = Secret.make()
    document = town.document(1)
    sent = town.document(2)
    perform(sent, "submit", actor=town.drafter, key="submit")
    files = [secret.text.encode(), secret.word_file(), secret.pdf_file()]
    place = {"organisation": town.organisation, "actor": town.drafter}
    with pytest.raises(Classified):
        take_in(secret.text, key="a", **place)
    with pytest.raises(Classified):
        take_in(TEXT.format(number=5), unread=f"秘密★3年\n{secret.name}", key="b", **place)
    with pytest.raises(Classified):
        take_in(TEXT.format(number=5), key="c", overrides={"title": secret.text}, **place)
    for content in files:
        with pytest.raises(Classified):
            take_in(TEXT.format(number=5), key="d", uploads=[(secret.name, content)], **place)
        with pytest.raises(Classified):
            attach_uploads(document, [(secret.name, content)], actor=town.drafter)
        with pytest.raises(FileClassified):
            store(io.BytesIO(content), secret.name, **place)
    with pytest.raises(Classified):
        edit(document, {"title": secret.text}, actor=town.drafter)
    with pytest.raises(Classified):
        perform(sent, "return", actor=town.reviewer, key="e", message=secret.text)
    assert traces(secret, *files, where=_places()) == []


@pytest.mark.parametrize("command", ["parse_document", "parse_plan"])
@pytest.mark.parametrize("suffix", ["txt", "docx", "pdf"])
def test_the_commands_say_no_and_repeat_nothing(command: str, suffix: str, tmp_path: Path) -> None:
    secret = Secret.make()
    content = {
        "txt": secret.text.encode(),
        "docx": secret.word_file(),
        "pdf": secret.pdf_file(),
    }[suffix]
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    path = inbox / f"{secret.name}.{suffix}"
    path.write_bytes(content)
    (tmp_path / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "yangguang", command, str(path), "--json"],
        env={**process_environment(), "TMPDIR": str(tmp_path / "tmp")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert "密级标志" in done.stderr
    assert secret.word not in done.stderr and secret.name not in done.stderr
    path.unlink()
    assert traces(secret, content, where=[*_places(), tmp_path]) == []
