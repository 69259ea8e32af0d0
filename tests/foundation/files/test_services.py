"""收下：内容按摘要只存一份；不收的什么都不留下。"""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.actors import actor, organisation
from tests.foundation.files.making import LEFT, Set, pdf
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.extraction import Unreadable, read_text
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.services import FileClassified, FileRefused, path_of, store

pytestmark = pytest.mark.django_db


def left_behind() -> list[Path]:
    return list((Path(settings.FILES_ROOT) / "incoming").glob("*"))


def test_the_same_content_is_kept_once_and_each_upload_is_recorded() -> None:
    office = organisation()
    drafter = actor("drafter", office)
    first, second = (
        store(io.BytesIO("同一内容".encode()), name, actor=drafter, organisation=office)
        for name in ("甲.txt", "乙.txt")
    )
    assert path_of(first) == path_of(second)
    assert path_of(first).read_text() == "同一内容"
    assert [first.name, second.name] == ["甲.txt", "乙.txt"]
    assert AuditEvent.objects.filter(action="files.store").count() == 2
    assert left_behind() == []


def test_a_refused_file_leaves_nothing() -> None:
    office = organisation()
    with pytest.raises(FileRefused, match="空的"):
        store(io.BytesIO(b""), "空.txt", actor=actor("drafter", office), organisation=office)
    assert StoredFile.objects.count() == 0
    assert left_behind() == []


@pytest.mark.parametrize("around", [[[]] * 9, [[Set("\ue000" * 30, LEFT, 700)]] * 2])
def test_a_mark_in_a_pdf_that_otherwise_counts_as_a_scan_is_seen(around: list[list[Set]]) -> None:
    office = organisation()
    content = pdf([[Set("机密★10年", LEFT, 700)], *around])
    with pytest.raises(Unreadable):
        read_text(content)
    with pytest.raises(FileClassified):
        store(
            io.BytesIO(content), "扫描件.pdf", actor=actor("drafter", office), organisation=office
        )
    assert StoredFile.objects.count() == 0
    assert left_behind() == []


def test_a_full_disk_is_said_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    script = tmp_path / "fill.py"
    script.write_text(
        """
import io, os, resource, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "yangguang.settings.test"
import django
django.setup()
from django.conf import settings
settings.FILES_ROOT = sys.argv[1]
from yangguang.foundation.files.services import FileRefused, received
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    with received(io.BytesIO(b"x" * 200_000), "大.txt"):
        raise SystemExit("存下了")
except FileRefused as refusal:
    sys.stdout.write(refusal.reasons[0])
"""
    )
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "files")], capture_output=True, text=True
    )
    assert "磁盘空间不足" in done.stdout, done.stderr
    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == []
