"""The click group that imports a verb only when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from bancada.cli._errors import unknown_verb
from bancada.cli._verbs import EVERY_DAY, EXAMPLES, MORE, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.cli._verbs import Verb

__all__ = ["VerbGroup"]


class VerbGroup(click.Group):
    """A group of verbs that are listed, completed and corrected from a table.

    Args:
        verbs: The verbs, in the order of the list.
        examples: Command lines with what they do, shown below the list.
        help: What the program is for.
        params: Options of the program itself, such as `--version`.
    """

    def __init__(
        self,
        verbs: Iterable[Verb] = VERBS,
        *,
        examples: Iterable[tuple[str, str]] = EXAMPLES,
        help: str | None = None,  # noqa: A002 - click's name for it
        params: list[click.Parameter] | None = None,
    ) -> None:
        super().__init__(
            "bancada",
            help=help,
            params=params,
            subcommand_metavar="VERB [ARGUMENTS]...",
            options_metavar="",
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        )
        self.verbs = {verb.name: verb for verb in verbs}
        self.examples = tuple(examples)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the verb's module and return its `command`; None where there is no such verb."""
        if cmd_name not in self.verbs:
            return None
        command: click.Command = import_module(self.verbs[cmd_name].module).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; an unknown one is answered with the nearest that exists."""
        name = args[0]
        if name not in self.verbs and not name.startswith("-") and not ctx.resilient_parsing:
            raise unknown_verb(name, ctx.command_path, self.verbs)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete verbs from the table, so that no verb is imported for it."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(verb.name, help=verb.help)
            for verb in self.verbs.values()
            if verb.name.startswith(incomplete)
        ]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs of every day, the others, the options and the examples, in that order."""
        rows = {
            group: [(verb.name, verb.help) for verb in self.verbs.values() if verb.group == group]
            for group in (EVERY_DAY, MORE)
        }
        rows["Options"] = [record for option in self.get_params(ctx) if (record := option.get_help_record(ctx))]
        rows["Examples"] = list(self.examples)
        for heading, entries in rows.items():
            if entries:
                with formatter.section(heading):
                    formatter.write_dl(entries, col_max=40)
        formatter.write_paragraph()
        formatter.write_text("`bancada VERB --help` explains one verb.")
