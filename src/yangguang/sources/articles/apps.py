from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """稿件."""

    name = "yangguang.sources.articles"
    label = "articles"
    verbose_name = "稿件"

    def ready(self) -> None:
        """登记稿件这一种信息，怎样一键遮盖，怎样用到资料库。"""
        from yangguang.foundation.library import references
        from yangguang.hub.publications.kinds import register
        from yangguang.hub.screening.services import register_masking

        from .masking import ArticleMasking
        from .publications import ArticleKind
        from .selectors import used_in

        register(ArticleKind())
        register_masking(ArticleKind.code, ArticleMasking())
        references.register("articles.used", used_in)
