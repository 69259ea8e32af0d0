"""指标：叫什么、为方案的哪几项任务、数什么、怎样写给人看。纯规则，不碰数据库、时钟和配置。

一个指标数出各机构的分子、分母；几个机构的合计是各自相加再算，不拿百分比相平均。
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

PLAN = "临州办发〔2020〕81号"
"""各指标所为的工作方案。"""
COUNTS = ("件", "期", "笔", "元")
UNITS = (*COUNTS, "%", "工作日")
DIRECTIONS = {"higher": "越高越好", "lower": "越低越好"}
NOTHING = "—"
"""没有可数的：分母是 0 的百分比、平均数。"""


@dataclass(frozen=True)
class Period:
    """数哪一段的：``since`` 为空是自始至今；都含当日。"""

    since: date | None
    until: date

    def __post_init__(self) -> None:
        if self.since is not None and self.since > self.until:
            raise ValueError("起日晚于止日")

    @property
    def told(self) -> str:
        """这一段的写法。"""
        if self.since is None:
            return f"截至 {self.until.isoformat()}"
        return f"{self.since.isoformat()} 至 {self.until.isoformat()}"


@dataclass(frozen=True)
class Counted:
    """数出来的：分子、分母。"""

    numerator: int = 0
    denominator: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.numerator + other.numerator, self.denominator + other.denominator)


Count = Callable[[Period, date], Mapping[int, Counted]]
"""``count(哪一段, 截至哪一天)``：各机构（编号）的分子、分母；没有可数的机构可以不列。"""


def plain(number: int) -> str:
    """数目的写法：三位一逗号。"""
    return f"{number:,}"


@dataclass(frozen=True)
class Indicator:
    """一个指标。

    ``unit`` 是“件”“期”“笔”“元”的，值就是分子，分母说明从多少里数出来；“%”是分子占分母；“工作日”是分子除以分母的平均数。
    ``of`` 是分子、分母各是什么；``screen``、``query`` 是明细所在的界面和它的筛选（``{day}`` 是截至的日期）；``written`` 把数目写给人看。
    """

    code: str
    name: str
    unit: str
    tasks: tuple[int, ...]
    direction: str
    of: tuple[str, str]
    explanation: str
    article: str
    count: Count
    screen: str
    query: str = ""
    basis: str = PLAN
    written: Callable[[int], str] = plain

    def __post_init__(self) -> None:
        if self.unit not in UNITS or self.direction not in DIRECTIONS or not self.tasks:
            raise ValueError(f"指标 {self.code} 的单位、方向、任务没有写对")

    def value(self, counted: Counted) -> float | None:
        """值；没有可数的为空。“%”的值是 0 至 100。"""
        if self.unit in COUNTS:
            return counted.numerator
        if not counted.denominator:
            return None
        return counted.numerator / counted.denominator * (100 if self.unit == "%" else 1)

    def told(self, counted: Counted) -> str:
        """值连同单位：“83.3%”“12 件”“14.5 个工作日”。"""
        value = self.value(counted)
        if value is None:
            return NOTHING
        if self.unit == "%":
            return f"{value:.1f}%"
        if self.unit == "工作日":
            return f"{value:.1f} 个工作日"
        return f"{self.written(counted.numerator)} {self.unit}"

    def detail(self, counted: Counted) -> str:
        """怎样得来的：“按期 10，看得出的 12”。"""
        above, below = self.of
        return f"{above} {self.written(counted.numerator)}，{below} {self.written(counted.denominator)}"

    @property
    def direction_label(self) -> str:
        """方向。"""
        return DIRECTIONS[self.direction]


def summed(counts: Iterable[Counted]) -> Counted:
    """几个机构的合计。"""
    return sum(counts, Counted())
