from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """公文."""

    name = "yangguang.sources.documents"
    label = "documents"
    verbose_name = "公文"

    def ready(self) -> None:
        """登记公文这一种信息、它的上网期限、指标，怎样一键遮盖，怎样用到资料库。"""
        from yangguang.foundation.calendar import dated
        from yangguang.foundation.library import references
        from yangguang.hub.indicators.registry import register as register_indicators
        from yangguang.hub.publications.kinds import register
        from yangguang.hub.screening.services import register_masking

        from .due import INTERPRETATION_DUE, PUBLISH_DUE
        from .indicators import INDICATORS
        from .publications import DocumentKind
        from .selectors import attached
        from .services import DocumentMasking

        register(DocumentKind())
        register_masking(DocumentKind.code, DocumentMasking())
        dated.register(PUBLISH_DUE)
        dated.register(INTERPRETATION_DUE)
        references.register("documents.attachments", attached)
        register_indicators(INDICATORS)
