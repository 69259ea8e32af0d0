"""退回两次的一份公文。

审核人第一次退回，要写明依据；信息员改了正文再送。第二次还是退回：依据的文号写错了。他改好，审核人把
各版左右一对，看清改了什么，才通过。两次退回的话都在经过里，一字不少。
"""

import pytest

from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.notify.models import Message

pytestmark = pytest.mark.django_db
FIRST, SECOND = "第二段请写明依据。", "依据的文号不对，是〔2020〕81号。"


def test_the_reviewer_returns_it_twice_and_then_passes_it(town: Town) -> None:
    document = town.document()
    home = f"/workbench/documents/{document.pk}/"
    drafter, reviewer = sign_in(town.drafter), sign_in(town.reviewer)

    for told, basis in (
        (FIRST, "依据临州办发〔2020〕18号。"), (SECOND, "依据临州办发〔2020〕81号。"),
    ):  # fmt: skip
        drafter.fill(f"{home}do/submit/")
        assert document.title in reviewer.get("/workbench/").content.decode()
        reviewer.fill(f"{home}do/return/", message=told)
        returned = drafter.get("/workbench/").content.decode()
        assert "退回我的" in returned and f"“{told}”" in returned
        # 退回的不再等审核人；他不能替人改
        assert document.title not in reviewer.get("/workbench/").content.decode()
        assert reviewer.get(f"{home}edit/").status_code == 404
        edited = drafter.fill(f"{home}edit/", disclosure_reason=basis)
        assert "已保存" in edited.content.decode()

    drafter.fill(f"{home}do/submit/")
    versions = reviewer.get(f"{home}versions/").content.decode()
    assert "依据临州办发〔2020〕<del>18</del>号。" in versions.replace("\n", "")
    assert "依据临州办发〔2020〕<ins>81</ins>号。" in versions.replace("\n", "")
    reviewer.fill(f"{home}do/pass/")

    record = drafter.get(home).content.decode()
    assert FIRST in record and SECOND in record
    steps = TransitionRecord.objects.filter(object_id=document.pk).order_by("pk")
    assert list(steps.values_list("event", flat=True)) == [
        "create", "submit", "return", "submit", "return", "submit", "pass",
    ]  # fmt: skip
    told = Message.objects.filter(user=town.drafter.user_id, kind="returned").order_by("pk")
    assert [message.why for message in told] == [f"“{FIRST}”", f"“{SECOND}”"]
    assert all(message.settled_at for message in told)
