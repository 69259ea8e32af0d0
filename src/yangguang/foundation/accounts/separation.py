"""三员分立由数据库守着：同一个人的任职，期间重叠的必须同属一路（``rules.lane``）。

已经提前结束的任职不算。任职表在 SQLite 上重建过的，那次迁移末尾要再写一次 ``forbid_sharing_lanes()``。
"""

from django.db.migrations import RunPython

from yangguang.foundation.row_guards import RowGuard

from .rules import ADMINISTRATORS

TABLE = "accounts_roleassignment"


def _lane(row: str) -> str:
    roles = ", ".join(f"'{role}'" for role in sorted(ADMINISTRATORS))
    return f"CASE WHEN {row}.role IN ({roles}) THEN {row}.role ELSE '' END"


_SHARES = f"""
    NEW.ended_at IS NULL AND EXISTS (
        SELECT 1 FROM {TABLE} other
        WHERE other.user_id = NEW.user_id
          AND other.id <> NEW.id
          AND other.ended_at IS NULL
          AND {_lane("other")} <> {_lane("NEW")}
          AND (NEW.valid_until IS NULL OR other.valid_from <= NEW.valid_until)
          AND (other.valid_until IS NULL OR other.valid_until >= NEW.valid_from)
    )
"""  # noqa: S608  只有常量

GUARD = RowGuard(
    TABLE,
    "apart",
    _SHARES,
    "三员分立：一个人不能同时任其中两员，三员也不得兼任业务角色",
    function="yangguang_administrators_are_apart",
    lock="1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE",
)


def forbid_sharing_lanes() -> RunPython:
    """迁移操作：装上触发器。"""
    return GUARD.operation()
