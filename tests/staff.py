"""测试用的人员。"""

from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform, start
from yangguang.foundation.personnel.models import StaffMember


def enrolled(who: Actor) -> StaffMember:
    """把一个身份的账号登记为人员，已经启用。已经是的原样给出。"""
    found = StaffMember.objects.filter(user=who.user_id).first()
    if found is not None:
        return found
    held = RoleAssignment.objects.select_related("organisation").get(pk=who.assignment_id)
    member = StaffMember(user=User.objects.get(pk=who.user_id), organisation=held.organisation)
    start(member, actor=who, key=f"enrol-{who.user_id}")
    perform(member, "accept", actor=who, key=f"enrol-accept-{who.user_id}")
    return member
