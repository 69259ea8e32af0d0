"""资料库的规则：哪一类，替代文字、文件夹缺在哪里。"""

import pytest

from yangguang.foundation.library.rules import (
    DEEPEST,
    MOST_FOLDERS,
    alternative_faults,
    folder_faults,
    kind_of,
)


def test_the_kind_is_told_by_the_type_of_the_content() -> None:
    types = ["image/png", "video/mp4", "audio/mpeg", "application/pdf", "text/plain", "text/vtt"]
    assert [kind_of(each) for each in types] == [
        "picture", "video", "audio", "document", "document", "captions",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "  ", "图片", "photo", "IMG_2020.jpg", "IMG_2020"])
def test_a_picture_needs_words_that_say_what_it_shows(text: str) -> None:
    (told,) = alternative_faults("picture", text, "IMG_2020.jpg")
    assert "一句话写出来" in told
    assert alternative_faults("document", text, "IMG_2020.jpg") == []


def test_words_that_say_what_it_shows_will_do_even_if_the_file_is_called_so() -> None:
    assert alternative_faults("picture", "干部进村讲政策", "干部进村讲政策.jpg") == []


def test_folders_are_named_not_too_deep_and_not_too_many() -> None:
    assert folder_faults("防汛", DEEPEST, 0) == []
    assert len(folder_faults("", DEEPEST + 1, MOST_FOLDERS)) == 3
    assert "/" in folder_faults("a/b", 1, 0)[0]
