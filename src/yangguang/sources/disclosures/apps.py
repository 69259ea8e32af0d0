from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    """公开属性补定."""

    name = "yangguang.sources.disclosures"
    label = "disclosures"
    verbose_name = "公开属性补定"
