"""工作方案：纯规则，不碰数据库、时钟和配置。"""

from .parsing import (
    Deadline,
    ParsedPlan,
    ParsedTask,
    Recurring,
    parse_plan,
)
from .units import Assignment

__all__ = ["Assignment", "Deadline", "ParsedPlan", "ParsedTask", "Recurring", "parse_plan"]
