from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """公文."""

    name = "yangguang.sources.documents"
    label = "documents"
    verbose_name = "公文"
