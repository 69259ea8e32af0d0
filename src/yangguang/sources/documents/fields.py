"""网页的字段表：贴在正文上面的“索引号、发布机构、成文日期……”。纯函数。

三种贴法都认：一行几对“名称：值”；名称一行、值一行；用竖线或空格隔开的格子。
认出的行从正文里去掉，免得把表里的日期、机构当成公文自己的；正文一开始就不再认。
"""

import re
from dataclasses import dataclass, field

from .organs import is_organ

_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("标题", "名称", "文件名称", "信息名称", "公文名称", "文件标题", "公文标题", "信息标题"),
    "number": ("文号", "发文字号", "文件编号", "公文文号", "文件文号", "文件号", "发文文号", "发文号", "文书号"),
    "written": ("成文日期", "成文时间"),
    "dated": ("发文日期", "发文时间", "生成日期", "生成时间", "制发日期", "印发日期", "签发日期", "制定日期", "形成日期", "产生日期"),
    "issuer": (
        "发文机关", "发文单位", "制发机关", "制发单位", "制发机构", "发文机构", "发文部门", "印发机关", "印发单位", "制定机关", "制定单位", "发布机构", "发布单位", "公开责任部门",
        "发布机关", "信息公开责任部门", "公开机构", "公开单位", "公开主体", "发布部门", "颁布单位", "公开责任单位", "责任部门", "提供单位",
    ),
    "disclosure": ("公开属性", "公开方式", "公开类别", "公开类型", "信息公开属性", "公开选项", "公开形式"),
    "": (
        "索引号", "索引码", "信息索引号", "索取号", "信息索取号", "主题分类", "主题类别", "主题", "主题词", "主题导航", "组配分类", "组配类别",
        "体裁分类", "体裁", "公开范围", "信息分类", "信息类别", "信息来源", "稿源", "关键词", "关键字", "内容概述", "内容概况", "内容摘要",
        "信息内容概述", "责任编辑", "编辑", "录入", "审核", "作者", "浏览次数", "浏览量", "浏览", "访问量", "点击数", "点击率", "点击次数",
        "阅读次数", "阅读量", "阅读", "字体", "字号", "字体大小", "统一登记号", "登记号", "规范性文件统一编号", "统一编号", "公文种类", "公文类别",
        "有效期", "有效性", "时效性", "时效", "是否有效", "文件状态", "效力状态", "文件效力", "废止日期", "废止时间", "失效日期", "失效时间",
        "实施日期", "施行日期", "生效日期", "生效时间", "截止日期", "终止日期", "载体类型", "发布人", "发布日期", "发布时间", "公开日期", "公开时间",
        "公布日期", "公布时间", "更新日期", "更新时间", "上网日期", "信息状态", "公开时限", "服务对象", "服务对象分类", "分类", "类别", "分类号",
        "文件类型", "文件类别", "信息类型", "信息格式", "格式", "语种", "所属栏目", "栏目", "目录号", "机构分类", "保密审查", "备注", "文章来源",
        "来源", "打印", "分享", "分享到", "来源单位", "访问次数", "版面", "文种", "发文种类", "所属主题", "信息标识", "公开程序", "状态", "日期", "时间",
        "部门", "公开期限", "公开目录", "阅读版本", "归档时间", "下载地址", "政策咨询机关", "政策咨询电话", "年份", "生命周期", "事项分类", "政策类别", "有效期限", "有效区域",
    ),
}  # fmt: skip
_ROLE = {name: role for role, names in _NAMES.items() for name in names}
# 这些字眼太平常，光秃秃占一行时不足以断定是字段名
_WEAK = frozenset({"主题", "来源", "编辑", "审核", "录入", "作者", "浏览", "阅读", "分类", "类别", "格式", "备注", "状态", "打印", "分享", "日期", "时间", "部门", "名称", "栏目", "主题词", "年份", "体裁", "分享到", "字体", "字号", "时效"})  # fmt: skip
_SPACED = "|".join(
    r"[ \u3000]*".join(map(re.escape, name)) for name in sorted(_ROLE, key=len, reverse=True)
)
_BULLET = " \t\u3000|•·●◆■□▪◇○*"
_STRIPPED = _BULLET + ";；：:"
_LABEL = re.compile(
    rf"^[【\[（(]?(?P<name>{_SPACED})[】\])）]?[ \t\u3000]*(?P<mark>[：:|]|$)[ \t\u3000]*"
)
_ANY = r"[\u4e00-\u9fff]{2,8}"
_INSIDE = re.compile(
    rf"(?:(?<=[\s\u3000|;；])|^)[【\[]?(?P<name>(?:{_SPACED})(?=[】\]]?[ \t\u3000]*(?:[：:|]|$))"
    rf"|{_ANY}(?=[】\]]?[ \t\u3000]*[：:|]))[】\]]?[ \t\u3000]*[：:|]?"
)
_SPACED_LABEL = re.compile(rf"(?:(?<=[\s\u3000])|^)(?P<name>{_SPACED})(?:[：:]|(?=[ \t\u3000])|$)")
_STRANGER = re.compile(rf"^{_ANY}[ \t\u3000]*[：:][ \t\u3000]*(?P<value>[^。：:]{{0,60}}|\|.*)$")
_CHROME = re.compile(
    r"^(?:以下为?正文|正文)[：:]?$|^(?:当前位置|您的位置|您当前的?位置|你的位置|您现在的位置|所在位置|位置)[：:]?|^首页\s*[>》›»/\-]|[>›»]\s*(?:正文|详情|浏览文章)?\s*$"
    r"|^(?:返回顶部|打印|关闭|收藏|返回|分享|朗读|放大|缩小|扫一扫.*|下载|打印本页|关闭窗口|字体大小|【?字体.*|【?字号.*|保护视力色.*|视力保护色.*|繁体|简体|无障碍|大|中|小|T|\[?大\s*中\s*小\]?|\|)$"
    r"|浏览次数|阅读次数|点击次数|点击数|浏览量|阅读量|【\s*(?:打印|关闭|字体|收藏|大)|\[\s*(?:打印|关闭|字体|收藏|大)\s*[\]：:]|扫一扫在手机"
)
_MAX_VALUE = 200
_TOP = 60
_VALUE_MARK = re.compile(r"[。！？]")


@dataclass
class FieldTable:
    """读出的字段表；``kept`` 是剩下的行的序号。值照原样，去掉两端空白。"""

    kept: list[int] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    present: bool = False
    closed: bool = False
    touching: bool = False


_BODY = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章条]|[（(][一二三四五六七八九十]{1,3}[)）])"
)


def take_fields(lines: list[str]) -> FieldTable:
    """分出字段表；剩下的行次序不变。"""
    table = FieldTable()
    position = 0
    while position < len(lines):
        used = 0 if table.closed else _take_one(lines, position, table)
        if not used:
            line = lines[position].strip(_BULLET)
            table.kept.append(position)
            table.touching = False
            table.closed = table.closed or _opens_body(line)
        position += max(used, 1)
    return table


def _opens_body(line: str) -> bool:
    return bool(
        _BODY.match(line)
        or (len(line) > 60 and "。" in line)
        or (line.endswith(("：", ":")) and len(line) > 3)
    )


def _take_one(lines: list[str], position: int, table: FieldTable) -> int:
    """处理一处，返回字段用掉几行；不是字段则为 0。"""
    line = lines[position].strip(_BULLET)
    if not line:
        return 1
    pairs = _pairs(line)
    if pairs and _belongs(lines, position, pairs, table):
        return _keep(lines, position, pairs, table)
    if position < _TOP and len(line) < 120 and _CHROME.search(line):
        return 1
    stranger = _STRANGER.match(line) if table.touching else None
    if stranger and stranger["value"] and not is_organ(line.rstrip("：:")):
        return 1
    return 0


def _keep(lines: list[str], position: int, pairs: list[tuple[str, str]], table: FieldTable) -> int:
    used = 1
    name, value = pairs[-1]
    if not value and position + 1 < len(lines) and _is_value(lines[position + 1], name):
        value = lines[position + 1].strip(_BULLET)
        pairs[-1] = (name, value)
        used = 2
        # 有的网页把同一个值贴两遍
        if position + 2 < len(lines) and lines[position + 2].strip(_BULLET) == value:
            used = 3
    table.touching = True
    for name, value in pairs:
        table.present = table.present or (name in _ROLE and name not in _WEAK)
        role = _ROLE.get(name)
        if role and value:
            table.values.setdefault(role, value)
    return used


def _pairs(line: str) -> list[tuple[str, str]]:
    """一行里的（名称, 值）；这一行不是字段则为空。"""
    if not line or len(line) > 600:
        return []
    match = _LABEL.match(line)
    if not match:
        return _spaced_pairs(line)
    starts = list(_INSIDE.finditer(line))
    if not starts:
        return [(_plain(match["name"]), "")]
    return _cut(line, starts)


def _spaced_pairs(line: str) -> list[tuple[str, str]]:
    """“索引号 000014349/2017-00110 主题分类 综合政务”：没有冒号，靠空格隔开。"""
    starts = list(_SPACED_LABEL.finditer(line))
    if not starts or starts[0].start() != 0:
        return []
    pairs = _cut(line, starts)
    return pairs if len(pairs) > 1 or pairs[0][1] else []


def _cut(line: str, starts: list[re.Match[str]]) -> list[tuple[str, str]]:
    ends = [*[match.start() for match in starts[1:]], len(line)]
    return [
        # 后面的格子没有名称可认的，不是这个字段的值
        (_plain(match["name"]), line[match.end() : end].strip(_STRIPPED).split("|")[0].rstrip())
        for match, end in zip(starts, ends, strict=True)
    ]


def _belongs(
    lines: list[str], position: int, pairs: list[tuple[str, str]], table: FieldTable
) -> bool:
    """像字段的一行是否真是字段：平常的字眼要有别的字段作伴；长句子是正文。"""
    if any(len(value) > _MAX_VALUE for _, value in pairs):
        return False
    known = [name for name, _ in pairs if name in _ROLE]
    if len(known) > 1:
        return True
    name, value = pairs[0]
    line = lines[position].strip(_BULLET)
    if name in _WEAK or not _LABEL.match(line):
        return position < _TOP and (table.touching or _near_field(lines, position))
    return not (_VALUE_MARK.search(value) and _ROLE[name] and len(value) > 60)


def _near_field(lines: list[str], position: int) -> bool:
    """后面几行里有认得准的字段。"""
    for other in lines[position + 1 : position + 6]:
        found = _LABEL.match(other.strip(_BULLET))
        if found and _plain(found["name"]) not in _WEAK:
            return True
        if len(_spaced_pairs(other.strip(_BULLET))) > 1:
            return True
    return False


def _is_value(line: str, name: str) -> bool:
    line = line.strip(_BULLET)
    if not line or len(line) > _MAX_VALUE or _pairs(line):
        return False
    # 空着的字段后面紧跟正文：标题、主送机关不是它的值
    return not (
        line.endswith(("：", ":"))
        or ("关于" in line and _ROLE.get(name) != "title")
        or (not _ROLE.get(name) and len(line) > 60)
    )


def _plain(name: str) -> str:
    return re.sub(r"[\s\u3000]", "", name)
