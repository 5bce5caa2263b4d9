"""`lms certificates preview`: how a design looks with the names that strain it most."""

import sys
from pathlib import Path

import click

from lms.config import read_settings


@click.command("preview")
@click.argument("design", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The folder to write to; the present one otherwise.",
)
def preview(design: str | None, out: Path) -> None:
    """Draw DESIGN with names of 60 letters, two lines, other scripts and directions.

    Writes preview-DESIGN.pdf and preview-DESIGN.png. Without DESIGN it is the one that is chosen in
    CONCORD_CERTIFICATE_DESIGN. Nothing is signed and nothing is kept.
    """
    from lms.certificates.design import BadDesign, find_design
    from lms.certificates.pdf import RendererMissing
    from lms.certificates.preview import preview as draw

    settings = read_settings()
    name = design or settings.certificate_design
    try:
        made = draw(find_design(name, settings.data), base_url=settings.base_url)
        out.mkdir(parents=True, exist_ok=True)
        for ending, data in (("pdf", made.document), ("png", made.picture)):
            file = out / f"preview-{name}.{ending}"
            file.write_bytes(data)
            click.echo(f"Wrote {file}")
    except (BadDesign, RendererMissing) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"{out} cannot be written: {error.strerror}.", err=True)
        sys.exit(1)
