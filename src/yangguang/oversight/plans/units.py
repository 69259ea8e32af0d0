"""读一处分工说明：各角色的单位、写在一起的期限；拆开并列的单位。纯函数。

一处说明在段落里怎样找，见 ``notes``。

一处分工是一个 ``Assignment``。写明牵头的，其余都是实施单位；没有牵头、只写责任单位的，
责任单位都记为牵头，配合单位记为实施；只写实施（落实）单位的，也记为牵头。
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .clauses import Span, split_outside_brackets
from .deadlines import read_cell

_HEAD = {
    "lead": r"牵头|主办|主责|主要责任|第一责任|总牵头",
    "responsible": r"责任|负责|承办|主管|涉及|主体责任",
    "doer": r"实施|落实|执行|完成",
    "helper": r"配合|协办|协同|协助|协作|参与|参加|支持|协调",
    "ignored": r"督办|指导|监督|督促|督导|验收|联系",
}
KIND = r"(?:责任)?(?:单位|部门|机关|科室|处室|股室|科股室|主体|机构|县区|市县)"
_PERSON = r"(?:责任|负责|牵头|分管|联系|包抓|主管|挂钩|第一责任|直接责任)(?:人|领导|同志|县长|市长)"
_TIME = (
    r"(?:完成|办理|办结|推进|整改|落实|任务|工作|目标)?"
    r"(?:时限要求|时间要求|时间节点|时间安排|进度要求|时限|时间|期限|进度)"
)
LABEL = re.compile(
    "|".join(
        [
            rf"(?P<{kind}>(?:{head})(?:（[^（）]{{1,6}}）|\([^()]{{1,6}}\))?"
            rf"(?:、|及|和|/|·)?(?:组织|负责|落实|实施|配合|责任|参与)*{KIND})\s*[：:]"
            for kind, head in _HEAD.items()
        ]
        + [
            r"(?P<shortlead>(?<![\u4e00-\u9fff])(?:牵头|主办))\s*[：:]",
            r"(?P<shortresponsible>(?<![\u4e00-\u9fff])(?:责任|负责))\s*[：:]",
            r"(?P<shorthelper>(?<![\u4e00-\u9fff])(?:配合|协办|参与))\s*[：:]",
            rf"(?P<person>{_PERSON})\s*[：:]",
            rf"(?P<time>{_TIME})\s*[：:]",
        ]
    )
)
BARE_LABEL = re.compile(
    rf"^(?:{_HEAD['lead']}|{_HEAD['responsible']}|{_HEAD['doer']}|{_HEAD['helper']}){KIND}(?=\s)"
)
VERB = (
    r"(?:牵头|负责|落实|配合|实施|组织|推进|承办|主办|协办|协助|协同|参与|办理|抓好|做好|承担|执行"
    r"|督导|督促|指导)"
)
_DUTY = (
    r"(?:按照|按|根据|依照|依据|结合)?(?:各自|本)?(?:工作)?(?:职责|职能|任务|责任)"
    r"(?:权限)?(?:和|及)?(?:分工|权限)?"
)
DUTY = re.compile(
    rf"(?:[，,、]?\s*(?:{_DUTY}|按分工|依职责|依法|分别|共同|具体|联合|各负其责))*"
    rf"(?P<verbs>{VERB}+)(?:工作|实施|到位)?$"
)
_DUTY_ONLY = re.compile(rf"^(?:{_DUTY}|按分工|依职责|分别|共同|各负其责)+$")
_UNIT_END = re.compile(
    r"(?:局|委|办|厅|部|室|院|科|处|站|所|队|中心|政府|部门|单位|机关|公司|集团|银行|大学|学院"
    r"|学校|中学|小学|协会|学会|街道|镇|乡|县|区|市|旗|盟|省|办事处|股|企业|机构|小组|指挥部|总会"
    r"|联合会|委员会|管委会|商会|专班|妇联|工会|总工会|团委|社|台|馆|所属|行|支行|分行|主体|园区|林场|基地|州)"
    r"(?:[（(][^（）()]{0,20}[)）])?$"
)
_ETC = re.compile(r"(?<=[\u4e00-\u9fff）)])等$")
_BOTH = re.compile(
    r"(?<=[局委办厅室院府门位会县区市司）)])(?:以及|及)(?=[\u4e00-\u9fff]{2})"
    r"|(?<=[局委办厅室院府门位会县区市）)])(?:和|与)(?=各|有关|相关|其他|[省市州县区旗盟]直)"
)
_INNER_LIST = re.compile(
    r"(?:各|全[省市州县])(?:自治)?[县市区旗州](?:、(?:自治)?[县市区旗州]县?)+"
    r"(?=(?:[（(][^（）()]{1,12}[)）])?(?:人民)?政府|管委会)"
)
_WITH = re.compile(r"^(.+?)会同(.+)$")


@dataclass(frozen=True)
class Assignment:
    """一处分工。``scope`` 是它所管的文字（同一段里有几处分工时），整段归一处则为 ``None``。"""

    lead: tuple[str, ...]
    implementing: tuple[str, ...]
    scope: str | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """全部单位，牵头在前。"""
        return self.lead + tuple(u for u in self.implementing if u not in self.lead)


@dataclass(frozen=True)
class Note:
    """文中的一处分工说明：各角色的单位，及写在一起的期限。"""

    roles: tuple[tuple[str, tuple[str, ...]], ...]
    deadlines: tuple[str, ...]
    span: Span

    def units(self, role: str) -> tuple[str, ...]:
        """某一角色的单位。"""
        return tuple(u for r, names in self.roles if r == role for u in names)

    @property
    def assignment(self) -> Assignment | None:
        """化为牵头与实施；没有单位则为 ``None``。"""
        ranks = ("lead", "responsible", "doer", "helper")
        present = [rank for rank in ranks if self.units(rank)]
        if not present:
            return None
        first = present[0]
        lead = () if first == "helper" else self.units(first)
        others = [u for r, names in self.roles if r != first or first == "helper" for u in names]
        return Assignment(_once(lead), _once(u for u in others if u not in lead))


def read_note(text: str) -> Note:
    """读一处分工说明（括号里的、单元格里的或整行的文字）。"""
    labels = list(LABEL.finditer(text))
    bare = BARE_LABEL.match(text) if not labels else None
    if bare:
        return read_note(f"{bare.group()}：{text[bare.end() :].strip()}")
    roles: list[tuple[str, tuple[str, ...]]] = []
    deadlines: list[str] = []
    first = labels[0].start() if labels else len(text)
    _read_verbs(text[:first], "responsible", roles, deadlines)
    for index, label in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        content = text[label.end() : end].strip(" ，,；;、\n")
        role = (label.lastgroup or "").removeprefix("short")
        if role == "time":
            deadlines.append(content.strip("。"))
        elif role not in ("person", "ignored"):
            content = re.split(r"[。\n](?!\s*$)", content)[0]
            _read_verbs(content, role, roles, deadlines)
    return Note(tuple(roles), tuple(deadlines), Span(0, len(text)))


def split_units(text: str) -> tuple[str, ...]:
    """在顿号、逗号、分号处断开单位，不断在名称里（“各县（市、区）”“各市、县人民政府”）。"""
    protected = _INNER_LIST.sub(lambda m: m.group().replace("、", "\ue000"), text)
    pieces: list[str] = []
    for piece in split_outside_brackets(protected, "、，,；;\n。"):
        for part in _BOTH.split(piece):
            pieces.extend(_split_spaced(part))
    cleaned = (_ETC.sub("", p.replace("\ue000", "、").strip(" ：:.．")).strip() for p in pieces)
    return tuple(name for name in cleaned if name and not _DUTY_ONLY.match(name))


def looks_like_units(text: str) -> bool:
    """这段文字是不是一串单位。"""
    text = text.strip("。；; ")
    if not text or len(text) > 400:
        return False
    pieces = split_outside_brackets(text, "，,；;")
    names = [name for piece in pieces for name in split_units(DUTY.sub("", piece))]
    return bool(names) and all(len(n) <= 30 and _UNIT_END.search(_ETC.sub("", n)) for n in names)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _split_spaced(text: str) -> list[str]:
    parts = text.split()
    if len(parts) > 1 and all(len(p) >= 3 and _UNIT_END.search(p) for p in parts):
        return parts
    return ["".join(parts)]


def _read_verbs(
    text: str,
    default: str,
    roles: list[tuple[str, tuple[str, ...]]],
    deadlines: list[str],
) -> None:
    """“甲、乙牵头，丙、丁配合”：动词管它前面的单位；没有动词的按 ``default``。"""
    waiting: list[str] = []
    had_lead = False
    for piece in split_outside_brackets(text, "，,；;。\n"):
        if is_time(piece):
            deadlines.append(piece)
            continue
        piece = piece.removeprefix("由")
        tail = DUTY.search(piece)
        if not tail:
            waiting.append(piece)
            continue
        names = piece[: tail.start()]
        role = _verb_role(tail.group("verbs"), default)
        joint = _WITH.match(names)
        if joint:
            roles.append(("lead", split_units("、".join([*waiting, joint[1]]))))
            roles.append(("helper", split_units(joint[2])))
        else:
            roles.append((role, split_units("、".join([*waiting, names]))))
        had_lead = had_lead or role == "lead" or bool(joint)
        waiting = []
    if waiting:
        left = "helper" if had_lead and default != "lead" else default
        roles.append((left, split_units("、".join(waiting))))
    roles[:] = [(role, names) for role, names in roles if names]


def _verb_role(verbs: str, default: str) -> str:
    if "牵头" in verbs or "主办" in verbs:
        return "lead"
    if any(word in verbs for word in ("配合", "协助", "协同", "协办", "参与")):
        return "helper"
    return default if default in ("lead", "helper", "doer") else "responsible"


def is_duty(piece: str) -> bool:
    """“市某局、市某委牵头”：前面是单位，末尾是牵头、负责、配合一类的字眼。"""
    tail = DUTY.search(piece)
    return bool(tail) and looks_like_units(piece[: tail.start()]) if tail else False


def is_time(piece: str) -> bool:
    """说明里写的是期限而不是单位：“2020年6月底前完成”“持续推进”。"""
    if len(piece) > 30 or looks_like_units(piece):
        return False
    found, recurring = read_cell(piece, 2000)
    return bool(found or recurring) and not LABEL.search(piece)
