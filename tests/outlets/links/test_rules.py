"""站外链接的规则：从页面里找出哪些，哪些地址不能去连，什么算打不开。"""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.fetching.addresses import Target, is_public, target_of
from yangguang.outlets.links.rules import (
    fault_of,
    is_offline,
    links_in,
)

PAGE = """<header><a href="https://top.example/">页眉</a></header>
<main id="main" class="wrap">
<a href="/own/">站内</a><a class="x" href="https://a.example/路?q=1&amp;r=2#here">甲</a>
<a href="mailto:b@b.example">信</a><a href="https://a.example/%E8%B7%AF?q=1&r=2">同一处</a>
<a data-href="https://b.example/">不是链接</a>
</main><footer><a href="https://beian.example/">备案</a></footer>"""


def test_links_are_taken_from_the_text_once_each_and_from_the_frame_only_when_asked() -> None:
    own = ["https://a.example/%E8%B7%AF?q=1&r=2"]
    assert links_in(PAGE) == own
    assert links_in(PAGE, with_frame=True) == [
        "https://top.example/",
        *own,
        "https://beian.example/",
    ]
    assert links_in(f'<main><a href="https://a.example/{"长" * 200}">x</a></main>') == []


INNER = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.0.170", "::1", "::", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::", "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", INNER)
def test_what_is_not_on_the_public_network_is_never_connected_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["202.100.64.1", "8.8.8.8", "2400:3200::1", "::ffff:8.8.8.8"])
def test_what_is_on_the_public_network_may_be_asked(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_no_address_of_a_private_link_local_or_loopback_network_passes(
    address: IPv4Address | IPv6Address,
) -> None:
    if is_public(str(address)):
        address = getattr(address, "ipv4_mapped", None) or address
        assert address.is_global
        assert not (address.is_private or address.is_loopback or address.is_link_local)
        assert not (address.is_multicast or address.is_reserved)


@given(st.ip_addresses(v=4))
def test_an_address_dressed_up_as_another_is_judged_by_what_it_is(address: IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert not is_public(f"64:ff9b::{address}")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/", "file:///etc/passwd", "https://user:word@a.example/", "https://a.example:22/",
        "https://a.example:99999/", "https://[::1", "https:///nowhere", "https://a..example/", "",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_not_asked(url: str) -> None:
    assert target_of(url) is None


def test_an_address_is_taken_apart_with_its_name_and_path_in_ascii() -> None:
    assert target_of("https://临夏.政务/路?q=甲") == Target(
        "https", "xn--miq97x.xn--zfr164b", 443, "/%E8%B7%AF?q=%E7%94%B2"
    )
    assert target_of("http://a.example:8080") == Target("http", "a.example", 8080, "/")


@given(st.text(max_size=60))
def test_no_text_upsets_the_reading_of_an_address(text: str) -> None:
    target_of(text)
    target_of(f"https://{text}")
    links_in(f'<main><a href="https://{text}">x</a></main>')


@pytest.mark.parametrize(
    ("status", "fault"),
    [(200, ""), (204, ""), (401, ""), (403, ""), (429, ""), (404, "missing"), (410, "missing"),
     (500, "server"), (503, "server")],
)  # fmt: skip
def test_who_answers_but_not_to_a_machine_is_not_called_dead(status: int, fault: str) -> None:
    assert fault_of(status) == fault


def test_only_several_hosts_all_out_of_reach_mean_that_the_fault_is_ours() -> None:
    out = [("a", "slow"), ("b", "unknown_host"), ("c", "unreachable")]
    assert is_offline(out)
    assert not is_offline(out[:2]), "太少，说不准"
    assert not is_offline([*out, ("d", "")]) and not is_offline([*out, ("d", "missing")])
    assert not is_offline([("a", "slow")] * 9), "一个网站坏了，不是我们的事"
