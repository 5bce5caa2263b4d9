"""Who is enrolled may see the pictures and films of their release."""

from lms.modules import queries
from lms.packages import api as packages

packages.let_see_media(queries.may_see_media)
