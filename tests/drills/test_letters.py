"""依申请公开的三十八种文书，样件在 LibreOffice 里打开转成 PDF：必备的段落都在。"""

from pathlib import Path

import pytest
from scripts.office_suite import Unready, ready, to_pdf

from tests.dialogue.letters.cases import CODES, letter_of
from tests.drilling import tell
from yangguang.dialogue.letters.kinds import BY_KIND
from yangguang.dialogue.letters.templates import docx_of
from yangguang.foundation.typesetting import letters, text_within

pytestmark = pytest.mark.drill


def test_every_letter_opens_in_libreoffice_with_all_its_mandatory_parts(tmp_path: Path) -> None:
    try:
        version = ready()
    except Unready as reason:
        pytest.skip(str(reason))
    files = []
    for code in CODES:
        file = tmp_path / f"{code}.docx"
        file.write_bytes(docx_of(letter_of(code)))
        files.append(file)
    made = to_pdf(tmp_path, files)
    assert sorted(made) == CODES
    passages = 0
    for code in CODES:
        found = letters(text_within(made[code], below=64 if BY_KIND[code].is_form else 95))
        for part in letter_of(code).mandatory:
            for line in part.lines:
                assert letters(line) in found, (code, part.label, line)
                passages += 1
    tell(drill="letters", version=version, letters=len(made), passages=passages)
