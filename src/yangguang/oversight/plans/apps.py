from django.apps import AppConfig


class PlansConfig(AppConfig):
    """工作方案."""

    name = "yangguang.oversight.plans"
    label = "plans"
    verbose_name = "工作方案"

    def ready(self) -> None:
        """登记任务台账这种信息，和落实数据的算法。"""
        from yangguang.hub.publications import data, kinds

        from .publications import TaskLedger
        from .selectors import figures_of
        from .unit_page import shares_of

        kinds.register(TaskLedger())
        data.register_data("plan", figures_of)
        data.register_data("plan-unit", shares_of)
