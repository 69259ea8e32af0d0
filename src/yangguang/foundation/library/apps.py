from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """资料库."""

    name = "yangguang.foundation.library"
    label = "library"
    verbose_name = "资料库"
