"""用印：电子印章服务的接口，和演示用的图样。纯函数。

贴在 PDF 上的图样不是合法的电子印章（GB/T 38540）；真正的印章服务是这个接口的另一种实现，由配置选定。演示的图样一律
带“演示”的水印。
"""

import math
from html import escape
from typing import Protocol

RED = "#d7000f"
RADIUS = 92
ARC = 250
"""机关名称沿上半圈排开多少度，至多。"""


class Seal(Protocol):
    """用印。``is_lawful`` 是合法的电子印章。"""

    is_lawful: bool

    def picture(self, organisation: str) -> str:
        """盖在落款上的图样（SVG）；由服务自己加盖的为空。"""
        ...

    def sealed(self, content: bytes, organisation: str) -> bytes:
        """用印以后的 PDF。"""
        ...


class DemonstrationSeal:
    """演示的印章：红色圆章，机关名称，水印“演示”；不签名。"""

    is_lawful = False

    def picture(self, organisation: str) -> str:
        """图样。"""
        step = min(ARC / max(len(organisation) - 1, 1), 34)
        first = -step * (len(organisation) - 1) / 2
        size = min(24.0, step * math.pi / 180 * (RADIUS - 20) * 0.95)
        around = "".join(
            f'<g transform="rotate({first + step * place:.2f})">'
            f'<text x="0" y="{-(RADIUS - 28)}" font-size="{size:.1f}" text-anchor="middle">'
            f"{escape(character)}</text></g>"
            for place, character in enumerate(organisation)
        )
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200" width="100%" '
            f'height="100%" fill="{RED}" font-family="Noto Serif CJK SC, serif" opacity="0.8">'
            f'<circle r="{RADIUS}" fill="none" stroke="{RED}" stroke-width="5"/>'
            f'<polygon points="{_star(24)}" opacity="0.45"/>{around}'
            '<text x="0" y="68" font-size="36" font-weight="bold" letter-spacing="8" '
            'text-anchor="middle">演示</text></svg>'
        )

    def sealed(self, content: bytes, organisation: str) -> bytes:
        """图样已经排在上面，不另加盖。"""
        return content


def _star(radius: float) -> str:
    """五角星的十个角。"""
    points = []
    for number in range(10):
        length = radius if number % 2 == 0 else radius * 0.382
        angle = math.radians(36 * number - 90)
        points.append(f"{length * math.cos(angle):.2f},{length * math.sin(angle):.2f}")
    return " ".join(points)
