"""清单：一个目录一份，一层层合到签了名的根；改一个字节、换一份旧的、自己另造一套，都看得出来。"""

import io
import json
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as house
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.outlets.website.conftest import TODAY, Desk, number_from
from tests.outlets.website.test_serving import ask
from yangguang.foundation.signing import (
    create_key,
    fingerprint,
    private_key,
    public_key,
    public_pem,
)
from yangguang.hub.publications.models import PublicationFile
from yangguang.hub.publications.naming import named_publication
from yangguang.hub.publications.selectors import path_of, published
from yangguang.outlets.website import manifest
from yangguang.outlets.website.manifest import KEY_NAME, NAME, grow, read
from yangguang.outlets.website.manifests import Manifests, key_warnings, note, standing_on
from yangguang.outlets.website.models import Manifest
from yangguang.outlets.website.patrol import patrol
from yangguang.outlets.website.projector import catch_up
from yangguang.outlets.website.rules import verify_path
from yangguang.outlets.website.sealed_tree import check_tree
from yangguang.outlets.website.serving import SiteServer
from yangguang.outlets.website.verification import verify_site
from yangguang.outlets.website.writer import Tree


def tree(desk: Desk) -> Path:
    return desk.root / desk.site.code


def own_key() -> Ed25519PrivateKey:
    return private_key(Path(house.SITE_KEY))


def check(root: Path) -> tuple[str, ...]:
    """只凭树和公钥。"""
    return check_tree(root, own_key().public_key()).broken


def manifests(desk: Desk) -> dict[str, bytes]:
    return {name: data for name, data in desk.files().items() if name.endswith(NAME)}


def run(*arguments: str) -> tuple[int, Any]:
    out = io.StringIO()
    try:
        call_command("verify_site", *arguments, "--json", stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.fixture
def baked(desk: Desk) -> Desk:
    desk.publish("一份文件", files=(desk.store(b"a,b\n1,2\n", "表.csv"),))
    desk.follow()
    return desk


def test_every_folder_has_one_manifest_that_names_all_that_is_in_it(baked: Desk) -> None:
    files = baked.files()
    folders = {name.rpartition("/")[0] for name in files}
    assert {name.rpartition("/")[0] for name in manifests(baked)} >= folders
    listed = {
        f"{folder}{name}".lstrip("/"): entry
        for path, data in manifests(baked).items()
        for folder in [f"/{path.removesuffix(NAME)}"]
        for name, entry in read(data, folder).files.items()
    }
    twins = {name for name in files if name.endswith((".gz", ".br"))}
    assert set(listed) == set(files) - set(manifests(baked)) - twins
    assert all(manifest.entry_of(files[name]) == entry for name, entry in listed.items())
    assert check(tree(baked)) == () and verify_site().broken == ()


def test_the_root_tells_how_far_the_log_was_followed_and_whose_key_signed_it(baked: Desk) -> None:
    body = json.loads(baked.page(NAME))
    assert (body["site"], body["sequence"], body["as_of"]) == ("donghe", 1, TODAY.isoformat())
    assert body["key"] == fingerprint(own_key())
    pem = baked.page(KEY_NAME).encode()
    assert fingerprint(public_key(pem)) == body["key"]
    # 谁都可以这样自己验
    signature = bytes.fromhex(body.pop("signature"))
    told = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    public_key(pem).verify(signature, told)


def test_publishing_rewrites_one_path_of_manifests_and_leaves_the_others(baked: Desk) -> None:
    before = {path: (tree(baked) / path).stat().st_ino for path in manifests(baked)}
    publication = baked.publish("另一份", columns=("notices",))
    baked.follow()
    after = {path: (tree(baked) / path).stat().st_ino for path in manifests(baked)}
    changed = {path for path, inode in after.items() if before.get(path) != inode}
    assert "columns/plans/manifest.json" in set(after) - changed
    assert "files/manifest.json" in set(after) - changed
    own = path_of(publication).lstrip("/").rpartition("/")[0]
    for folder in (f"{own}/", "note/", "columns/notices/", "columns/", "verify/", ""):
        assert folder + NAME in changed
    assert check(tree(baked)) == ()


def test_the_ten_millionth_item_is_baked_sealed_served_and_watched_like_the_first(
    baked: Desk, tmp_path: Path, settings: Any
) -> None:
    settings.PATROL_ROOT = tmp_path / "patrol"
    number_from(9_999_999)
    publication = baked.publish("千万", files=(baked.store(b"c,d\n", "表.csv"),))
    baked.follow()
    page = path_of(publication)
    assert page == "/note/9/99/99/9999999.html"
    assert named_publication(f"https://www.donghe.example{page}", published()) == publication
    attached = PublicationFile.objects.get(publication=publication, role="attachment").path
    server = SiteServer(baked.root)
    for path in (page, attached, verify_path(publication.pk), "/sitemaps/99/9999.xml"):
        assert ask(server, path)[0] == "200", path
    assert "/sitemaps/99/9999.xml" in baked.page("sitemap.xml")
    assert check(tree(baked)) == () and verify_site().broken == ()
    patrol()
    (tree(baked) / page.lstrip("/")).write_text("冒充")
    assert [row.path for each in patrol() for row in each.found] == [page.lstrip("/")]
    assert verify_site().broken == ()


def test_following_with_nothing_new_writes_no_manifest(
    baked: Desk, django_assert_num_queries: Any
) -> None:
    before = (tree(baked) / NAME).stat().st_ino
    baked.follow()
    assert (tree(baked) / NAME).stat().st_ino == before
    with django_assert_num_queries(2):
        Manifests({baked.site: Tree(tree(baked))}, TODAY).write()


def test_a_change_that_touches_no_page_and_a_new_day_are_signed_anew(baked: Desk) -> None:
    baked.refresh("figure:nowhere")
    baked.follow()
    assert json.loads(baked.page(NAME))["sequence"] == 2
    baked.follow(TODAY + timedelta(days=1))
    assert json.loads(baked.page(NAME))["as_of"] == "2026-06-02"
    assert check(tree(baked)) == () and verify_site().broken == ()


def test_the_books_grown_step_by_step_are_those_grown_afresh(desk: Desk, tmp_path: Path) -> None:
    chance = random.Random(5)
    names = [
        "/".join([*(f"d{chance.randint(0, 2)}" for _ in range(depth)), f"p{number}.html"])
        for number in range(30)
        for depth in [chance.randint(0, 4)]
    ]
    pen = Manifests({desk.site: Tree(tmp_path / "t", durable=False)}, TODAY)
    Manifest.objects.create(site=desk.site, folder="/")
    alive: dict[str, tuple[str, int]] = {}
    for _ in range(25):
        changed = {
            name: (f"{chance.getrandbits(256):064x}", chance.randint(1, 9))
            if chance.random() < 0.6
            else None
            for name in chance.sample(names, chance.randint(1, 6))
        }
        alive = {k: v for k, v in {**alive, **changed}.items() if v is not None}
        with transaction.atomic():
            note(desk.site, changed)
        if chance.random() < 0.7:
            pen.write()
    pen.write()
    pem = public_pem(own_key())
    grown = grow({**alive, KEY_NAME: manifest.entry_of(pem)})
    kept = {
        "/" + str(path.parent.relative_to(tmp_path / "t")) + "/": path.read_bytes()
        for path in (tmp_path / "t").rglob(NAME)
        if path.parent != tmp_path / "t"
    }
    assert kept == grown.contents
    top = read((tmp_path / "t" / NAME).read_bytes(), "/")
    assert (top.files, top.folders) == (grown.root_files, grown.root_folders)
    assert not Manifest.objects.filter(dirty=True).exists()


def _byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


HARMS: dict[str, tuple[Callable[[Path], object], str]] = {
    "page": (lambda root: _byte(root / "index.html"), "/index.html 与记录的摘要不符"),
    "twin": (lambda root: _byte(root / "index.html.br"), "/index.html.br 不是这一页的副本"),
    "no twin": (lambda root: (root / "index.html.gz").unlink(), "/index.html.gz 不见了"),
    "attachment": (lambda root: _byte(next(root.glob("files/*/*/*.csv"))), "/files/0/"),
    "gone": (lambda root: (root / "feed.xml").unlink(), "/feed.xml 不见了"),
    "folder gone": (lambda root: shutil.rmtree(root / "verify"), "/verify/manifest.json 不见了"),
    "added": (lambda root: (root / "columns" / "x.html").write_text("冒充"), "来历不明"),
    "hidden": (lambda root: (root / "columns" / ".x.html").write_text("冒充"), "来历不明"),
    "folder": (
        lambda root: ((root / "new").mkdir(), (root / "new" / "index.html").write_text("x")),
        "来历不明",
    ),
    "twin alone": (lambda root: (root / "columns" / "x.html.gz").write_text("x"), "来历不明"),
    "link": (
        lambda root: ((root / "feed.xml").unlink(), (root / "feed.xml").symlink_to("/etc/hosts")),
        "/feed.xml 不见了",
    ),
    "manifest": (lambda root: _byte(root / "columns" / NAME), "/columns/manifest.json"),
    "manifest's twin": (lambda root: (root / f"{NAME}.gz").write_text("x"), "来历不明"),
    "root": (lambda root: _byte(root / NAME), "/manifest.json"),
    "key": (lambda root: _byte(root / KEY_NAME), "/manifest-key.pem"),
    "signature": (
        lambda root: (root / NAME).write_text(
            (root / NAME).read_text().replace('"signature":"', '"signature":"00')
        ),
        "签名",
    ),
    "no signature": (
        lambda root: (root / NAME).write_text(
            json.dumps(json.loads((root / NAME).read_text()) | {"signature": ""})
        ),
        "没有签名",
    ),
}


@pytest.mark.parametrize("harm", HARMS)
def test_whatever_is_done_to_the_tree_is_found_with_and_without_the_books(
    baked: Desk, harm: str
) -> None:
    deed, told = HARMS[harm]
    deed(tree(baked))
    assert any(told in fault for fault in check(tree(baked))), check(tree(baked))
    assert any(told.removeprefix("/") in fault for fault in verify_site().broken) or (
        "folder" in harm and verify_site().broken
    )


def test_who_makes_a_whole_set_of_manifests_himself_cannot_sign_it(baked: Desk) -> None:
    root = tree(baked)
    (root / "index.html").write_text("冒充的首页")
    for suffix in (".gz", ".br"):
        (root / f"index.html{suffix}").unlink()
    other = Ed25519PrivateKey.generate()
    body = json.loads((root / NAME).read_text())
    digest, size = manifest.entry_of((root / "index.html").read_bytes())
    body["files"]["index.html"] = {"sha256": digest, "size": size}
    del body["signature"]
    (root / NAME).write_bytes(manifest.root_content(body, other.sign(manifest.canonical(body))))
    assert f"/{NAME} 的签名不符。" in check(root)
    body["key"] = fingerprint(other)
    (root / NAME).write_bytes(manifest.root_content(body, other.sign(manifest.canonical(body))))
    assert f"/{NAME} 不是这把钥匙签的名。" in check(root)


def test_an_old_tree_put_back_with_its_own_signature_is_found(baked: Desk, tmp_path: Path) -> None:
    shutil.copytree(tree(baked), tmp_path / "old")
    baked.publish("后来的一份")
    baked.follow()
    shutil.rmtree(tree(baked))
    shutil.copytree(tmp_path / "old", tree(baked))
    assert check(tree(baked)) == (), "单看它自己，样样相符"
    broken = check_tree(tree(baked), own_key().public_key(), at_least=2).broken
    assert broken == ("这棵树只落实到变更日志的第 1 号，应不早于第 2 号：是旧的树。",)
    assert any(f"/{NAME} 与记录不符" in fault for fault in verify_site().broken)


def test_a_manifest_changed_on_disk_is_never_signed(baked: Desk) -> None:
    path = tree(baked) / "columns" / "notices" / NAME
    body = json.loads(path.read_text())
    body["files"]["evil.html"] = {"sha256": "0" * 64, "size": 1}
    path.write_bytes(manifest.canonical(body) + b"\n")
    baked.publish("另一份", columns=("notices",))
    baked.follow()
    assert "evil" not in path.read_text()
    assert check(tree(baked)) == ()


def test_without_a_key_pages_are_baked_and_the_lack_of_it_is_told(
    desk: Desk, tmp_path: Path, settings: Any
) -> None:
    settings.SITE_KEY = tmp_path / "keys" / "key.pem"
    publication = desk.publish()
    desk.follow()
    assert path_of(publication).lstrip("/") in desk.files() and KEY_NAME not in desk.files()
    assert any("没有签名" in fault for fault in verify_site().broken)
    assert "site_key create" in key_warnings()[0]
    create_key(settings.SITE_KEY)
    assert key_warnings() == []
    catch_up(TODAY)
    assert verify_site().broken == () and check(tree(desk)) == ()
    settings.SITE_KEY.chmod(0o640)
    assert "chmod 600" in key_warnings()[0]
    settings.SITE_KEY.write_text("坏了")
    settings.SITE_KEY.chmod(0o600)
    assert "从备份恢复" in key_warnings()[0]


def test_another_key_signs_everything_anew(baked: Desk, tmp_path: Path, settings: Any) -> None:
    settings.SITE_KEY = tmp_path / "keys" / "key.pem"
    create_key(settings.SITE_KEY)
    baked.follow()
    assert check(tree(baked)) == () and verify_site().broken == ()


def test_a_tree_from_before_there_were_manifests_gets_them(baked: Desk) -> None:
    before = baked.files()
    Manifest.objects.all().delete()
    for path in tree(baked).rglob(NAME):
        path.unlink()
    baked.follow()
    assert baked.files() == before


def test_books_that_went_wrong_are_recounted_when_all_is_baked_anew(baked: Desk) -> None:
    row = Manifest.objects.get(folder="/columns/files/")
    row.files["nowhere.html"] = ["0" * 64, 1]
    row.dirty = True
    row.save()
    baked.follow()
    assert any("/columns/files/manifest.json" in fault for fault in verify_site().broken)
    catch_up(TODAY, anew=True)
    assert verify_site().broken == ()


def test_a_long_bake_writes_the_manifests_now_and_then(baked: Desk) -> None:
    pen = Manifests({baked.site: Tree(tree(baked))}, TODAY)
    with transaction.atomic():
        note(baked.site, {"index.html": ("1" * 64, 1)})
    pen.now_and_then()
    assert Manifest.objects.filter(dirty=True).exists()
    pen.written_at -= 3
    pen.now_and_then()
    assert not Manifest.objects.filter(dirty=True).exists()


def test_the_manifest_and_the_key_are_open_to_everybody(baked: Desk) -> None:
    server = SiteServer(baked.root)
    for path, kind in (
        (f"/{NAME}", "application/json"), (f"/columns/{NAME}", "application/json"),
        (f"/{KEY_NAME}", "text/plain"),
    ):  # fmt: skip
        status, headers, body = ask(server, path, accept_encoding="gzip, br")
        assert status == "200" and headers["Content-Type"].startswith(kind)
        assert body == baked.files()[path.lstrip("/")] and headers["Cache-Control"] == "no-cache"


# ---- 命令 ----


def test_the_tree_is_verified_by_command_without_a_database(
    baked: Desk, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    pem = tmp_path / "key.pem"
    pem.write_bytes(public_pem(own_key()))
    with django_assert_num_queries(0):
        for place in (tree(baked), baked.root):
            code, told = run("--tree", str(place), "--public-key", str(pem))
            assert (code, told["ok"], told["broken"]) == (0, True, [])
            assert told["checked"] > 50
            assert told["trees"] == [{"site": "donghe", "sequence": 1, "as_of": "2026-06-01"}]
        code, told = run(
            "--tree", str(baked.root), "--public-key", str(pem), "--at-least", "9"
        )  # fmt: skip
        assert code == 1 and "旧的树" in told["broken"][0]
        _byte(tree(baked) / "index.html")
        code, told = run("--tree", str(baked.root), "--public-key", str(pem))
        assert code == 1 and told["broken"][0] == "donghe：/index.html 与记录的摘要不符。"
    assert set(run()[1]) == {"ok", "checked", "broken"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--tree", "."], "须同时给出"),
        (["--public-key", "x"], "须同时给出"),
        (["--at-least", "3"], "只能与 --tree 同用"),
        (["--tree", "/nowhere", "--public-key", "/nowhere"], "读不了 /nowhere"),
        (["--tree", "/nowhere", "--public-key", __file__], "不是公钥"),
    ],
)
def test_what_cannot_be_verified_is_told_in_chinese(arguments: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("verify_site", *arguments)


def test_the_key_is_made_once_readable_by_its_owner_alone(tmp_path: Path, settings: Any) -> None:
    settings.SITE_KEY = tmp_path / "keys" / "key.pem"
    with pytest.raises(SystemExit):
        call_command("site_key", "show", stdout=io.StringIO())
    out = io.StringIO()
    call_command("site_key", "create", "--json", stdout=out)
    first = json.loads(out.getvalue())
    assert settings.SITE_KEY.stat().st_mode & 0o777 == 0o600
    assert fingerprint(public_key(first["public_key"].encode())) == first["fingerprint"]
    again = io.StringIO()
    call_command("site_key", "create", "--json", stdout=again)
    assert json.loads(again.getvalue()) == first


def test_the_standing_of_a_site_never_followed_is_nothing(db: None) -> None:
    assert standing_on(TODAY).sequence == 0
