"""The shipped modules, and people and a trial to look around with; never in production."""

from lms.demo.content import BrokenContent, publish_content
from lms.demo.doing import complete, do_step, reference_answers, right_answer
from lms.demo.people import HISTORY, PASSWORD, SIGN_INS, Hand, SignIn
from lms.demo.seeding import is_empty, seed, sign_ins

__all__ = [
    "HISTORY",
    "PASSWORD",
    "SIGN_INS",
    "BrokenContent",
    "Hand",
    "SignIn",
    "complete",
    "do_step",
    "is_empty",
    "publish_content",
    "reference_answers",
    "right_answer",
    "seed",
    "sign_ins",
]
