"""提醒设置的表单。"""

from collections.abc import Mapping
from typing import Any

from django import forms

from .rules import KINDS, PACES, Quiet

TIME = {"type": "time"}


class SettingsForm(forms.Form):
    """各类通知走各条渠道怎样提醒；什么时候不打扰。"""

    since = forms.TimeField(label="从", widget=forms.TimeInput(TIME, "%H:%M"))
    until = forms.TimeField(
        label="到", widget=forms.TimeInput(TIME, "%H:%M"),
        help_text="可以跨过半夜；两个填成一样，就是没有免打扰的时段。",
    )  # fmt: skip
    skips_rest_days = forms.BooleanField(label="休息日不打扰", required=False)

    def __init__(
        self, *args: Any, channels: Mapping[str, str], paces: Mapping[tuple[str, str], str],
        quiet: Quiet, **kwargs: Any,
    ) -> None:  # fmt: skip
        kwargs["initial"] = {
            "since": quiet.since, "until": quiet.until, "skips_rest_days": quiet.skips_rest_days,
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._pairs = {
            f"pace_{kind.code}_{channel}": (kind.code, channel)
            for kind in KINDS.values()
            if kind.outward
            for channel in channels
        }
        for name, (kind, channel) in self._pairs.items():
            self.fields[name] = forms.ChoiceField(
                label=channels[channel], choices=list(PACES.items()), initial=paces[kind, channel]
            )

    def kinds(self) -> list[tuple[str, list[forms.BoundField]]]:
        """逐类：名称，和各渠道的那一项。"""
        rows: dict[str, list[forms.BoundField]] = {}
        for name, (kind, _) in self._pairs.items():
            rows.setdefault(KINDS[kind].label, []).append(self[name])
        return list(rows.items())

    def paces(self) -> dict[tuple[str, str], str]:
        """选的怎样提醒。"""
        return {pair: self.cleaned_data[name] for name, pair in self._pairs.items()}

    def quiet(self) -> Quiet:
        """免打扰。"""
        values = self.cleaned_data
        return Quiet(values["since"], values["until"], values["skips_rest_days"])
