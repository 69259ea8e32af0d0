"""机关名称的样子：认出“某某市人民政府”“各县（市、区）”，拆开并列的机关。纯函数。

不查机构库：别处的公文写的是别处的机关。认不准的宁可不认。
"""

import re

_SUFFIX = (
    "人民政府|政府|办公厅|办公室|委员会|管委会|管理局|总局|分局|支局|委|办|局|厅|部|院|会|署|行|社|公司|集团|"
    "单位|机构|部门|企业|学校|中心|处|所|站|总队|支队|大队|中队|队|馆|组|科|室|台|团|法院|检察院|军区|军分区|"
    "指挥部|领导小组|农场|林场|牧场|开发区|园区|示范区|试验区|保护区|产业园|新区|景区|度假区|高新区|海关|银行|"
    "联社|税务局|大学|学院|协会|学会|联合会|商会|医院|电视台|报社|监狱|港|矿|厂|库|大厅|街道|直属机关|各?省|"
    "自治区|直辖市|自治州|地区|盟|自治县|市|县|区|州|旗|乡|镇|村|社区|人民团体|高等学校|高校|机关|工会|妇联|共青团|办事处|兵团|师|法人|党组|党委|总工会|联"
)
_ORGAN = re.compile(
    rf"^[\u4e00-\u9fff（）()“”〇○·]{{1,48}}?(?:{_SUFFIX})(?:[（(][^（）()]{{1,40}}[）)])?$"
)
_GROUP = re.compile(r"^(?:各|全|本|有关|省|市|县|区|州|中央|国家|驻|直属)")
_NOT_ORGAN = re.compile(
    r"[。；;！!？?]|关于|通知|如下|现将|根据|为了|按照|必须|应当|要求|认真|进一步|可以|加强|请示|负责人|^附件|^此|第.{1,5}条"
)
_PERSON = re.compile(
    r"^(?:代|副)?(?:省长|市长|县长|区长|州长|镇长|乡长|旗长|盟长|总理|主席|主任|局长|厅长|部长|院长|署长|会长|行长)"
    r"[\s：:]*[\u4e00-\u9fff·\s×xXＸ*某]{0,12}$"
)
_ADMINISTRATIVE = re.compile(
    r"^各?(?:省|市|县|区|州|地|盟|旗|乡|镇|街道|自治区|直辖市|自治州|自治县|地区|市县|县市|县区|市区|乡镇|直辖市|计划单列市|经济特区|功能区|街|办事处)$"
)
_OPEN, _CLOSE = "（(〔[［【《〈“", "）)〕]］】》〉”"
_SOFT_SUFFIX = re.compile(
    r"(?:人民政府|政府|办公厅|办公室|委员会|管委会|局|厅|部|委|院|署|行|处|中心|公司|法院|检察院|会|办)$"
)


def is_person_line(line: str) -> bool:
    """签署人的一行：“市长 某某”。"""
    return bool(_PERSON.match(line.strip()))


def is_organ(name: str) -> bool:
    """像不像一个机关的全称或统称。"""
    name = tighten(name)
    bare = re.sub(r"[（(][^（）()]{1,60}[)）]", "", name)
    return 2 <= len(name) <= 60 and not _NOT_ORGAN.search(name) and bool(_ORGAN.match(bare))


def is_full_organ(name: str) -> bool:
    """像不像一个能署名的机关：不是“各单位”那样的统称，也不是光秃秃的地名。"""
    name = tighten(name)
    if not is_organ(name) or name.startswith(("各", "有关", "全体")):
        return False
    bare = re.sub(r"[（(][^（）()]*[）)]$", "", name)
    return len(name) >= 3 and bool(
        _SOFT_SUFFIX.search(bare)
        or re.search(
            r"(?:总局|分局|社|集团|机构|所|站|队|馆|组|台|指挥部|领导小组|海关|银行|联社|大学|学院|学校|协会|学会|联合会|商会|医院|街道|兵团|党组|妇联|联|军区)$",
            bare,
        )
    )


def tighten(name: str) -> str:
    """去掉字与字之间撑开的空格。"""
    return re.sub(r"[\s\u3000]+", "", name)


def split_list(text: str) -> list[str]:
    """按 、，；拆开并列的机关，括号里的不拆；“各县、区人民政府”一类省略说法不拆散。"""
    pieces: list[str] = [""]
    depth = 0
    for character in text:
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(depth - 1, 0)
        if depth == 0 and character in "、，,；;":
            pieces.append("")
        else:
            pieces[-1] += character
    merged: list[str] = []
    for piece in map(tighten, pieces):
        if merged and _ADMINISTRATIVE.match(merged[-1].rsplit("、", 1)[-1]):
            merged[-1] += "、" + piece
        elif piece:
            merged.append(piece)
    return merged


def split_signature(line: str) -> list[str]:
    """署名一行里的一个或几个机关；不是署名则为空。

    “甲局　乙局”是两个；“新 余 市 人 民 政 府”是撑开的一个。
    """
    line = re.sub(r"[（(](?:盖章|章|印章|代章|公章)[）)]", "", line.strip())
    if not line or len(line) > 120:
        return []
    whole = tighten(line)
    parts = [tighten(p) for p in re.split(r"[\s\u3000、，,]+", line) if p]
    if len(parts) > 1 and all(is_full_organ(p) for p in parts):
        return parts
    if is_full_organ(whole):
        return [whole]
    return []


def split_prefix(prefix: str) -> list[str]:
    """标题里“关于”之前的发文机关：“教育部 财政部”“甲局、乙局”；认不全则为空。"""
    prefix = prefix.strip(" \u3000、")
    if not prefix:
        return []
    parts = [tighten(p) for p in re.split(r"[\s\u3000、，,]+", prefix) if p.strip()]
    if len(parts) > 1 and all(is_full_organ(p) for p in parts):
        return parts
    whole = tighten(prefix)
    return (
        [whole]
        if is_full_organ(whole) and not re.search(r"等.{1,4}(?:部门|单位|委|局)$", whole)
        else []
    )
