"""二维码：与照标准逐个画的一模一样。"""

import io
from base64 import b64decode

import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from yangguang.hub.publications.rules import shelf
from yangguang.outlets.website.qr import MASK, modules, picture


def standard(address: str) -> list[list[bool]]:
    code = qrcode.QRCode(
        border=0, error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=MASK
    )
    code.add_data(qrcode.util.QRData(address.encode(), mode=qrcode.util.MODE_8BIT_BYTE), optimize=0)
    code.make(fit=True)
    return [[bool(dark) for dark in line] for line in code.get_matrix()]


@settings(max_examples=60)
@given(
    st.sampled_from(["www.linxia.gov.cn", "www.gsyongjing.gov.cn", "临夏.政务"]),
    st.integers(0, 10**9),
)
def test_a_code_is_what_the_standard_draws_module_by_module(host, number):
    address = f"https://{host}/document/{shelf(number)}/{number}.html"
    side, bits = modules(address)
    drawn = f"{bits:0{side * side}b}"
    assert [[c == "1" for c in drawn[r * side : (r + 1) * side]] for r in range(side)] == standard(
        address
    )


def test_the_picture_shows_the_same_modules_dark_on_light():
    address = "https://www.linxia.gov.cn/document/0/62.html"
    drawn = picture(address)
    image = Image.open(io.BytesIO(b64decode(drawn.removeprefix("data:image/png;base64,"))))
    expected = standard(address)
    side = len(expected)
    assert image.size == (side, side)
    seen = [[image.getpixel((x, y)) == 0 for x in range(side)] for y in range(side)]
    assert seen == expected
