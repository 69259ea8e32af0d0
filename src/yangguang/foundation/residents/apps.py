from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    """公众的实名身份."""

    name = "yangguang.foundation.residents"
    label = "residents"
    verbose_name = "公众实名"
