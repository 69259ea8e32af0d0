"""``verify_site``：静态树里的每个文件是否就是发布的那个。"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from yangguang.foundation.commands import Answer, BadInput, ContractCommand, Once, whole_number
from yangguang.foundation.signing import BadKey, public_key
from yangguang.outlets.website.manifest import NAME
from yangguang.outlets.website.sealed_tree import Checked, check_tree


class Command(ContractCommand):
    """核对静态树。"""

    help = (
        "核对静态树：文件与记录的摘要一致，副本就是页面，清单和签名属实，没有来历不明的文件；"
        "给出 --tree 和 --public-key，就只凭这棵树和公钥核对，不要数据库"
    )

    def add_contract_arguments(self, parser: CommandParser) -> None:
        """``--tree``、``--public-key``、``--at-least``。"""
        parser.add_argument("--tree", metavar="DIR", action=Once, help="一个或全部站点的树")
        parser.add_argument("--public-key", metavar="FILE", action=Once, help="公钥（PEM）")
        parser.add_argument(
            "--at-least", metavar="N", type=whole_number, action=Once,
            help="树应当至少落实到变更日志的第几号；不到就是拿旧树来冒充",
        )  # fmt: skip

    def answer(self, **options: Any) -> Answer:
        """有一处不符就是“否”。"""
        if (options["tree"] is None) != (options["public_key"] is None):
            raise BadInput("--tree 与 --public-key 须同时给出。")
        if options["tree"] is None:
            if options["at_least"] is not None:
                raise BadInput("--at-least 只能与 --tree 同用：平时就与数据库里的进度核对。")
            return self._against_the_books()
        return self._tree_alone(
            Path(options["tree"]), Path(options["public_key"]), options["at_least"] or 0
        )

    def _against_the_books(self) -> Answer:
        from yangguang.outlets.website.verification import verify_site

        result = verify_site()
        return _answer(result.checked, list(result.broken), [])

    def _tree_alone(self, tree: Path, key_file: Path, at_least: int) -> Answer:
        try:
            key = public_key(key_file.read_bytes())
        except OSError as error:
            raise BadInput(f"--public-key：读不了 {key_file}（{error.strerror}）。") from error
        except BadKey as error:
            raise BadInput(f"--public-key：{key_file} {error}") from error
        results = [check_tree(each, key, at_least) for each in _trees(tree)]
        broken = [
            f"{result.site}：{fault}" if result.site else fault
            for result in results
            for fault in result.broken
        ]
        return _answer(sum(result.checked for result in results), broken, results)


def _trees(tree: Path) -> list[Path]:
    """``tree`` 是一个站点的，或放着全部站点的。"""
    if (tree / "sites.json").is_file():
        rows = json.loads((tree / "sites.json").read_bytes())
        return [tree / str(row["code"]) for row in rows]
    if not (tree / NAME).is_file():
        raise BadInput(f"--tree：{tree} 里没有 {NAME}，不是烘焙好的树。")
    return [tree]


def _answer(checked: int, broken: list[str], trees: list[Checked]) -> Answer:
    data: dict[str, Any] = {"ok": not broken, "checked": checked, "broken": broken}
    lines = []
    if trees:
        data["trees"] = [
            {"site": each.site, "sequence": each.standing.sequence, "as_of": each.standing.as_of}
            for each in trees
            if each.standing
        ]
        lines = [
            f"{row['site']}：清单落实到变更日志的第 {row['sequence']} 号，截至 {row['as_of']}。"
            for row in data["trees"]
        ]
    verdict = "全部相符" if not broken else f"{len(broken)} 处不符"
    return Answer(
        data, "\n".join([f"核对 {checked} 个文件，{verdict}。", *lines, *broken]), holds=not broken
    )
