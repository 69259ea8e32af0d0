from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """信息资源库."""

    name = "yangguang.hub.publications"
    label = "publications"
    verbose_name = "信息资源库"

    def ready(self) -> None:
        """登记变更日志这条链（一行变更连同它那一版的摘要一起封印），和“要求转发”这类通知。"""
        from yangguang.foundation.audit.sealing import register_chain
        from yangguang.foundation.notify.wording import declare_subject

        from .ordering import SUBJECT
        from .selectors import CHANGES

        register_chain(CHANGES)
        declare_subject(SUBJECT, "要求转发")
