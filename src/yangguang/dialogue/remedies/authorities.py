"""作出答复的机关怎样认：从机构名录找出它的本级、上一级人民政府和法院。纯函数，不碰数据库、时钟和配置。"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yangguang.foundation.organisations.rules import Directory, Unit, resolve

from .rules import LEVELS, Authority

NOT_SUBJECTS = {
    "party": "党委机构不是政府信息公开的义务主体，它的公开依照党务公开的规定。",
    "public_institution": "公共企事业单位不公开信息的，向它的主管部门申诉（条例第五十五条），不能复议、诉讼。",
}
"""性质 → 为什么没有复议、诉讼的途径。"""
_OWN = {
    ("government", "prefecture"): "prefecture",
    ("government", "county"): "county",
    ("government", "township"): "township",
    ("administrative", "prefecture"): "prefecture_department",
    ("administrative", "county"): "county_department",
    ("authorised", "prefecture"): "prefecture_department",
    ("authorised", "county"): "county_department",
}
_ANYWHERE = {"vertical": "vertical", "provincial": "vertical", "agency": "agency"}


class WrongAuthority(ValueError):
    """这个机关没有这样的救济途径，或者级别写得不对。信息是一句中文，``field`` 是哪一项。"""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Court:
    """一个人民政府所在地的法院。"""

    basic: str
    intermediate: str


def authority(
    level: str,
    name: str,
    directory: Directory,
    *,
    courts: Mapping[str, Court],
    above_root: Mapping[str, str],
    on: date,
) -> Authority:
    """``level`` 一级的机关 ``name`` 的复议机关和法院；名录里没有它、没有写名称的，用通称。

    党委机构、公共企事业单位，级别与名录不符的，抛出 ``WrongAuthority``。
    """
    found = resolve(name, directory, on) if name else None
    if found is None or len(found.codes) != 1 or found.group or found.is_open:
        return Authority(level, name)
    unit = directory.by_code[found.codes[0]]
    if unit.kind in NOT_SUBJECTS:
        raise WrongAuthority(f"“{unit.name}”：{NOT_SUBJECTS[unit.kind]}", "organisation")
    own = level_of(unit)
    if own and own != level:
        raise WrongAuthority(f"“{unit.name}”是{LEVELS[own]}，不是{LEVELS[level]}。", "level")
    governments = [
        code for code in directory.chain(unit.code) if directory.by_code[code].kind == "government"
    ]
    generic = Authority(level)
    above = [code for code in governments if code != unit.code]
    seat = courts.get(_seat(unit, governments, directory))
    return Authority(
        level,
        unit.name,
        government=_name(governments, directory, generic.government),
        above=(
            directory.by_code[above[0]].name
            if above
            else above_root.get(unit.code, generic.above)
        ),
        basic_court=seat.basic if seat else generic.basic_court,
        intermediate_court=seat.intermediate if seat else generic.intermediate_court,
    )  # fmt: skip


def level_of(unit: Unit) -> str:
    """名录里的一个机构是哪一级；看不出的（省属单位）为空。"""
    return _ANYWHERE.get(unit.kind) or _OWN.get((unit.kind, unit.level), "")


def _seat(unit: Unit, governments: list[str], directory: Directory) -> str:
    """所在地的法院看哪个人民政府：乡镇看它的县。"""
    for code in governments:
        if directory.by_code[code].level != "township":
            return code
    return ""


def _name(governments: list[str], directory: Directory, otherwise: str) -> str:
    return directory.by_code[governments[0]].name if governments else otherwise
