"""浏览器自报的身份写成人话：纯规则，不碰数据库、时钟和配置。"""

SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("OpenHarmony", "鸿蒙"), ("Android", "安卓"), ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"), ("Kylin", "麒麟"), ("UOS", "统信"), ("Windows", "视窗"),
    ("Macintosh", "苹果电脑"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("360SE", "360 浏览器"), ("360EE", "360 浏览器"),
    ("QIHU", "360 浏览器"), ("QAXBrowser", "奇安信浏览器"), ("QQBrowser", "QQ 浏览器"),
    ("Edg", "Edge 浏览器"), ("Firefox", "火狐浏览器"), ("Chrome", "谷歌内核的浏览器"),
    ("Safari", "Safari 浏览器"),
)  # fmt: skip
"""先后有讲究：后面的几种，前面的也会自称。"""


def device(agent: str) -> str:
    """什么系统上的什么浏览器；认不出的如实说。"""
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    if not system and not browser:
        return "认不出的程序"
    return f"{system}，{browser}" if system and browser else system or browser
