"""几种记录共用的守卫。纯规则，不碰数据库、时钟和配置。"""

from .rules import GuardContext


def not_the_drafter(context: GuardContext) -> list[str]:
    """起草人、接手经办的人不能审、不能签自己的稿，由人代理也不行。

    乡镇街道只有一人的，写明情况可以，并记录在案。
    """
    own = {context.facts["created_by"], context.facts.get("keeper")}
    if not own & context.actor.persons:
        return []
    if context.facts["level"] == "township" and context.message.strip():
        return []
    if context.facts["created_by"] in context.actor.persons:
        return ["这是您自己起草的，须由他人办理。"]
    return ["这是移交给您经办的，须由他人办理。"]


def has_columns(context: GuardContext) -> list[str]:
    """已选栏目。"""
    return [] if context.facts["columns"] else ["请先选定发布的栏目。"]


def passes_screening(context: GuardContext) -> list[str]:
    """要公开的文字和附件里没有必须先处理的内容。"""
    return list(context.facts["screening"])
