"""站点的主色：在亮色、暗色页面上都看得清才能用。纯函数。

``tokens.css`` 里的底色在这里各写了一遍，测试核对两处一致。
"""

import re

ACCENT = "#A61B1B"
"""不另定主色的站点用它，暗色的一半在 ``tokens.css`` 里。"""

READABLE = 4.5
"""文字与底色的对比度下限（WCAG 2.1，1.4.3）。"""

PAPER, WASH, ON_ACCENT = "#fff", "#f6f4f0", "#fff"
DARK_PAPER, DARK_WASH, DARK_ON_ACCENT = "#15181c", "#1e2227", "#1b1f24"

STEPS = 100
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

Rgb = tuple[int, int, int]


def contrast(one: str, other: str) -> float:
    """两色的对比度，1 至 21。"""
    low, high = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (high + 0.05) / (low + 0.05)


def dark_accent(accent: str) -> str:
    """暗色页面上的主色：同一色相逐步调亮，到在暗底上看得清为止。"""
    rgb = _rgb(accent)
    for step in range(STEPS + 1):
        red, green, blue = (round(part + (255 - part) * step / STEPS) for part in rgb)
        lighter = f"#{red:02x}{green:02x}{blue:02x}"
        if _least(lighter, DARK_PAPER, DARK_WASH, DARK_ON_ACCENT) >= READABLE:
            break
    return lighter


def accent_faults(accent: str) -> list[str]:
    """主色不能用的缘由，每条一句；能用为空。暗色的由 ``dark_accent`` 得出，总看得清。"""
    if not _COLOUR.fullmatch(accent):
        return [f"主色“{accent}”应写成 # 加 6 位十六进制数字，如 {ACCENT}。"]
    return [
        f"主色 {accent} 与{where}的对比度是 {found:.2f}，不到 {READABLE}，看不清，请选深一些的。"
        for where, against in (("白底", PAPER), ("浅底", WASH), ("按钮上的白字", ON_ACCENT))
        if (found := contrast(accent, against)) < READABLE
    ]


def _least(colour: str, *against: str) -> float:
    return min(contrast(colour, other) for other in against)


def _rgb(colour: str) -> Rgb:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
