"""`./concord lms jobs …`: long work from a terminal."""

import click

from lms.clock import utc_now
from lms.operations.context import app_context


@click.group()
def group() -> None:
    """Long work: mails, signatures, rosters, package checks."""


@group.command("list")
@click.option("--failed", "show", flag_value="failed", help="Only jobs with rows that failed.")
@click.option("--under-way", "show", flag_value="under_way", help="Only jobs that go on.")
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 10_000))
def list_jobs(show: str | None, most: int) -> None:
    """List jobs, the newest first: id, begun, rows, failed, kind, title, separated by tabs."""
    with app_context():
        from lms.reports.queries import jobs as queries

        for job in queries.jobs(show=show or "", kind="", before=None, limit=most):
            click.echo(
                f"{job.id}\t{job.created_at:%Y-%m-%dT%H:%MZ}\t{job.over} of {job.total}"
                f"\t{job.failed} failed\t{job.kind}\t{job.title}"
            )
            for item in queries.items(job.id, limit=min(job.failed, 3), offset=0):
                click.echo(f"\t{item.subject}: {item.problem}")


@group.command("retry")
@click.argument("job_id", type=int)
def retry_job(job_id: int) -> None:
    """Try the rows of the job JOB_ID that failed again."""
    with app_context():
        from lms import jobs
        from lms.db import transaction
        from lms.reports import services

        with transaction():
            count = services.retry_failed(job_id, person_id=None, everything=True, now=utc_now())
        jobs.kick()
        click.echo(f"Rows that are tried again: {count}.")


@group.command("run")
@click.option("--most", default=1000, show_default=True, type=click.IntRange(1))
def run_jobs(most: int) -> None:
    """Work off what is due, here and now, without a worker."""
    with app_context():
        from lms import jobs

        click.echo(f"Rows that were tried: {jobs.run_pending(most)}.")
