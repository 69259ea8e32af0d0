from django.apps import AppConfig


class DemoConfig(AppConfig):
    """演示。"""

    name = "yangguang.demo"
    label = "demo"
    verbose_name = "演示"
