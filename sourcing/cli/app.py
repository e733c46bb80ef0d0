"""The commands put together, and what ``sourcing`` itself understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sourcing import __version__, studies
from sourcing.cli import audit, chart, check, comply, docs, init, optimize

if TYPE_CHECKING:
    from collections.abc import Callable

_OWN = (optimize, check, audit, comply, chart, init, docs)


def commands() -> list[tuple[Callable[..., Any], str]]:
    """Return each command and its example, our own and those of the studies, in the order of ``PLACE``.

    A command is the function that is called like its module, or like its study.
    """
    named = {module.__name__.rpartition(".")[2]: module for module in _OWN}
    named |= {study: studies.part_of(study, "command") for study in studies.having("command")}
    ordered = sorted(named, key=lambda name: (named[name].PLACE, name))
    return [(getattr(named[name], name), named[name].EXAMPLE) for name in ordered]


def app_command() -> Any:
    """Return the whole command line as one command."""
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)  # plain help breaks lines where it should
    app.callback(invoke_without_command=True)(sourcing)
    for command, example in commands():
        app.command(epilog=f"Example: {example}")(command)
    group: Any = typer.main.get_command(app)
    for command in group.commands.values():
        for argument in (each for each in command.params if each.param_type_name == "argument"):
            argument.display_type_rich = _no_type  # its metavar says what it is; "<str>" tells a planner nothing
    return group


def _no_type(*, ctx: typer.Context) -> None:
    """Return nothing to show as the type of an argument."""


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"sourcing {__version__}")
        raise typer.Exit


def sourcing(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an unexpected failure.")] = False,
) -> None:
    """Plan where to buy critical minerals: cost, capacity, lead time and concentration limits in one proven plan.

    Start with: sourcing optimize
    """
    del version, debug
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
