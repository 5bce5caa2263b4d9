"""`./concord lms packages simulate`: what a package's criteria make of raters of known kinds."""

import json
from pathlib import Path
from typing import Any

import click

from lms.errors import NotFound
from lms.instruments import api as instruments
from lms.modules.domain.simulation import Simulation, simulate_step
from lms.packages import api as packages
from lms.packages.domain import CertificationStep, Content

NAMES = {
    "cases": "cases",
    "item_within": "items",
    "total_within": "total",
    "expert_interval": "interval",
    "critical": "critical",
    "flags": "flags",
    "change_within": "change",
    "bias": "bias",
    "limits": "limits",
    "icc": "ICC",
    "weighted_kappa": "kappa",
}


@click.command("simulate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--module", "slugs", multiple=True, metavar="SLUG", help="A published module.")
@click.option("--raters", default=10_000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", is_flag=True, help="Print the table of docs/simulation.md.")
def simulate_command(
    paths: tuple[Path, ...],
    slugs: tuple[str, ...],
    raters: int,
    seed: int,
    as_json: bool,
    markdown: bool,
) -> None:
    """Print how often a package's criteria pass whom they should fail, and the other way round.

    Simulates perfect, typical, biased and careless raters against every form of packages (folders
    or zips) or published modules. docs/simulation.md says by which models.
    """
    contents = [*map(_checked, paths), *map(_published, slugs)]
    if not contents:
        raise click.UsageError("Name a package (a folder or zip), or a module with --module.")
    found = {content.slug: simulate(content, raters=raters, seed=seed) for content in contents}
    if as_json:
        click.echo(json.dumps([_data(slug, one) for slug, ones in found.items() for one in ones]))
    elif markdown:
        click.echo(table(found), nl=False)
    else:
        click.echo("\n\n".join(_text(slug, one) for slug, ones in found.items() for one in ones))


def simulate(content: Content, *, raters: int, seed: int) -> tuple[Simulation, ...]:
    """Simulate raters against the certification of a package; () if it has none."""
    instrument = instruments.instrument_from_data(content.instrument)
    return tuple(
        one
        for step in content.steps
        if isinstance(step, CertificationStep)
        for one in simulate_step(instrument, step, raters=raters, seed=seed)
    )


def _checked(path: Path) -> Content:
    build = packages.check(path).build
    if build is None:
        raise click.ClickException(
            f"{path} has errors. See them with: ./concord lms packages check {path}"
        )
    return build.content


def _published(slug: str) -> Content:
    from lms.app import create_app

    with create_app().app_context():
        try:
            return packages.content_of(packages.current_release(slug).digest)
        except NotFound as error:
            raise click.ClickException(f"There is no published module “{slug}”.") from error


def table(found: dict[str, tuple[Simulation, ...]]) -> str:
    """Return the Markdown table: a row for each model of each package."""
    rows = [
        "| package | rater | passes | judged wrongly | criteria that are met |",
        "| --- | --- | --- | --- | --- |",
    ]
    for slug, simulations in found.items():
        for one in simulations:
            name = f"{slug}, {one.level}" if one.level else slug
            for outcome in one.outcomes:
                kind = "false fail" if outcome.model.should_pass else "false pass"
                rows.append(
                    f"| {name} | {outcome.model} | {_percent(outcome.passed)} "
                    f"| {kind} {_percent(outcome.wrong)} | {_criteria(outcome.criteria)} |"
                )
            rows.append(
                f"| {name} | experts, by the others | {one.experts_passed} of {one.experts} | | |"
            )
    return "\n".join(rows) + "\n"


def _text(slug: str, one: Simulation) -> str:
    title = f"{slug}, {one.level}" if one.level else slug
    rows = [
        f"{title}: {one.raters} raters of each kind on each of {one.forms} forms, seed {one.seed}"
    ]
    for outcome in one.outcomes:
        kind = "false fail" if outcome.model.should_pass else "false pass"
        rows.append(
            f"  {outcome.model:<9} passes {_percent(outcome.passed):>7}  "
            f"{kind} {_percent(outcome.wrong):>7}  met: {_criteria(outcome.criteria)}"
        )
    rows.append(
        f"  {one.experts_passed} of {one.experts} experts pass by the reference of the others"
    )
    return "\n".join(rows)


def _criteria(criteria: dict[Any, tuple[float, float]]) -> str:
    return ", ".join(
        f"{NAMES[kind]} {_percent(met)}" + (" (informs)" if informs == 1 else "")
        for kind, (met, informs) in criteria.items()
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _data(slug: str, one: Simulation) -> dict[str, Any]:
    return {
        "package": slug,
        "level": one.level or None,
        "raters": one.raters,
        "seed": one.seed,
        "forms": one.forms,
        "experts": {"passed": one.experts_passed, "of": one.experts},
        "models": [
            {
                "model": outcome.model,
                "should_pass": outcome.model.should_pass,
                "passed": outcome.passed,
                "wrong": outcome.wrong,
                "criteria": {
                    kind: {"met": met, "informs": informs}
                    for kind, (met, informs) in outcome.criteria.items()
                },
            }
            for outcome in one.outcomes
        ],
    }
