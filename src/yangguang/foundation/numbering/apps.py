from django.apps import AppConfig


class NumberingConfig(AppConfig):
    """编号."""

    name = "yangguang.foundation.numbering"
    label = "numbering"
    verbose_name = "编号"
