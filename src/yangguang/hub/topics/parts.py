"""一个专题分哪几部分，一条信息归哪一部分。纯规则，不碰数据库、时钟和配置。"""

PARTS = {
    "policy": "政策文件",
    "interpretation": "政策解读",
    "execution": "执行情况",
    "results": "工作成效",
    "response": "回应关切",
}
"""专题的各部分，按页面上的次序（临州办发〔2020〕81号第9、10项：政策措施、解读、执行情况、工作成效，回应关切）。"""

DOCUMENTS = frozenset({"document", "norm"})
"""文件的种类。"""
RESPONSES = frozenset({"问答"})
"""回应关切的体裁。解读也有问答的形式，但它的种类是解读。"""


def part_of(kind: str, form: str, stage: str, by_hand: str = "") -> str:
    """一条信息归哪一部分：编辑定了的照编辑的，其余看种类、体裁和五公开。

    解读归政策解读；结果公开的归工作成效；文件归政策文件；问答归回应关切；其余归执行情况。
    """
    if by_hand:
        return by_hand
    if kind == "interpretation":
        return "interpretation"
    if stage == "result":
        return "results"
    if kind in DOCUMENTS:
        return "policy"
    return "response" if form in RESPONSES else "execution"


def part_path(code: str, part: str) -> str:
    """专题一部分的列表的代号，也是它在 ``/topics/`` 下的地址。"""
    return f"{code}/{part}"
