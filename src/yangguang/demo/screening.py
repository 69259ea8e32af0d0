"""演示的把关词典：州政府办公室各部第一版，抄自随产品发布的；领导人一部是演示的姓名，不是真人。"""

from datetime import date

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.screening.dictionaries import open_version, put_sample, replace_entries
from yangguang.hub.screening.entries import DICTIONARIES, Entry
from yangguang.hub.screening.models import DictionaryVersion

NOTE = "演示数据，不是真人"
LEADERS = (
    Entry(
        "leaders", "演示甲", "临夏回族自治州人民政府州长", ("演示钾",),
        valid_from=date(2024, 1, 1), note=NOTE,
    ),
    Entry(
        "leaders", "演示乙", "永靖县人民政府县长", valid_from=date(2023, 3, 1), note=NOTE,
    ),
    Entry(
        "leaders", "演示丙", "永靖县人民政府县长", valid_from=date(2019, 1, 1),
        valid_until=date(2023, 2, 28), note=NOTE,
    ),
)  # fmt: skip
"""在任的、卸任的。"""
SAMPLES = {
    "leaders": ("永靖县县长演示丙主持会议。", "县长演示丙", "永靖县县长演示乙主持会议。"),
    "bodies": ("请向国家工商行政管理总局报告。", "国家工商行政管理总局", "请向市场监管部门报告。"),
    "terms": ("邀请政协代表座谈。", "政协代表", "邀请政协委员座谈。"),
    "typos": ("各县市要按步就班，做好布署。", "按步就班", "各县市要按部就班，做好部署。"),
    "places": ("临夏县刘家峡镇", "临夏县刘家峡镇", "永靖县刘家峡镇"),
}
"""各部词典的样文：有错的、该查出的、没有错的。"""
ALSO = {"typos": ("布署",)}
"""有错的样文里另外该查出的。"""


def dictionaries_in_force(actor: Actor) -> int:
    """各部词典立好第一版并启用，返回新立几部；已经有的不再立。"""
    return sum(_settle(code, actor) for code in DICTIONARIES)


@transaction.atomic
def _settle(code: str, actor: Actor) -> bool:
    own = DictionaryVersion.objects.filter(organisation=actor.organisation_id, dictionary=code)
    if own.exists():
        return False
    key = f"demo:dictionary:{code}"
    version = open_version(
        code, note="第一版，演示数据", actor=actor, key=key, is_demonstration=True
    )
    if code == "leaders":
        replace_entries(version, LEADERS, actor=actor)
    wrong, found, right = SAMPLES[code]
    put_sample(version, wrong, (found, *ALSO.get(code, ())), actor=actor)
    put_sample(version, right, (), actor=actor)
    for event in ("test", "adopt"):
        perform(version, event, actor=actor, key=f"{key}:{event}")
    return True
