"""`./concord lms words …`: keep the list of sentences that translations begin from."""

import sys

import click


@click.group()
def group() -> None:
    """The sentences of the product, for translators."""


@group.command("extract")
def extract() -> None:
    """Write lms/translations/messages.pot anew from the source."""
    from lms.web import words

    made = words.catalogue(words.sentences())
    words.TEMPLATE.write_bytes(words.written(made))
    click.echo(f"{len(made)} sentences are in {words.TEMPLATE.relative_to(words.ROOT)}.")


@group.command("check")
def check() -> None:
    """Exit 1 if a sentence was added, changed or taken out since the last extract."""
    from lms.web import words

    made = words.catalogue(words.sentences())
    new, gone = words.differences(made, words.committed())
    for sign, sentences in (("+", new), ("-", gone)):
        for sentence in sentences:
            click.echo(f"{sign} {sentence}")
    if new or gone:
        click.echo("The list of sentences is old. Type: ./concord lms words extract", err=True)
        sys.exit(1)
    click.echo(f"The list is up to date: {len(made)} sentences.")
