"""收一份文件的表单：上传文件，或者贴文字，读出来的文字交给各自的收文服务。"""

from typing import Any, ClassVar

from django import forms

from yangguang.foundation.files.extraction import Unreadable, read_text

from .forms import RecordForm


class IntakeForm(RecordForm):
    """上传文件或贴全文，二选一；收下后文字在 ``cleaned_data["text"]``。

    ``cleaned_data["unread"]`` 是不进正文的文字（文件名、页眉页脚），密级标志可能就在那里。
    """

    noun: ClassVar[str]
    """收的是什么，例如“公文”。"""
    file_help: ClassVar[str]
    text_help: ClassVar[str] = ""

    file = forms.FileField(
        required=False, widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf"})
    )
    text = forms.CharField(
        label="或者贴上全文", required=False, widget=forms.Textarea(attrs={"rows": 14})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = f"{self.noun}文件"
        self.fields["file"].help_text = self.file_help
        self.fields["text"].help_text = self.text_help

    def clean(self) -> dict[str, Any]:
        """文件和文字二选一；文件要读得出文字。"""
        values = super().clean()
        upload, text = values.get("file"), (values.get("text") or "").strip()
        values["unread"] = ""
        if upload and text:
            self.add_error(None, "上传文件和贴文字只要一样，请去掉一样。")
        elif upload:
            try:
                read = read_text(upload.read())
            except Unreadable as unreadable:
                self.add_error("file", unreadable.reason)
            else:
                values["text"] = read.text
                values["unread"] = "\n".join((upload.name, *read.margins))
        elif not text and "file" not in self.errors:
            self.add_error("file", "请选一个文件，或者在下面贴上全文。")
        return values
