"""站点的开设：谁可以开、域名怎样起、转换表。纯规则，不碰数据库、时钟和配置。

依据《政府网站发展指引》（国办发〔2017〕47号）和《国务院办公厅关于加强政府网站域名管理的通知》
（国办函〔2018〕55号）。
"""

import re

from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition
from yangguang.hub.columns.site_life import AUTHORITY, GUIDE

DOMAINS = "国办函〔2018〕55号"
SUFFIX = ".gov.cn"
RESERVED = frozenset(
    {
        "workbench", "interact", "api", "search", "static", "columns", "organisations", "topics", "assets",
        "files", "pictures", "verify", "sitemaps", "map", "away", "offline", "document", "article",
        "interpretation",
    }
)  # fmt: skip
"""不能作路径前缀的：各站点自己的地址要用。"""
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
_PREFIX = re.compile(r"[a-z][a-z0-9-]{1,38}")


def domain_faults(domain: str, *, is_government: bool, portal: str) -> list[str]:
    """域名不合规矩之处。``portal`` 是上级门户网站的域名，部门的域名须在它之下；没有为空串。"""
    if not _HOST.fullmatch(domain):
        return ["域名只能用小写字母、数字、短横和点，例如 www.linxia.gov.cn。"]
    faults = []
    if not domain.endswith(SUFFIX):
        faults.append(f"政府网站的域名须以 {SUFFIX} 结尾（{DOMAINS}）。")
    elif is_government and not domain.startswith("www."):
        faults.append(f"政府门户网站的域名形如 www.○○○{SUFFIX}（{DOMAINS}）。")
    under = portal.removeprefix("www.")
    if not is_government and under.endswith(SUFFIX) and not domain.endswith(f".{under}"):
        faults.append(f"部门网站用门户网站的下级域名，形如 ○○○.{under}（{DOMAINS}）。")
    return faults


def prefix_faults(prefix: str) -> list[str]:
    """路径前缀不合规矩之处；空的没有前缀，可以。"""
    if prefix and (prefix in RESERVED or not _PREFIX.fullmatch(prefix)):
        return [f"“{prefix}”不能作路径前缀：要用小写字母开头，不与各栏目、检索、接口的地址相同。"]
    return []


def unit_faults(level: str, kind: str, exception: str) -> list[str]:
    """这个单位原则上能不能开设网站；不能开又没有写明批准依据的说明。"""
    if exception.strip():
        return []
    if level == "township":
        return [
            f"乡镇、街道原则上不开设网站，通过县级门户网站公开（{GUIDE}）；确需开设的写明依据。"
        ]
    if level == "county" and kind != "government":
        return [f"县级部门原则上不开设网站，通过县级门户网站公开（{GUIDE}）；确需开设的写明依据。"]
    return []


def can_open(context: GuardContext) -> list[str]:
    """单位、域名、标识码此刻都合规矩，没有与别的站点相重的。"""
    return list(context.facts["faults"])


def another_opens(context: GuardContext) -> list[str]:
    """谁申请的，谁就不能批。"""
    if context.facts["created_by"] in context.actor.persons:
        return ["这是您自己申请的，须由主管单位的另一个人批准。"]
    return []


def is_documented(context: GuardContext) -> list[str]:
    """批准、备案、安全检测都写明：未通过安全检测的不得上线。"""
    labels = (
        ("approval", "批准文件的文号"),
        ("filing", "全国政府网站信息报送系统的备案情况"),
        ("security_test", "安全检测的报告"),
    )
    return [
        f"请写明{label}。" for name, label in labels if not context.inputs.get(name, "").strip()
    ]


LIFE = Lifecycle(
    name="site_opening",
    label="开设站点",
    initial="draft",
    states={"draft": "起草", "asked": "待批准", "opened": "已开通", "dropped": "不再申请"},
    transitions=(
        Transition(
            "ask", "报批", frozenset({"draft"}), "asked", AUTHORITY, guards=(can_open,),
            legal_basis=GUIDE,
        ),
        Transition(
            "return", "退回", frozenset({"asked"}), "draft", AUTHORITY, needs_message=True
        ),
        Transition(
            "open", "批准开通", frozenset({"asked"}), "opened", AUTHORITY,
            guards=(another_opens, can_open), input_guards=(is_documented,), legal_basis=GUIDE,
            sentence="站点按模板建好栏目，首页随即烘成；域名解析和证书由运行维护的人照部署说明办。",
        ),
        Transition(
            "drop", "不再申请", frozenset({"draft"}), "dropped", AUTHORITY, needs_message=True
        ),
    ),
    progress=("draft", "asked", "opened"),
)  # fmt: skip
"""开设站点的转换表。"""
