from django.apps import AppConfig


class FilesConfig(AppConfig):
    """文件."""

    name = "yangguang.foundation.files"
    label = "files"
    verbose_name = "文件"
