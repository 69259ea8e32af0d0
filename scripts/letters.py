"""依申请公开的三十八种文书：重新生成 ``data/letters`` 的模板，把样件和目录写到 ``docs/letters``。

样件里的机关、人、事都是虚构的。``python -m scripts.letters``，在仓库的根目录。
"""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings.test")
django.setup()

from scripts.letter_templates import template  # noqa: E402

from yangguang.dialogue.letters.composing import compose  # noqa: E402
from yangguang.dialogue.letters.kinds import ADDRESSEES, KINDS, Kind  # noqa: E402
from yangguang.dialogue.letters.rendering import render_docx  # noqa: E402
from yangguang.dialogue.letters.samples import sample  # noqa: E402
from yangguang.dialogue.remedies.tables import packaged_tables  # noqa: E402

TEMPLATES, SAMPLES = ROOT / "data" / "letters", ROOT / "docs" / "letters"
HEAD = """# 依申请公开的文书

三十八种：十七种程序性的，二十一种答复。样件由 `python -m scripts.letters` 照虚构的一件申请生成，不手改；模板在
`data/letters`。结论、条款、日期、计算式、救济途径由登记的事实和规则生成，改不了；最后一栏的由经办人写。
缺了必备的部分，文书不能办结。答复书的救济途径按作出的日期、办理结果和机关的级别选定
（[决定 34](../decisions/0034-dialogue.md)）。

| 序号 | 文书 | 何时用 | 给谁 | 文号类别字 | 必备的部分 | 经办人写 |
|---|---|---|---|---|---|---|
"""
QUIET = frozenset({"letterhead", "title", "number", "salutation", "signature", "date"})
"""每种都有的，目录里不重复写。"""
TAIL = "\n信函都有版头、标题、文号（登记回执没有）、称谓、落款、成文日期，表中不再列出。\n"


def main() -> None:
    """全部重做一遍。"""
    versions = packaged_tables().versions
    rows = []
    for folder in (TEMPLATES, SAMPLES):
        folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        made = template(kind)
        (TEMPLATES / f"{kind.code}.docx").write_bytes(made)
        facts, written = sample(kind, versions)
        content = render_docx(compose(kind, facts, written), made)
        (SAMPLES / f"{kind.code}.docx").write_bytes(content)
        rows.append(_row(kind))
    (SAMPLES / "README.md").write_text(HEAD + "".join(rows) + TAIL, encoding="utf-8")
    print(f"模板和样件各 {len(rows)} 份。")


def _row(kind: Kind) -> str:
    labels = {slot.name: slot.label for slot in kind.slots}
    needed = "；".join(labels[name] for name in kind.mandatory if name not in QUIET)
    typed = "；".join(labels[name] for name in kind.editable) or "—"
    name = f"{kind.title}：{kind.outcome.label}" if kind.outcome else kind.title
    used = (
        kind.outcome.basis.removeprefix("《中华人民共和国政府信息公开条例》")
        if kind.outcome
        else kind.used
    )
    cells = (
        kind.mark, f"[{name}]({kind.code}.docx)", used, ADDRESSEES[kind.addressee],
        kind.series or "—", needed, typed,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    main()
