"""省里的说法化为我们的：声明叫什么名字，证件、程度的代号是什么意思。纯规则。

各省的统一身份认证说法不一，所以写在设置里，不写在代码里。
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yangguang.foundation.oidc.provider import Misconfigured

from .rules import KINDS, LEGAL, LEVELS, NATURAL, PAPERS, USCC, Paper, Person, RealName

ITEMS = ("kind", "name", "paper_kind", "paper_number", "level", "firm_name", "firm_code")
"""我们要的七项；多一项也不取。"""
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS,
    "paper_kind": {kind: label for kind, label in PAPERS.items() if kind != USCC},
    "level": LEVELS,
}
"""值只能是这几个代号之一的几项。"""


@dataclass(frozen=True)
class Vocabulary:
    """省里的说法：``names`` 是我们的项在那里的名称，``values`` 是那里的值在我们这里的代号。没有写的照原样。"""

    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def read(self, claims: Mapping[str, Any], item: str) -> str:
        """一项的值；没有给、不是文字或整数的为空串。"""
        given = claims.get(self.names.get(item, item))
        if isinstance(given, bool) or not isinstance(given, (str, int)):
            return ""
        text = str(given).strip()
        return self.values.get((item, text), text)


def real_name(claims: Mapping[str, Any], vocabulary: Vocabulary) -> RealName | None:
    """令牌里说的身份，只取要的几项，合不合格另问 ``rules.faults``；没有说明是自然人还是单位的为空。"""
    read = {item: vocabulary.read(claims, item) for item in ITEMS}
    if read["kind"] not in KINDS:
        return None
    person = Person(read["name"], Paper(read["paper_kind"], read["paper_number"].upper()))
    if read["kind"] == NATURAL:
        return RealName(person, read["level"])
    # 单位的代码空着也要留下“是单位”，由 faults 说出缺了什么，不当作自然人收下
    return RealName(
        person, read["level"], read["firm_name"] or MISSING, read["firm_code"].upper() or MISSING
    )


MISSING = "\0"
"""没有给的：不能印出来，怎样核对都不合格。"""


def read_vocabulary(text: str) -> Vocabulary:
    """读设置里的一行：``name=realname`` 是项的名称，``level:3=in_person`` 是值的意思，空格分隔。

    写错了抛出 ``Misconfigured``。
    """
    names: dict[str, str] = {}
    values: dict[tuple[str, str], str] = {}
    for part in text.split():
        left, equals, right = part.partition("=")
        item, colon, theirs = left.partition(":")
        if not equals or not right or item not in ITEMS:
            raise Misconfigured(
                f"“{part}”看不懂：写成 项=名称，或者 项:那里的值=代号；项是 {'、'.join(ITEMS)}。"
            )
        if not colon:
            names[item] = right
        elif right not in MEANINGS.get(item, {}):
            known = "、".join(MEANINGS.get(item, ()))
            raise Misconfigured(
                f"“{part}”的代号不对：{item} 的代号只有{known or '没有代号，照原样取'}。"
            )
        else:
            values[item, theirs] = right
    return Vocabulary(names, values)


__all__ = ["LEGAL", "MISSING", "Vocabulary", "read_vocabulary", "real_name"]
