"""一个人手上的稿件：没有发布、没有撤回的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Article

register(
    LivingHolding(
        Article,
        "稿件",
        frozenset(
            {"draft", "in_review", "in_second_review", "in_approval", "approved", "revising"}
        ),
        "workbench:articles-record",
    )
)
