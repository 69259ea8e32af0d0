from django.apps import AppConfig


class LettersConfig(AppConfig):
    """答复文书."""

    name = "yangguang.dialogue.letters"
    label = "letters"
    verbose_name = "答复文书"

    def ready(self) -> None:
        """申请人的进度页上列给他的文书；答复书在审签的路上，判断就不能再改。"""
        from yangguang.dialogue.requests import holds
        from yangguang.dialogue.requests.panels import register_public

        from .public import links_of
        from .selectors import hold_decision

        register_public(links_of)
        holds.register(hold_decision)
