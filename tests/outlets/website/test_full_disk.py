"""写不下的时候：内核在真的上限处拒绝，进度不动，旧页面原样；放开以后接着做完。

整盘写满（小的 tmpfs、真的进程）在 ``make drill`` 里演练；这里用单个文件的大小上限，快，不要 root。
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group

from tests.foundation.files.footage import mp4
from tests.outlets.website.conftest import Desk, NoteKind
from tests.outlets.website.test_sequences import agree, same_as_baked_afresh
from tests.processes import start
from yangguang.foundation.audit.sealing import seal_all
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.models import Cursor
from yangguang.outlets.website.projector import has_work

LIMIT = 8 * 1024 * 1024
"""比数据库和它的 WAL 大，比附件小。"""

FOLLOWER = """
    import resource, signal, sys
    from django.conf import settings
    from tests.outlets.website.conftest import TODAY, NoteKind
    from yangguang.hub.publications import kinds
    from yangguang.outlets.website.projector import catch_up
    from yangguang.outlets.website.writer import SiteNotWritable
    settings.SITE_ROOT, settings.FILES_ROOT = {site!r}, {files!r}
    kinds.register(NoteKind())
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
    try:
        catch_up(TODAY)
    except SiteNotWritable as error:
        print(error)
        sys.exit(3)
"""


@pytest.mark.django_db(transaction=True)
def test_when_there_is_no_room_the_old_page_stays_and_the_cursor_does_not_move(
    desk: Desk, tmp_path: Path
) -> None:
    publication = desk.publish("一份文件")
    desk.follow()
    page, cursor = desk.page(path_of(publication)), Cursor.objects.get().sequence
    record = Group.objects.get(pk=publication.source_id)
    NoteKind.files[record.pk] = [desk.store(mp4(LIMIT + 1_000), "大.mp4")]
    desk.correct(publication, "附件很大。")
    seal_all()

    for _ in range(2):
        process = start(
            FOLLOWER.format(site=str(desk.root), files=str(settings.FILES_ROOT), limit=LIMIT)
        )
        said, errors = process.communicate(timeout=120)
        assert process.returncode == 3, errors
        assert "磁盘已满" in said and "公众看到的仍是更新前的页面，排除后会自动补做" in said
        assert desk.page(path_of(publication)) == page
        assert Cursor.objects.get().sequence == cursor and has_work()
        assert not list(desk.root.rglob("*.part"))

    desk.follow()
    assert "附件很大。" in desk.page(path_of(publication))
    agree(desk)
    same_as_baked_afresh(desk, tmp_path / "clean")
