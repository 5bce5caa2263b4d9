"""`./concord lms …`: everything that a person running Concord does from a terminal."""

import importlib
import sys
from typing import Any

import click

from lms.config import BadSetting
from lms.errors import LmsError

GROUPS = {
    "agreement": "lms.agreement.cli:group",
    "instruments": "lms.instruments.cli:group",
    "packages": "lms.packages.cli:group",
    "people": "lms.accounts.cli:group",
    "certificates": "lms.certificates.cli:group",
    "audit": "lms.audit.cli:group",
    "jobs": "lms.operations.jobs:group",
    "health": "lms.operations.health:health",
    "outbox": "lms.operations.outbox:outbox",
    "backup": "lms.operations.backup:backup",
    "restore": "lms.operations.backup:restore",
    "tidy": "lms.operations.tidy:tidy",
    "reports": "lms.reports.cli:group",
    "words": "lms.web.cli:group",
}
"""Where each command stands: the module, and its name in it."""

JOINED = {"packages": ("lms.modules.cli:simulate_command",)}
"""Commands of a higher room under a lower one's name, where a user looks for them."""


class Rooms(click.Group):
    """Imports a room's commands only when they are asked for, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*GROUPS, *super().list_commands(ctx)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in GROUPS:
            command: Any = _imported(GROUPS[cmd_name])
            for place in JOINED.get(cmd_name, ()):
                command.add_command(_imported(place))
            return command
        return super().get_command(ctx, cmd_name)


def _imported(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


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
