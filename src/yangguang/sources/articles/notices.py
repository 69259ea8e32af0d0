"""稿件的通知：到哪一步告诉谁。"""

from yangguang.foundation.notify.audiences import Keeper, Roles, Where
from yangguang.foundation.notify.registry import LivingNotices, register

from .circulation import APPROVER, DRAFTER, REVIEWER
from .models import Article

register(
    LivingNotices(
        Article,
        "稿件",
        "workbench:articles-record",
        waits={
            "in_review": Roles(REVIEWER),
            "in_second_review": Roles(REVIEWER),
            "in_approval": Roles(APPROVER),
            # 定了时的到时自己发布，不必等谁
            "approved": Where(lambda record: record.publish_at is None, Keeper(DRAFTER)),
            "revising": Roles(APPROVER),
        },
        returns={"return": Keeper(DRAFTER)},
    )
)
