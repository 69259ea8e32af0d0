from django.apps import AppConfig


class BlocksConfig(AppConfig):
    """页面的编排."""

    name = "yangguang.outlets.blocks"
    label = "blocks"
    verbose_name = "页面的编排"

    def ready(self) -> None:
        """登记首页和专题页怎样编排、紧急提示从哪里来，图片库怎样用到资料，专题迁走时编排怎样跟着走。"""
        from yangguang.foundation.library import references
        from yangguang.hub.topics.moving import register_follower
        from yangguang.outlets.website.arrangement import register_arranger

        from .arranging import BlockArranger
        from .moving import follow_topic
        from .selectors import pictured_on

        register_arranger(BlockArranger())
        references.register("blocks.pictures", pictured_on)
        register_follower(follow_topic)
