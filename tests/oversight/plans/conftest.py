"""方案落实的测试材料：一个小州的名录、几个身份，和一份小方案。"""

from collections.abc import Callable
from datetime import date

import pytest

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import (
    Organisation,
    OrganisationGroup,
    OrganisationName,
)
from yangguang.foundation.organisations.rules import demonstration_uscc
from yangguang.oversight.plans.models import ActionPlan
from yangguang.oversight.plans.rules import parse_plan
from yangguang.oversight.plans.services import take_in_plan

SMALL_PLAN = """东河州2022年政务公开工作实施方案
2022年3月1日
一、工作任务
1.推进平台建设。2022年2月底前，东河州政府网完成平台建设，6月底前，州甲局网和各县市政府网站完成平台建设，州乙局网站同步做好迁移工作。（牵头单位：州政府办公室，实施单位：州甲局、州乙局、各县市人民政府）
2.开展培训。做好培训工作，全年至少组织2次培训。（牵头单位：州政府办公室，实施单位：州政府有关部门、州丙中心）
"""

COUNTIES = ["金县", "银县", "铜县", "铁县", "锡县", "铝县", "铅县", "锌县"]


def _name(organisation: Organisation) -> None:
    names = {(organisation.name, "official"), (organisation.short_name, "short")}
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=organisation, name=name, kind=kind) for name, kind in names
    )


def _below(
    root: Organisation, code: str, name: str, short_name: str, level: str, kind: str
) -> Organisation:
    return Organisation.objects.add_child(
        root,
        instance=Organisation(code=code, name=name, short_name=short_name, level=level, kind=kind),
    )


@pytest.fixture
def directory(db: None) -> dict[str, Organisation]:
    """东河州：州政府、办公室、两个局、八个县。"""
    root = Organisation.objects.add_root(
        instance=Organisation(
            code="donghe",
            name="东河州人民政府",
            short_name="州政府",
            level="prefecture",
            kind="government",
            uscc=demonstration_uscc("donghe"),
            uscc_is_demonstration=True,
        )
    )
    found = {"州政府": root}
    for code, name in (("office", "州政府办公室"), ("jia", "州甲局"), ("yi", "州乙局")):
        found[name] = _below(root, code, "东河" + name, name, "prefecture", "administrative")
    for index, name in enumerate(COUNTIES):
        found[name] = _below(
            root, f"county-{index}", name + "人民政府", name, "county", "government"
        )
    for organisation in found.values():
        _name(organisation)
    OrganisationGroup.objects.create(
        organisation=root,
        phrase="各县市人民政府",
        variants=["各县市政府"],
        rule={"levels": ["county"], "kinds": ["government"]},
    )
    OrganisationGroup.objects.create(organisation=root, phrase="州政府有关部门", is_open=True)
    return found


@pytest.fixture
def act(directory: dict[str, Organisation]) -> Callable[..., Actor]:
    """以某个机构的某个角色行事；同一人可以要第二次。"""

    def as_role(
        role: str, unit: str = "州政府", subtree: bool | None = None, person: str = ""
    ) -> Actor:
        organisation = directory[unit]
        includes = role == "supervisor" if subtree is None else subtree
        user, _ = User.objects.get_or_create(
            username=person or f"{role}-{organisation.code}",
            defaults={"display_name": person or f"{unit}{role}"},
        )
        assignment, _ = RoleAssignment.objects.get_or_create(
            user=user,
            organisation=organisation,
            role=role,
            valid_from=date(2020, 1, 1),
            defaults={"includes_subtree": includes},
        )
        return Actor(
            user.pk, user.display_name, assignment.pk, role, organisation.pk,
            organisation.path, includes,
        )  # fmt: skip

    return as_role


@pytest.fixture
def supervisor(act: Callable[..., Actor]) -> Actor:
    return act("supervisor")


@pytest.fixture
def plan(directory: dict[str, Organisation], supervisor: Actor) -> ActionPlan:
    """收下的小方案。"""
    return take_in_plan(
        parse_plan(SMALL_PLAN),
        organisation=directory["州政府"],
        actor=supervisor,
        key="small-plan",
    )
