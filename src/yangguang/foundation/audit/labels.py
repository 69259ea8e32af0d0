"""审计里的代号怎样说给人听：动作、对象种类、字段。认不出的照写代号，不猜。"""

from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

VERBS = {
    "create": "新建", "edit": "修改", "import": "导入", "load": "装入", "rename": "更名",
    "merge": "合并", "attach": "加附件", "detach": "去附件", "caption": "配字幕", "store": "收下", "bare": "补做上网的一份", "issue": "发给",
    "sign_in": "登录", "fail_password": "口令不对", "lock": "连错停用", "sign_out": "退出", "assume": "换身份", "assign": "任职", "retire": "除名",
    "requeue": "放回队列", "publish": "发布", "correct": "更正", "withdraw": "撤回",
    "share": "转发", "unshare": "停止转发", "take_in": "收下", "redate": "重算期限",
    "recompute": "核对期限", "enter_day": "录入一天", "change_day": "更正一天",
    "remove_day": "删去一天", "enter_year": "录入一年", "enter_festival": "录入地方节日",
    "keep_anniversary": "登记固定节日", "sign": "签关", "overrule": "放行", "mask": "遮盖",
    "put": "存词条", "remove": "删词条", "sample": "添样文", "sample_removed": "去样文",
    "settle": "指明单位", "recut": "拆分合并", "add_units": "补单位", "contact": "指定联系人",
    "gather": "收集", "choose": "指定", "exclude": "移出", "tampered": "发现被改",
    "destroy_digest_key": "销毁摘要密钥", "withdraw_picture": "撤下图片", "people": "建演示账号",
    "close": "关闭账号", "end_assignment": "结束任职", "end_sessions": "结束会话",
    "issue_link": "发给链接", "set_password": "设口令", "open_folder": "建文件夹",
    "remove_folder": "删文件夹", "rename_folder": "文件夹更名", "replace": "换内容",
    "bind_sign_on": "绑定统一身份认证", "unbind_sign_on": "解除统一身份认证",
    "confirm": "再验证身份", "add_second_step": "设第二步验证",
    "remove_second_step": "去掉第二步验证", "renew_codes": "换备用码",
    "fail_second_step": "第二步没有通过", "reset_second_step": "重设第二步验证",
    "infected": "查出病毒", "bulk": "批量办理", "move": "换栏目", "pin": "置顶",
    "begin": "开始上传", "drop": "删去没有传完的", "set_route": "定审签步骤",
    "add_series": "登记机关代字", "plan_interpretation": "写解读方案", "note_interpretation": "记下解读", "set_points": "定分值", "export": "导出",
    "set_contact": "登记收提醒的地址", "confirm_contact": "核实收提醒的地址",
    "leave": "注销", "propose_publication": "建议主动公开", "fetch": "申请人下载", "expire": "久未登录而删去",
    "drop_contact": "删去收提醒的地址", "set_reminders": "改提醒设置",
    "relate": "写明关系", "unrelate": "去掉关系", "conclude": "定清理结论",
    "order_share": "要求转发", "cancel_share_order": "撤销转发的要求",
    "adopt": "并入公文的一行", "start_check": "发起上网核对", "finish_check": "做完上网核对",
    "draft_circular": "起草通报", "open_column": "开设栏目", "close_column": "关闭栏目",
    "reopen_column": "重新启用栏目", "reorder": "调整次序", "relocate": "迁移", "add_code": "添代码",
    "revise_code": "改代码的说法", "end_code": "停用代码", "take_entry": "选入一篇", "unpick": "去掉人工选定",
    "drop_entry": "移出一篇", "place_entry": "调整一篇的次序", "renew_entry": "换成现行版本", "typeset": "排成 PDF",
    "draw_list": "列赠阅清单", "count_copies": "登记赠阅份数", "note_feedback": "登记反馈", "adjust": "确认调整份数",
    "supplement": "再传一张表", "drop_line": "去掉一件", "strike": "退回几件", "reinstate": "不退了",
    "transfer": "转入旧案", "try_contact": "联系申请人", "search": "记检索", "decide": "判断怎样答复", "judge_reason": "认定理由",
    "note_delivered": "记对方收到", "note_fee_delivered": "记收到收费通知",
    "show_applicant": "显示申请人身份", "seal_year": "封存表三",
    "redo": "另开一件重作",
    "enclose": "随附文件", "unenclose": "去掉随附的文件",
    "mark": "画框", "order": "交给后台制作",
    "ask_units": "请各单位报数", "report": "报数", "take_reports": "采用各单位报的数",
}  # fmt: skip
"""各处通用的动作。有转换表的，动作的名称取自转换表。"""

DETAILS = {
    "entries": "篇目", "contents": "目录", "copies": "赠阅份数", "feedbacks": "反馈", "allocations": "各笔分配", "reports": "各单位报的数", "prints": "PDF",
    "from": "原来", "to": "现在", "on": "自", "by": "经由", "method": "登录方式", "event": "动作",
    "field": "期限", "change": "因哪次日历变动", "provisional": "是否暂定", "count": "条数",
    "done": "办成", "not_done": "没有办", "list": "列表", "format": "格式", "columns": "栏目、列",
    "narrowed_by": "筛选", "version": "第几版", "digest": "摘要", "until": "到何时为止",
    "gates": "各关", "gate": "关", "verdict": "结论", "place": "在哪里", "texts": "文字",
    "files": "附件", "publication": "信息", "topics": "专题", "block": "板块", "path": "地址",
    "fault": "毛病", "channel": "渠道", "created": "新建", "changed": "改动", "checked": "核对",
    "predecessors": "并入的机构", "removed": "去掉", "codes": "备用码", "sessions": "会话",
    "assignments": "任职", "links": "链接", "moved": "移交", "keeper": "接手人", "role": "身份",
    "purpose": "用途", "on_behalf_of": "代谁", "tables": "年表", "days": "天", "units": "单位",
    "phrase": "原文的说法", "tasks": "任务", "deliverables": "成果", "expires_at": "到期",
    "placements": "所在栏目", "attachments": "附件", "choices": "所选信息", "scopes": "可做什么",
    "networks": "可从哪里来", "per_minute": "每分钟次数", "prefix": "密钥开头",
    "organisation": "机构", "includes_subtree": "连同下级", "valid_from": "起", "valid_until": "止",
    "site": "站点", "route": "审签步骤", "content": "内容", "virus": "病毒", "size": "字节",
    "media_type": "文件种类", "sha256": "摘要（SHA-256）", "issuer": "签发身份的一方",
    "subject": "身份编号", "display_name": "姓名", "post": "职务", "kind": "种类",
    "current": "现行的一版", "state": "状态", "system": "来自哪份清单、哪个系统", "code": "机关代字",
    "used": "已用到几号", "other": "所指的", "norm": "文件", "conclusion": "结论", "items": "各件的结论",
    "relations": "与别的文件的关系", "level": "实名的程度", "into": "移到", "after": "排在谁之后",
    "sealed": "身份和联系方式", "decision": "判断", "year": "年度", "outcome": "答复种类", "table": "代码表", "label": "说法", "closed_on": "关闭日期", "merged_into": "并入", "pages": "页数",
}  # fmt: skip
"""事件里另记的、不是对象自己的字段的，叫什么。"""


def action_label(action: str) -> str:
    """动作：``documents.submit`` 是“公文：送审”。"""
    noun, _, verb = action.rpartition(".")
    label, verbs = _lives().get(noun, ("", {}))
    label = label or _app_label(noun)
    told = verbs.get(verb) or VERBS.get(verb)
    return f"{label}：{told}" if label and told else action


def type_label(target_type: str) -> str:
    """对象种类：``documents.officialdocument`` 是“公文”。"""
    model = _model(target_type)
    return str(model._meta.verbose_name) if model else target_type


def field_label(target_type: str, name: str) -> str:
    """字段：``title`` 是“标题”。"""
    model = _model(target_type)
    try:
        found: Any = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        found = None
    own = str(getattr(found, "verbose_name", ""))
    return own if own and not own.isascii() else DETAILS.get(name, name)


def value_text(target_type: str, name: str, value: Any) -> str:
    """记下的值：状态、选项说名称，是否说“是”“否”，几样的顿开。"""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return "无"
    if isinstance(value, dict):
        told = (
            f"{field_label(target_type, key)}{value_text(target_type, key, each)}"
            for key, each in value.items()
        )
        return "，".join(told)
    if isinstance(value, list):
        return "、".join(value_text(target_type, name, each) for each in value) or "无"
    return _names(target_type, name).get(value, str(value))


@cache
def _names(target_type: str, name: str) -> dict[Any, str]:
    """一个字段里的代号各叫什么。``from``、``to`` 是对象的状态。"""
    model = _model(target_type)
    life = getattr(model, "lifecycle", None)
    if name in {"from", "to", "state"} and life is not None:
        return dict(life.states)
    try:
        found: Any = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return {}
    return {code: str(label) for code, label in getattr(found, "flatchoices", ())}


@cache
def _lives() -> dict[str, tuple[str, dict[str, str]]]:
    """各转换表的名称，和其中各动作的名称。"""
    found = {}
    for model in apps.get_models():
        life = getattr(model, "lifecycle", None)
        if life is not None:
            found[life.name] = (life.label, {t.event: t.label for t in life.transitions})
    return found


def _app_label(noun: str) -> str:
    """没有转换表的，取应用的名称。"""
    for config in apps.get_app_configs():
        if config.name.rpartition(".")[2] == noun.partition(".")[0]:
            return str(config.verbose_name)
    return ""


def _model(target_type: str) -> type[Model] | None:
    try:
        return apps.get_model(target_type) if target_type else None
    except (LookupError, ValueError):
        return None
