"""`./concord lms …`: everything that a person running Concord does from a terminal."""

import importlib
import sys
from typing import Any

import click

from lms.config import BadSetting
from lms.errors import LmsError

GROUPS = {
    "packages": "lms.packages.cli",
    "people": "lms.accounts.cli",
    "certificates": "lms.certificates.cli",
    "audit": "lms.audit.cli",
    "jobs": "lms.operations",
}


class Rooms(click.Group):
    """Imports a room's commands only when they are asked for, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*GROUPS, *super().list_commands(ctx)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in GROUPS:
            command: Any = importlib.import_module(GROUPS[cmd_name]).group
            return command  # type: ignore[no-any-return]
        return super().get_command(ctx, cmd_name)


@click.group(cls=Rooms)
def group() -> None:
    """Concord's management commands."""


def main() -> None:
    try:
        group(prog_name="./concord lms", standalone_mode=True)
    except (LmsError, BadSetting) as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
