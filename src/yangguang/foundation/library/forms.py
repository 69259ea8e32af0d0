"""资料库的表单：上传、修改、换内容、文件夹。"""

from collections.abc import Collection
from typing import Any

from django import forms
from django.urls import reverse

from yangguang.foundation.files.models import PartialUpload
from yangguang.foundation.files.rules import GIGABYTE, MAX_VIDEO_BYTES, MEGABYTE, SEGMENT
from yangguang.foundation.files.uploads import unfinished
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm

from .models import Folder
from .selectors import folder_tree

FILE_HELP = (
    "图片（JPG、PNG、WebP）、视频（MP4）、字幕（vtt、srt）、docx、xlsx、pdf、ofd、txt。"
    "图片的拍摄时间、地点、设备上网前会去掉。"
)
ALTERNATIVE_HELP = "一句话写出图上是什么，给看不见图片的人听，例如“干部在村口向群众讲解政策”。"
ALTERNATIVE_NOTE = "图片必填"


CAPTIONS_HELP = "vtt 或 srt，收下时都写成标准的 vtt：只留时间和文字。"

PIECEWISE_FROM = 20 * MEGABYTE
"""这么大的视频起，有脚本的就分段传，字节。"""
PIECEWISE_HELP = (
    f"{PIECEWISE_FROM // MEGABYTE} MB 以上的视频选好就分段传，最大 {MAX_VIDEO_BYTES // GIGABYTE} GB："
    "断了网、关了浏览器都不要紧，再来选同一个文件，接着传。"
)


class ContentForm(KeyedForm):
    """交一份内容的表单：随表单交的 ``file``，或者已经分段传完的 ``uploaded``（代号）。

    分段传的由脚本填好代号和总摘要；没有脚本的，照平常的办法交文件。
    """

    never_kept = frozenset({"uploaded", "uploaded_digest"})

    uploaded = forms.UUIDField(widget=forms.HiddenInput, required=False)
    uploaded_digest = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["file"].widget.attrs |= {
            "data-uploads": reverse("workbench:library-uploads"),
            "data-segment": SEGMENT,
            "data-least": PIECEWISE_FROM,
        }
        # 缺不缺文件，连同分段传完的一起看
        fields["file"].required = False
        fields["file"].widget.is_required = False
        fields["file"].note = "必填"
        self.upload: PartialUpload | None = None

    def clean(self) -> dict[str, Any]:
        """文件和分段传完的，必有其一。"""
        values: dict[str, Any] = super().clean() or {}
        token = values.get("uploaded")
        if token and not values.get("file"):
            self.upload = unfinished(self.actor).filter(token=token).first()
        if self.upload is None and not values.get("file") and "file" not in self.errors:
            self.add_error(
                "file", "分段传的那一份不在了，请重新选文件。" if token else "请选一个文件。"
            )
        return values

    @property
    def digest(self) -> str:
        """分段传的，浏览器算的总摘要。"""
        return str(self.cleaned_data["uploaded_digest"])


class FolderField(forms.ModelChoiceField):
    """选一个文件夹，写出从最上层起的路径。"""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Folder.objects.none(), required=False, empty_label="（不放进文件夹）", **kwargs
        )

    def offer(self, organisation: int) -> None:
        """可选的是 ``organisation`` 的各个文件夹。一次查询。"""
        lines = folder_tree(organisation)
        self.queryset = Folder.objects.filter(organisation=organisation)
        self.choices = [("", self.empty_label), *((line.folder.pk, line.path) for line in lines)]


class DetailsForm(RecordForm):
    """修改一份资料的名称、说明和文件夹。"""

    name = forms.CharField(label="名称", max_length=120)
    alternative = forms.CharField(
        label="替代文字",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=ALTERNATIVE_HELP,
    )
    caption = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    credit = forms.CharField(
        label="来源",
        max_length=120,
        required=False,
        help_text="作者、供稿单位，例如“永靖县融媒体中心”。",
    )
    folder = FolderField(label="文件夹")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        owner = self.record.organisation_id if self.record else self.actor.organisation_id
        fields["folder"].offer(owner)
        fields["alternative"].note = ALTERNATIVE_NOTE
        if self.record is not None and self.record.kind != "picture":
            del self.fields["alternative"]

    def details(self) -> dict[str, Any]:
        """填的各项。"""
        own = ("key", "seen", "file", "uploaded", "uploaded_digest")
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


class UploadForm(ContentForm, DetailsForm):
    """上传一份资料。"""

    field_order = ("file", "alternative", "name", "caption", "credit", "folder")

    file = forms.FileField(label="文件", help_text=FILE_HELP + PIECEWISE_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].help_text = "不填就用文件名。"


class QuickUploadForm(ContentForm):
    """在选的地方当场传一份。"""

    file = forms.FileField(label="文件")
    alternative = forms.CharField(
        label="替代文字", max_length=200, required=False, help_text=ALTERNATIVE_HELP
    )

    def __init__(self, *args: Any, kinds: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["alternative"].note = ALTERNATIVE_NOTE
        if kinds and "picture" not in kinds:
            fields["alternative"].widget = forms.HiddenInput()
        if "video" in kinds:
            fields["file"].help_text = PIECEWISE_HELP
        if tuple(kinds) == ("captions",):
            fields["file"].widget.attrs["accept"] = ".vtt,.srt"
            fields["file"].help_text = CAPTIONS_HELP
        if tuple(kinds) == ("picture",):
            fields["file"].widget.attrs["accept"] = "image/jpeg,image/png,image/webp"


class ReplaceForm(ContentForm):
    """换成新的内容。"""

    file = forms.FileField(label="新的文件", help_text="只能换成同一类的。原来的一份留着。")
    note = forms.CharField(
        label="换了什么", max_length=300, help_text="例如“换成正式印发的版本”，记在各份的经过里。"
    )


class FolderForm(KeyedForm):
    """建一个文件夹，或者改名。``folder`` 为空是新建。"""

    name = forms.CharField(label="名称", max_length=40)
    parent = FolderField(label="上一层")

    def __init__(self, *args: Any, folder: Folder | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if folder is None:
            fields["parent"].offer(self.actor.organisation_id)
            fields["parent"].choices = [("", "（最上层）"), *list(fields["parent"].choices)[1:]]
        else:
            del self.fields["parent"]
            fields["name"].initial = folder.name
