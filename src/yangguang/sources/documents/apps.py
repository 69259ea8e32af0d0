from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """公文."""

    name = "yangguang.sources.documents"
    label = "documents"
    verbose_name = "公文"

    def ready(self) -> None:
        """登记公文这一种信息。"""
        from yangguang.hub.publications.kinds import register

        from .publications import DocumentKind

        register(DocumentKind())
