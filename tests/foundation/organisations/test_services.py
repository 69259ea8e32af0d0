"""载入、更名、合并：每个动作一个事务、一条审计；不能做时说清全部理由。"""

import shutil
from datetime import date
from pathlib import Path

import pytest

from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.organisations import selectors
from yangguang.foundation.organisations.models import (
    Certainty,
    Organisation,
    OrganisationName,
    Succession,
)
from yangguang.foundation.organisations.rules import demonstration_uscc, uscc_is_valid
from yangguang.foundation.organisations.services import (
    NotPossible,
    load_organisations,
    merge,
    rename,
)
from yangguang.foundation.organisations.tables import FaultyTables

from .conftest import LINXIA, XISHAN

ON = date(2024, 3, 1)


def one(code: str) -> Organisation:
    return selectors.by_code(code)


def resolved(phrase: str, on: date | None) -> tuple[str, ...]:
    return selectors.resolve_units([phrase], on)[0].codes


@pytest.fixture
def changeable(tmp_path: Path) -> Path:
    """西山市名录的一份副本，可以改。"""
    return Path(shutil.copytree(XISHAN, tmp_path / "xishan"))


def test_linxia_has_its_eight_counties_with_their_division_codes(linxia: None) -> None:
    assert {county.code: county.division_code for county in selectors.counties(ON)} == {
        "linxia-city": "622901", "linxia-county": "622921", "kangle": "622922",
        "yongjing": "622923", "guanghe": "622924", "hezheng": "622925",
        "dongxiang": "622926", "jishishan": "622927",
    }  # fmt: skip


def test_every_credit_code_of_linxia_is_a_marked_demonstration_with_a_right_checksum(
    linxia: None,
) -> None:
    for organisation in Organisation.objects.all():
        assert organisation.uscc == demonstration_uscc(organisation.code)
        assert uscc_is_valid(organisation.uscc)
        assert organisation.uscc_is_demonstration


def test_every_row_of_linxia_says_where_it_comes_from(linxia: None) -> None:
    assert not Organisation.objects.filter(source="").exists()
    doubtful = Organisation.objects.filter(certainty=Certainty.TO_VERIFY)
    assert all("待核实" in organisation.source for organisation in doubtful)
    assert all(succession.note for succession in Succession.objects.all())


def test_loading_again_changes_nothing_and_leaves_no_event(linxia: None) -> None:
    before, events = selectors.tables().plain(), AuditEvent.objects.count()
    again = load_organisations(LINXIA)
    assert (again.created, again.differing) == (0, ())
    assert selectors.tables().plain() == before
    assert AuditEvent.objects.count() == events == 1


def test_two_prefectures_live_side_by_side(linxia: None, xishan: None) -> None:
    assert resolved("州税务局", ON) == ("linxia-tax",)
    assert resolved("市税务局", ON) == ("xishan-tax",)
    assert resolved("各县区", ON) == ("dongchuan", "beiyuan")
    assert len(resolved("各县市", ON)) == 8


def test_loading_keeps_what_was_changed_since_and_says_so(xishan: None) -> None:
    rename(one("xishan-office"), "西山市人民政府办公厅", ON, short_name="市政府办公厅")
    before = selectors.tables().plain()
    again = load_organisations(XISHAN)
    assert again.differing == ("xishan-office",)
    assert selectors.tables().plain() == before


def test_loading_adds_what_is_new_in_the_files(changeable: Path, db: None) -> None:
    load_organisations(changeable)
    with (changeable / "organisations.csv").open("a") as file:
        file.write(
            "beiyuan-water,beiyuan,北原县水务局,北原县水务局,县市,行政机关,,,,,,,,确定,虚构\n"
        )
    with (changeable / "names.csv").open("a") as file:
        file.write("xishan-tax,西山税务,别称,,,\n")
    assert load_organisations(changeable).created == 1
    assert resolved("西山税务", ON) == ("xishan-tax",)
    assert Organisation.objects.get_parent(one("beiyuan-water")).code == "beiyuan"


def test_a_file_with_an_error_writes_nothing(changeable: Path, db: None) -> None:
    with (changeable / "organisations.csv").open("a") as file:
        file.write("new,nowhere,新局,新局,县市,行政机关,,,,,,2020-02-30,,确定,虚构\n")
        file.write("newer,nowhere,新局,新局,县市,企业,,,,,,,,确定,虚构\n")
    with pytest.raises(FaultyTables) as refused:
        load_organisations(changeable)
    assert [str(fault) for fault in refused.value.faults] == [
        "“机构”第 13 行“设立日期”：“2020-02-30”不是有效的日期，应写成 2020-09-25 的样子。",
        "“机构”第 14 行“性质”：“企业”不在可选范围内：人民政府、行政机关、党委机构、授权组织、"
        "公共企事业单位、垂直管理、派出机构、省属在临。",
    ]
    assert not Organisation.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_missing_file_is_named(tmp_path: Path, db: None) -> None:
    with pytest.raises(FileNotFoundError, match="缺少文件：.*organisations.csv"):
        load_organisations(tmp_path)


def test_a_renamed_unit_is_known_by_each_name_in_its_time(xishan: None) -> None:
    rename(one("xishan-commerce"), "西山市商务局", ON, short_name="市商务局", note="市编委通知")
    unit = one("xishan-commerce")
    assert (unit.name, unit.short_name) == ("西山市商务局", "市商务局")
    assert resolved("市商务粮食局", date(2024, 2, 29)) == ("xishan-commerce",)
    assert resolved("市商务粮食局", ON) == ()
    assert resolved("市商务局", ON) == ("xishan-commerce",)
    assert resolved("市商务局", date(2024, 2, 29)) == ()
    event = AuditEvent.objects.latest("pk")
    assert event.action == "organisations.rename"
    assert event.public == {"from": "西山市商务和粮食局", "to": "西山市商务局", "on": "2024-03-01"}


def test_a_rename_that_keeps_the_short_name_leaves_it_alone(xishan: None) -> None:
    rename(one("xishan-commerce"), "西山市商务局", ON, short_name="市商务粮食局")
    assert (
        OrganisationName.objects.filter(organisation__code="xishan-commerce", kind="short").count()
        == 1
    )


def test_renaming_refuses_with_every_reason(xishan: None) -> None:
    events = AuditEvent.objects.count()
    with pytest.raises(NotPossible) as refused:
        rename(one("xishan-grain"), "西山市粮食局", ON)
    assert refused.value.reasons == [
        "市粮食局已于 2019-01-31 撤销，不能在此后更名。",
        "现在就叫“西山市粮食局”。",
    ]
    with pytest.raises(NotPossible, match="新名称不能为空"):
        rename(one("xishan-tax"), "  ", ON)
    rename(one("xishan-tax"), "国家税务总局西山税务局", ON)
    with pytest.raises(NotPossible, match="自 2024-03-01 起才启用，更名日期须在此之后"):
        rename(one("xishan-tax"), "国家税务总局新西山税务局", ON)
    assert AuditEvent.objects.count() == events + 1


def test_a_merger_closes_the_predecessors_and_keeps_their_history(xishan: None) -> None:
    leaving = [one("dongchuan-education"), one("xishan-tax")]
    merge(leaving, one("xishan-commerce"), ON, note="虚构")
    assert {unit.valid_until for unit in leaving} == {date(2024, 2, 29)}
    known = selectors.directory()
    assert known.successors("dongchuan-education") == ("xishan-commerce",)
    assert known.successors("xishan-grain") == ("xishan-commerce",)
    assert resolved("东川区教育局", date(2024, 2, 29)) == ("dongchuan-education",)
    assert resolved("东川区教育局", ON) == ()
    event = AuditEvent.objects.latest("pk")
    assert event.action == "organisations.merge"
    assert event.public["predecessors"] == ["dongchuan-education", "xishan-tax"]


def test_merging_refuses_with_every_reason(xishan: None) -> None:
    with pytest.raises(NotPossible) as refused:
        merge([one("beiyuan"), one("dongchuan-office"), one("xishan-grain"), one("xishan-tax")],
              one("xishan-tax"), ON)  # fmt: skip
    assert refused.value.reasons == [
        "北原县政府还有下级机构：北原县政府办公室、北原县教育局，请先划转。",
        "东川区政府办公室还是东川区政府、东川区教育局的政府信息公开工作主管部门，请先改定。",
        "市粮食局已于 2019-01-31 撤销。",
        "市税务局不能承接自己。",
    ]
    with pytest.raises(
        NotPossible, match="没有指明被合并的机构。市商务粮食局在 2018-01-01 还没有设立。"
    ):
        merge([], one("xishan-commerce"), date(2018, 1, 1))
    assert Succession.objects.count() == 1
    assert one("xishan-tax").valid_until is None
