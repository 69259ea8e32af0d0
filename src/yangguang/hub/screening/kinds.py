"""查出来的种类，各归哪一关。纯规则，不碰数据库、时钟和配置。

三关：政治关看表述和称谓，政策关看依法能不能公开，文字关看字词。
"""

from yangguang.foundation.screening.rules import KINDS as PERSONAL

GATES = {"political": "政治关", "policy": "政策关", "text": "文字关"}
"""三关，按次序。"""

KINDS = {
    **PERSONAL,
    "leader_name": "领导人姓名误写",
    "leader_title": "领导人职务不符",
    "organ_name": "机构名称不规范",
    "banned_term": "禁用词",
    "sensitive_term": "慎用词",
    "typo": "错别字",
    "place_name": "地名有误",
    "unread": "机器读不出的内容",
}
"""种类的中文。"""

GATE_OF = {
    **dict.fromkeys(PERSONAL, "policy"),
    "unread": "policy",
    **dict.fromkeys(
        ("leader_name", "leader_title", "organ_name", "banned_term", "sensitive_term"), "political"
    ),
    **dict.fromkeys(("typo", "place_name"), "text"),
}
"""每一种归哪一关。"""

MASKED = frozenset({"identity_number", "mobile", "bank_card"})
"""个人信息：不重述，可以一键遮盖。"""

NEVER = frozenset({"secret_mark", "identity_number"})
"""任何人都不能放行的：密级标志；身份证号只能遮盖，不能照原样公开。"""
