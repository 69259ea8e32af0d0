from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """公文."""

    name = "yangguang.sources.documents"
    label = "documents"
    verbose_name = "公文"

    def ready(self) -> None:
        """登记公文这一种信息，和它的上网期限。"""
        from yangguang.foundation.calendar import dated
        from yangguang.hub.publications.kinds import register

        from .due import PUBLISH_DUE
        from .publications import DocumentKind

        register(DocumentKind())
        dated.register(PUBLISH_DUE)
