"""几个进程一起从头烘：分开烘的各份合起来，就是一个进程烘的。"""

from pathlib import Path

from tests.outlets.website.conftest import TODAY, Desk, tree_files
from yangguang.outlets.website.baker import bake_everything, bake_part, sealed
from yangguang.outlets.website.frame import Press


def test_the_parts_together_are_the_whole_and_no_page_is_baked_twice(
    desk: Desk, tmp_path: Path
) -> None:
    for number in range(45):
        desk.publish(f"文件{number}")
    press = Press(desk.site, TODAY)
    whole = bake_everything(press, tmp_path / "whole")
    parts = [bake_part(press, tmp_path / "parts", part, 3) for part in range(3)]
    assert sum(part.pages for part in parts) == whole.pages
    assert sealed(desk.site, TODAY, tmp_path / "parts", parts) == whole
    assert tree_files(tmp_path / "parts" / desk.site.code) == tree_files(
        tmp_path / "whole" / desk.site.code
    )
