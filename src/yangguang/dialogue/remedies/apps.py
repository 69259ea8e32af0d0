from django.apps import AppConfig


class RemediesConfig(AppConfig):
    """行政复议与行政诉讼."""

    name = "yangguang.dialogue.remedies"
    label = "remedies"
    verbose_name = "行政复议与行政诉讼"
