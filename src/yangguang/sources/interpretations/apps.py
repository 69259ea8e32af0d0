from django.apps import AppConfig


class InterpretationsConfig(AppConfig):
    """政策解读."""

    name = "yangguang.sources.interpretations"
    label = "interpretations"
    verbose_name = "政策解读"

    def ready(self) -> None:
        """登记政策解读这一种信息、指标，怎样一键遮盖，怎样用到资料库，公文的记录页上列出哪些。"""
        from yangguang.foundation.library import references
        from yangguang.hub.indicators.registry import register as register_indicators
        from yangguang.hub.publications.kinds import register
        from yangguang.hub.screening.services import register_masking
        from yangguang.sources.documents import companions

        from .indicators import INDICATORS
        from .publications import InterpretationKind
        from .selectors import attached, interpreting
        from .services import InterpretationMasking

        register(InterpretationKind())
        register_masking(InterpretationKind.code, InterpretationMasking())
        references.register("interpretations.attachments", attached)
        companions.register(interpreting)
        register_indicators(INDICATORS)
