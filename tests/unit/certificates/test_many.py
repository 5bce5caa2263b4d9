"""Codes out of what people paste and hand in."""

import pytest

from lms.certificates.domain import new_code, shown_code
from lms.certificates.domain.many import SHOWN_MISTAKES, codes_in

ONE, TWO, THREE = (new_code(lambda size, n=n: bytes([n]) * size) for n in (1, 2, 3))


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{TWO}",
        f"{shown_code(ONE)}, {TWO.lower()};{ONE}",
        f"\ufeff\n\n  {ONE}\r\n{TWO}\t\n",
        f"code\n{ONE}\n{TWO}\n",
        f"name,Certificate code,other_code\nAda,{ONE},\nBo,,{TWO}\n",
        f'rater;cmas_code;mmt8_code\n"Ada; or Eva";{ONE};{TWO}\n',
        f"https://concord.example.org/v/{ONE}\nhttps://concord.example.org/v/{TWO}",
    ],
)
def test_codes_are_found_once_each_in_order(text):
    listed = codes_in(text)
    assert (listed.codes, listed.mistakes) == ((ONE, TWO), ())


def test_what_is_no_code_is_named_with_its_line():
    wrong = ONE[:-1] + ("0" if ONE[-1] != "0" else "1")
    listed = codes_in(f"{TWO}\n{wrong}\nAda, {THREE}")
    assert listed.codes == (TWO, THREE)
    assert [(one.line, one.text) for one in listed.mistakes] == [(2, wrong), (3, "Ada")]


def test_in_a_table_only_columns_of_codes_are_read():
    listed = codes_in(f"name,code\n{ONE},{TWO}\nAda,oops\nshort\n")
    assert listed.codes == (TWO,)
    assert [(one.line, one.text) for one in listed.mistakes] == [(3, "oops")]


def test_a_novel_is_no_list_and_few_of_its_words_are_repeated():
    listed = codes_in("It was a dark night.\n" * 500 + '"' * 9000)
    assert listed.codes == ()
    assert len(listed.mistakes) == SHOWN_MISTAKES
    assert max(len(one.text) for one in listed.mistakes) <= 60
