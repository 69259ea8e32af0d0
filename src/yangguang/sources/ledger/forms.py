"""发文台账的表单：登记一件，登记上网，导入清单，发起核对。"""

from typing import Any

from django import forms

from yangguang.foundation.accounts.selectors import organisations_within
from yangguang.foundation.files.extraction import Unreadable, read_text
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm, RecordForm
from yangguang.sources.documents.disclosure import DISCLOSURES

from .lists import FIELDS, MOST_ROWS, REQUIRED, Marked, NotAList, Reading, read_list

ADDRESS_HELP = "公众打开这份文件的网址，从浏览器的地址栏整个复制过来。核对时照它去看。"


class EntryForm(RecordForm):
    """一件别处印发的文件。"""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="制发机构", empty_label=None
    )
    document_number = forms.CharField(
        label="发文字号",
        required=False,
        max_length=60,
        help_text="如 临州办发〔2020〕81号；没有的空着。",
    )
    title = forms.CharField(label="标题", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    written_on = forms.DateField(
        label="成文日期", required=False, widget=date_input(),
        help_text="条例第二十六条自形成之日起算，填了才算得出。",
    )  # fmt: skip
    issued_on = forms.DateField(
        label="印发日期", widget=date_input(), help_text="上网期限自这一天起 20 个工作日。"
    )
    disclosure = forms.ChoiceField(
        label="公开属性", choices=list(DISCLOSURES.items()), widget=forms.RadioSelect
    )
    online_on = forms.DateField(label="上网日期", required=False, widget=date_input())
    address = forms.CharField(label="网址", required=False, max_length=500, help_text=ADDRESS_HELP)
    file = forms.FileField(
        label="印发的文件", required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf"}),
        help_text="从 txt、docx、pdf 里读出全文，核对时拿网上的与它比；文件本身不留。",
    )  # fmt: skip
    text = forms.CharField(
        label="印发的全文", required=False, widget=forms.Textarea(attrs={"rows": 10}),
        help_text="没有全文的，核对时只看标题和文号。",
    )  # fmt: skip

    unread = ""
    """不进全文、只查密级的文字：文件名、页眉页脚。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organisation"].queryset = organisations_within(self.actor)
        fields["organisation"].initial = self.actor.organisation_id
        if self.record is not None or not self.actor.includes_subtree:
            del self.fields["organisation"]

    def clean(self) -> dict[str, Any]:
        """文件里的全文读进“印发的全文”。"""
        values = super().clean()
        upload = values.get("file")
        if upload:
            try:
                read = read_text(upload.read())
            except Unreadable as unreadable:
                self.add_error("file", unreadable.reason)
            else:
                values["text"] = read.text
                self.unread = "\n".join((upload.name, *read.margins))
        return values

    def changes(self) -> dict[str, Any]:
        """填好的各项。"""
        return {
            name: self.cleaned_data[name]
            for name in ("document_number", "title", "written_on", "issued_on", "disclosure",
                         "online_on", "address", "text")
        }  # fmt: skip


class OnlineForm(ActionForm):
    """登记上网。"""

    online_on = forms.DateField(label="上网日期", widget=date_input())
    address = forms.CharField(label="网址", max_length=500, help_text=ADDRESS_HELP)

    field_order = ("online_on", "address", "message")

    @property
    def inputs(self) -> dict[str, Any]:
        """日期和网址。"""
        return {name: self.cleaned_data[name] for name in ("online_on", "address")}


class ImportForm(KeyedForm):
    """导入一份清单。"""

    file = forms.FileField(
        label="清单",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=(
            f"单位公文系统导出的 xlsx 或 csv，最多 {MOST_ROWS:,} 行，至少有"
            + "、".join(FIELDS[name][0] for name in REQUIRED)
            + "四栏。表头上面有大标题也行。"
        ),
    )

    reading: Reading | None = None
    """读出的；带密级标志的为空。"""

    def clean_file(self) -> Any:
        """读出各行；读不成的说明缘由。"""
        upload = self.cleaned_data["file"]
        try:
            self.reading = read_list(upload.read(), reading_day())
        except Marked:
            self.reading = None
        except NotAList as error:
            raise forms.ValidationError(str(error)) from error
        return upload


class CheckForm(KeyedForm):
    """发起一次核对：只有幂等键。"""
