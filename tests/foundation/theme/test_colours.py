"""站点的主色：亮色、暗色页面上都看得清，看不清的不收。"""

import colorsys
import re

import pytest

from yangguang.foundation.theme import colours
from yangguang.foundation.theme.assets import SOURCE, stylesheet
from yangguang.foundation.theme.colours import (
    ACCENT,
    READABLE,
    accent_faults,
    contrast,
    dark_accent,
)

TOKENS = (SOURCE / "tokens.css").read_text("utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")


def token(text: str, name: str) -> str:
    found = re.search(rf"--{name}: (#[0-9a-f]+);", text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [("#000", "#fff", 21.0), ("#fff", "#fff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_wcag_whatever_the_order(one: str, other: str, told: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(told, abs=0.005)


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    assert (colours.PAPER, colours.WASH, colours.ON_ACCENT) == tuple(
        token(LIGHT, name) for name in ("paper", "wash", "accent-ink")
    )
    assert (colours.DARK_PAPER, colours.DARK_WASH, colours.DARK_ON_ACCENT) == tuple(
        token(DARK, name) for name in ("paper", "wash", "accent-ink")
    )
    assert token(LIGHT, "accent") == ACCENT.lower()
    for ground in (colours.DARK_PAPER, colours.DARK_WASH, colours.DARK_ON_ACCENT):
        assert contrast(token(DARK, "accent"), ground) >= READABLE


def test_every_accent_that_is_taken_can_be_read_light_and_dark() -> None:
    taken = 0
    for hue in range(0, 360, 40):
        for light in range(5, 100, 5):
            parts = colorsys.hls_to_rgb(hue / 360, light / 100, 0.8)
            accent = "#" + "".join(f"{round(255 * part):02x}" for part in parts)
            dark = dark_accent(accent)
            grounds = (colours.DARK_PAPER, colours.DARK_WASH, colours.DARK_ON_ACCENT)
            assert min(contrast(dark, ground) for ground in grounds) >= READABLE
            clear = min(contrast(accent, ground) for ground in ("#fff", colours.WASH)) >= READABLE
            assert (accent_faults(accent) == []) is clear
            taken += clear
    assert taken > 40


@pytest.mark.parametrize("accent", ["red", "#12345", "", "#a61b1b; }", "#ggg"])
def test_what_is_no_colour_is_told_and_never_reaches_a_style_sheet(accent: str) -> None:
    (told,) = accent_faults(accent)
    assert "十六进制" in told


def test_a_site_of_its_own_colour_has_one_style_sheet_of_its_own() -> None:
    plain, own = stylesheet(), stylesheet("#0b6e4f")
    assert own.name != plain.name and own.content.startswith(plain.content)
    added = own.content.removeprefix(plain.content).decode()
    assert "--accent: #0b6e4f;" in added and f"--accent: {dark_accent('#0b6e4f')};" in added
    assert stylesheet("#A61B1B") == plain == stylesheet("#a61b1b")
