"""磁盘写满：话说得清，旧页面照样供人看，进度不动；腾出地方以后自己接着做完。

静态树放在一个小的 tmpfs 上，真的写满它；不是装出来的异常。要 root 才能挂载。
"""

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.drilling import tell
from tests.drills.office import Office, vendor
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.models import Cursor
from yangguang.outlets.website.sealed_tree import EXPAND
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import publication_of

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
ENCODINGS = {"": "", "br": ".br", "gzip": ".gz"}


@pytest.fixture
def small_disk(office: Office) -> Iterator[Path]:
    """只有两兆的盘，挂在静态树的位置。"""
    root = Path(settings.SITE_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(root)], check=True)
    yield root
    office.close()
    subprocess.run(["umount", str(root)], check=True)


def _fill(root: Path) -> Path:
    filler = root / ".filler"
    with filler.open("wb", buffering=0) as stream:
        for size in (65536, 4096, 1):
            try:
                while True:
                    stream.write(b"x" * size)
            except OSError:
                continue
    return filler


def _shown(office: Office, path: str) -> dict[str, bytes]:
    """公众用各种压缩取到的同一页，展开以后。"""
    shown = {}
    for encoding, suffix in ENCODINGS.items():
        request = urllib.request.Request(
            f"http://127.0.0.1:{office.web.port}{path}", headers={"Accept-Encoding": encoding}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            content = answer.read()
        shown[encoding] = EXPAND[suffix](content) if suffix else content
    return shown


@pytest.mark.skipif(os.geteuid() != 0, reason="不是 root，挂不上小盘")
def test_a_full_disk_is_told_and_the_old_pages_stay_whole_until_there_is_room(
    office: Office, small_disk: Path
) -> None:
    office.open()
    while list(office.states.values()).count("published") < 3:
        office.submit(office.prepare({"publish", "republish"}))
    office.check()
    corrected, withdrawn, _ = sorted(pk for pk, s in office.states.items() if s == "published")[:3]
    pages = {
        pk: path_of(publication_of(OfficialDocument.objects.get(pk=pk)))
        for pk in (corrected, withdrawn)
    }
    before = {path: _shown(office, path) for path in (pages[corrected], "/")}
    for path, shown in before.items():
        assert len(set(shown.values())) == 1, path
    cursor = Cursor.objects.get().sequence

    filler = _fill(small_disk)
    office.submit(office.order(corrected, "revise"))
    office.submit(office.order(corrected, "correct"))
    deadline = time.monotonic() + 60
    while "磁盘已满" not in office.work.log.read_text():
        assert time.monotonic() < deadline, office.work.log.read_text()[-2000:]
        time.sleep(0.1)
    time.sleep(3)
    said = next(line for line in office.work.log.read_text().splitlines() if "磁盘已满" in line)
    assert "公众看到的仍是更新前的页面，排除后会自动补做" in said
    assert Cursor.objects.get().sequence == cursor
    assert {path: _shown(office, path) for path in before} == before

    office.submit(office.order(withdrawn, "withdraw"))
    deadline = time.monotonic() + 60
    while (small_disk / office.town.site.code / pages[withdrawn].lstrip("/")).exists():
        assert time.monotonic() < deadline, "盘满着，撤回也要立刻撤下"
        time.sleep(0.1)

    filler.unlink()
    office.check()
    assert Cursor.objects.get().sequence > cursor
    assert _shown(office, pages[corrected]) != before[pages[corrected]]
    tell("full_disk", database=vendor(), said=said.split("SiteNotWritable: ")[-1])
