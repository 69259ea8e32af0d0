"""两件申请像不像：重复申请、多人申请相同信息（条例第三十六条第六项、第四十四条）由此提示，由人判断。纯函数。"""

from collections.abc import Iterable, Mapping

ALIKE = 0.6
"""相像到这个程度的提示出来。"""


def likeness(one: str, other: str) -> float:
    """两段话有多像，0 到 1：相邻两个字的组合，共有的占全部的几成（Jaccard）。标点、空白不算。"""
    first, second = _pairs(one), _pairs(other)
    union = len(first | second)
    return len(first & second) / union if union else 0.0


def alike(text: str, others: Mapping[int, str], least: float = ALIKE) -> list[tuple[int, float]]:
    """``others`` 里与 ``text`` 像的，最像的在前。"""
    found = [(key, likeness(text, other)) for key, other in others.items()]
    return sorted(((k, v) for k, v in found if v >= least), key=lambda pair: (-pair[1], pair[0]))


def _pairs(text: str) -> set[str]:
    letters = [each for each in text if each.isalnum()]
    return {"".join(pair) for pair in _adjacent(letters)}


def _adjacent(letters: list[str]) -> Iterable[tuple[str, str]]:
    return zip(letters, letters[1:], strict=False)
