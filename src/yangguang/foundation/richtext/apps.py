from django.apps import AppConfig


class RichTextConfig(AppConfig):
    """正文."""

    name = "yangguang.foundation.richtext"
    label = "richtext"
    verbose_name = "正文"
