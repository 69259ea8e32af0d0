"""专题的指标：方案第 9、10 项的各专题，各部分有没有信息，政策文件解读了没有。"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from yangguang.hub.indicators.rules import PLAN, Count, Counted, Indicator, Period

from .supply import supplies_of_task
from .supply_rules import TopicSupply


def _filled(supply: TopicSupply) -> Counted:
    return Counted(len(supply.parts) - len(supply.empty), len(supply.parts))


def _interpreted(supply: TopicSupply) -> Counted:
    return Counted(supply.interpreted, supply.documents)


def _of_task(task: int, counted: Callable[[TopicSupply], Counted]) -> Count:
    """一项任务的各专题，记在责任单位名下。看的是截至那天的样子，不分起止。"""

    def count(period: Period, as_of: date) -> dict[int, Counted]:
        found: dict[int, Counted] = defaultdict(Counted)
        for each in supplies_of_task(task, PLAN, as_of):
            owner = each.topic.owner_id
            assert owner is not None  # noqa: S101  供给只看有责任单位的专题
            found[owner] += counted(each.supply)
        return found

    return count


_EXPLAINED = (
    "数的是截至当天公开着的、由本单位负责的专题，同一份文件先后以公文、规范性文件公开的只算一份。"
)

INDICATORS = tuple(
    indicator
    for task in (9, 10)
    for indicator in (
        Indicator(
            code=f"topics.filled_{task}",
            name="专题各部分有信息的比例",
            unit="%",
            tasks=(task,),
            direction="higher",
            of=("有信息的部分", "各专题的全部部分"),
            explanation="政策文件、政策解读、执行情况、工作成效、回应关切五个部分，各有没有公开着的信息。"
            + _EXPLAINED,
            article=f"方案第{task}项",
            count=_of_task(task, _filled),
            screen="topic-supply",
        ),
        Indicator(
            code=f"topics.interpreted_{task}",
            name="专题里的政策文件解读率",
            unit="%",
            tasks=(task,),
            direction="higher",
            of=("有解读的文件", "专题里的政策文件"),
            explanation="专题的“政策文件”里有公开着的解读的占几成。" + _EXPLAINED,
            article=f"方案第{task}项",
            count=_of_task(task, _interpreted),
            screen="topic-supply",
        ),
    )
)
