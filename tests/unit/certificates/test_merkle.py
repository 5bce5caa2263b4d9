"""The tree of a day, against the published values of Certificate Transparency."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.domain import merkle

# the leaves and roots with which implementations of RFC 6962 are tested
LEAVES = [
    bytes.fromhex(one)
    for one in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("count", "root"), ROOTS.items())
def test_roots_are_the_published_ones(count, root):
    assert merkle.root_of(LEAVES[:count]).hex() == root


@given(st.integers(1, 70), st.data())
def test_every_leaf_leads_to_the_root_and_no_other_does(count, data):
    leaves = [sha256(bytes([n])).digest() for n in range(count)]
    place = data.draw(st.integers(0, count - 1))
    path, root = merkle.path_of(place, leaves), merkle.root_of(leaves)
    assert merkle.root_by_path(leaves[place], place, count, path) == root
    assert merkle.root_by_path(b"another file", place, count, path) != root
    other = data.draw(st.integers(0, count))
    if other != place:
        assert merkle.root_by_path(leaves[place], other, count, path) != root
    for wrong in ([*path, root], path[:-1] if path else [root]):
        assert merkle.root_by_path(leaves[place], place, count, wrong) != root


def test_there_is_no_way_from_a_leaf_that_is_not_there():
    with pytest.raises(ValueError, match="no leaf 3"):
        merkle.path_of(3, LEAVES[:3])
