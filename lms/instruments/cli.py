"""`./concord lms instruments …`: REDCap dictionaries in and out, and common data elements."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from lms.errors import LmsError
from lms.instruments.redcap.drafts import Dictionary, read_dictionary
from lms.instruments.redcap.findings import Weight
from lms.instruments.redcap.form_reading import Origin


@click.group("instruments")
def group() -> None:
    """Instruments as REDCap data dictionaries and as common data elements."""


def refuse(error: LmsError | str) -> NoReturn:
    """Say on the error stream what cannot be done, and end with 2."""
    click.echo(str(error), err=True)
    sys.exit(2)


@group.command("import-redcap")
@click.argument("path", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option("--form", metavar="NAME", help="Read this form only.")
@click.option(
    "--out",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a definition a form there, and what was kept of the dictionary.",
)
@click.option("--json", "as_json", is_flag=True, help="Drafts and report as JSON.")
def import_command(path: Path, form: str | None, folder: Path | None, as_json: bool) -> None:
    """Make instrument drafts of a REDCap data dictionary, and say what was not understood.

    The drafts go to standard output as YAML, one document a form, and the report with line and
    column to the error stream. Ends with 0 if there is a draft, with 1 if the file holds none, and
    with 2 if it cannot be read.
    """
    from lms.clock import utc_now

    try:
        content = path.read_bytes()
    except OSError as error:
        refuse(f"{path}: {error.strerror}.")
    origin = Origin(utc_now().date(), f"REDCap data dictionary {path.name}")
    dictionary = read_dictionary(content, origin, form)
    try:
        _answer(dictionary, path, folder, as_json=as_json)
    except (LmsError, OSError) as error:
        refuse(str(error))
    sys.exit(0 if any(draft.data for draft in dictionary.drafts) else 1)


def _answer(dictionary: Dictionary, path: Path, folder: Path | None, *, as_json: bool) -> None:
    from lms.instruments.redcap.files import as_yaml, write_drafts

    files = write_drafts(dictionary, folder) if folder and dictionary.drafts else []
    if as_json:
        click.echo(_as_json(dictionary, path))
        return
    for found in dictionary.findings:
        click.echo(f"{path}: {found}", err=True)
    click.echo(_summary(dictionary), err=True)
    if folder:
        for file in files:
            click.echo(str(file))
        return
    texts = [as_yaml(draft.data) for draft in dictionary.drafts if draft.data]
    click.echo("---\n".join(texts), nl=False)


def _as_json(dictionary: Dictionary, path: Path) -> str:
    from lms.instruments.redcap.kept import KeptForm, kept_to_json

    kept = kept_to_json([KeptForm(draft.kept, "") for draft in dictionary.drafts])
    data = {
        "file": path.name,
        "drafts": [{"form": draft.form, "definition": draft.data} for draft in dictionary.drafts],
        "findings": [found.as_json() for found in dictionary.findings],
        "kept": kept,
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _summary(dictionary: Dictionary) -> str:
    counts = [
        f"{sum(found.weight is weight for found in dictionary.findings)} {weight}"
        for weight in Weight
    ]
    drafts = [draft.data for draft in dictionary.drafts if draft.data]
    items = sum(len(data["items"]) for data in drafts)
    totals = sum(len(data["totals"]) for data in drafts)
    return (
        f"{len(dictionary.drafts)} forms, {len(drafts)} drafts with {items} items and "
        f"{totals} totals. Findings: {', '.join(counts)}."
    )


@group.command("export-redcap")
@click.argument("ref", metavar="REF")
@click.option("--form", default="", metavar="NAME", help="What the form is called.")
@click.option("--prefix", default="", metavar="TEXT", help="Stands before each field's name.")
@click.option(
    "--out",
    metavar="FILE.csv",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write there instead of to standard output.",
)
def export_command(ref: str, form: str, prefix: str, out: Path | None) -> None:
    """Write a REDCap data dictionary that is imported again as the same instrument.

    REF is a shipped instrument (mmt8_80@1.0), a definition file, or a folder that import-redcap
    wrote.
    """
    from lms.instruments.redcap.dictionary import check_names, dictionary_csv
    from lms.instruments.redcap.files import rows_of

    try:
        check_names("" if Path(ref).is_dir() else form, prefix)
        text = dictionary_csv(rows_of(ref, form=form, prefix=prefix))
        _write(text, out)
    except (LmsError, OSError) as error:
        refuse(str(error))


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="")
        click.echo(str(out))


@group.command("export-cde")
@click.argument("ref", metavar="REF")
def export_cde_command(ref: str) -> None:
    """Write an instrument's items as common data elements, with their form, as JSON.

    REF is a shipped instrument (mmt8_80@1.0) or a definition file.
    """
    from lms.instruments.cde import to_cde
    from lms.instruments.redcap.files import instrument_of

    try:
        data = to_cde(instrument_of(ref))
    except (LmsError, OSError) as error:
        refuse(str(error))
    if data["rights"]["status"] != "open_reuse":
        click.echo(f"Rights: {data['rights']['status']}. {data['rights']['note']}", err=True)
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
