"""正文的填写项：编辑器交回的、文本框交回的，都是同样的块；粘贴的地址理干净再答。"""

import json
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.richtext import assets
from yangguang.foundation.richtext.fields import RichTextField
from yangguang.foundation.richtext.views import paste

ACTOR = Actor(1, "甲", 1, "drafter", 1, "0001", False)
BODY = [
    {"type": "paragraph", "style": "center", "text": "原来的"},
    {"type": "picture", "file": 7, "alt": "会场", "caption": ""},
]


class Form(forms.Form):
    body = RichTextField(label="正文")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].shelve(BODY, lambda block: '<img data-file="7" src="/p/7" alt="会场">')


def test_the_text_box_and_the_editor_hand_in_the_same_blocks() -> None:
    typed = Form({"body": "原来的\n［图片 7：会场］\n新的一段"})
    edited = Form(
        {
            "body-html": '<p class="center">原来的</p><figure><img data-file="7" src="/p/7" alt=" 会场 ">'
            "</figure><p>新的一段<script>x</script></p>"
        }
    )
    assert typed.is_valid() and edited.is_valid()
    assert typed.cleaned_data == edited.cleaned_data
    assert typed.cleaned_data["body"][:2] == BODY


def test_both_ways_of_writing_are_on_the_page_and_what_was_refused_is_kept() -> None:
    page = str(Form(initial={"body": BODY})["body"])
    assert "［图片 7：会场］" in page and "&lt;p class=&quot;center&quot;&gt;原来的" in page
    assert assets.script().path in page and "disabled" in page
    empty = Form({"body-html": "<p> </p>"})
    assert empty.errors == {"body": ["请写正文。"]}
    long = Form({"body-html": f"<p>{'字' * 200_001}</p>"})
    assert "200000 字的上限" in long.errors["body"][0]
    assert "字" * 200_001 in str(long["body"])


def test_a_picture_number_that_is_no_number_is_no_picture() -> None:
    with pytest.raises(ValidationError):
        Form().fields["body"].clean({"html": '<img data-file="７">'})


def test_the_script_asks_for_its_own_copy_of_tiptap_and_evaluates_nothing() -> None:
    script = assets.script().content.decode()
    assert f'from "./{assets.tiptap().name}"' in script
    whole = script + assets.tiptap().content.decode()
    assert not any(word in whole for word in ("new Function(", "eval(", "sourceMappingURL"))


def pasted(html: str) -> tuple[int, Any]:
    response = paste(RequestFactory().post("/workbench/paste/", {"html": html}), ACTOR)
    return response.status_code, json.loads(response.content)


def test_pasting_answers_clean_markup_with_what_was_left_behind() -> None:
    status, answer = pasted("<p style='color:red' onclick=x>甲<img src='file:///c:/x.png'></p>")
    assert (status, answer["html"]) == (200, "<p>甲</p>")
    assert answer["notices"] == [
        "有 1 张图片没有带过来：请把图片存下来，从“图片”上传后再插到文中。"
    ]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>机密★1年</p><p>甲</p>", "密级标志"),
        (f"<p>{'字' * 200_001}</p>", "上限"),
        ("<div>" * 300, "套得太深"),
    ],
)
def test_what_cannot_be_pasted_is_refused_with_its_reason(html: str, reason: str) -> None:
    status, answer = pasted(html)
    assert status == 422 and reason in answer["reason"] and "html" not in answer
