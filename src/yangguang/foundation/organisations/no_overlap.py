"""同一机构的全称（简称）期间不得重叠，由数据库守着。

名称表在 SQLite 上重建过的，那次迁移末尾要再写一次 ``forbid_overlap()``。
"""

from django.db.migrations import RunPython

from yangguang.foundation.row_guards import RowGuard

TABLE = "organisations_organisationname"
_OVERLAPS = f"""
    NEW.kind <> 'alias' AND EXISTS (
        SELECT 1 FROM {TABLE} other
        WHERE other.organisation_id = NEW.organisation_id
          AND other.kind = NEW.kind
          AND other.id <> NEW.id
          AND (other.valid_from IS NULL OR NEW.valid_until IS NULL
               OR other.valid_from <= NEW.valid_until)
          AND (other.valid_until IS NULL OR NEW.valid_from IS NULL
               OR other.valid_until >= NEW.valid_from)
    )
"""  # noqa: S608  只有常量

GUARD = RowGuard(
    TABLE,
    "no_overlap",
    _OVERLAPS,
    "同一机构的全称或简称期间重叠",
    function="yangguang_names_do_not_overlap",
    lock="1 FROM organisations_organisation WHERE id = NEW.organisation_id FOR UPDATE",
)


def forbid_overlap() -> RunPython:
    """迁移操作：装上触发器。"""
    return GUARD.operation()
