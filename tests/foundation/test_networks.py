"""来源地址与网段。"""

import pytest

from yangguang.foundation.networks import network_fault, within


def test_a_network_written_wrongly_is_told() -> None:
    assert "10.1.0.0/16" in network_fault("10.1.0.0/99")
    assert network_fault("10.1.0.0/16") == network_fault("::1") == ""


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.1.255.254", True),
        ("::ffff:10.1.2.3", True),
        ("2001:db8::1", True),
        ("10.2.0.1", False),
        ("2001:db9::1", False),
        ("", False),
        ("10.1.2.3, 8.8.8.8", False),
    ],
)
def test_an_address_is_inside_one_of_the_networks_or_it_is_not(address: str, inside: bool) -> None:
    assert within(address, ("10.1.0.0/16", "2001:db8::/32")) is inside
