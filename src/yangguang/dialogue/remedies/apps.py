from django.apps import AppConfig


class RemediesConfig(AppConfig):
    """行政复议与行政诉讼."""

    name = "yangguang.dialogue.remedies"
    label = "remedies"
    verbose_name = "行政复议与行政诉讼"

    def ready(self) -> None:
        """登记答复、答辩的期限。"""
        from yangguang.foundation.calendar import dated

        from .due import ANSWER_DUE

        dated.register(ANSWER_DUE)
