"""Pages for those who look after the whole: reports, jobs, health."""

from lms.reports.routes import completion, enrolments, health, jobs, reliability
from lms.reports.routes.blueprint import bp

__all__ = ["bp", "completion", "enrolments", "health", "jobs", "reliability"]
