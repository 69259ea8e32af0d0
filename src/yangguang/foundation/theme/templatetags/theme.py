"""工作台（Django 模板）引用与公开页面同一份样式。"""

from django import template

from yangguang.foundation.theme import assets, chrome, formats, phrases
from yangguang.foundation.theme.colours import ACCENT

register = template.Library()
register.filter("phrase", lambda value: phrases.phrase(str(value)))
register.filter("iso_date", formats.iso_date)
register.filter("cn_date", formats.cn_date)
register.filter("minute", formats.minute)
register.filter("iso_moment", formats.iso_moment)
register.filter("file_size", formats.file_size)
register.filter("media_label", formats.media_label)


@register.simple_tag
def theme_stylesheet() -> str:
    """公开页面那份样式的地址。"""
    return assets.stylesheet().path


@register.simple_tag
def theme_icon() -> str:
    """工作台在浏览器标签上的小图标。"""
    return chrome.icon(ACCENT, "阳")


@register.simple_tag
def theme_script() -> str:
    """公开页面那份脚本的地址。"""
    return assets.script().path
