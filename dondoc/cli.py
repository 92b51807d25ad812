"""The command ``dondoc``: puts the commands together and turns failures into messages and exit codes."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

import logging
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dondoc import screen
from dondoc.commands import data, doctor, export, followup, importing, intake, journal, lists, parting, reading, remind, serve, workspace
from ingest.errors import DondocError

EPILOG = """
A first round: `dondoc init so-noi-vu` makes a workspace; `cd so-noi-vu`; drop PDF files into `inbox/`; `dondoc ingest`; `dondoc overdue`;
`dondoc export`.

Exit status: 0 when all went well, 2 for a wrong command line, 130 after Ctrl-C; the table of all others is in docs/errors.md.
"""


class DondocGroup(TyperGroup):
    """Shows expected failures as one message on stderr, without a traceback, and ends with their exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except DondocError as error:
            _complain(f"Lỗi: {error}")
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            _complain("Đã dừng theo yêu cầu (Ctrl-C).")
            raise typer.Exit(130) from None
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if _debug() or type(error).__module__.startswith(("typer", "click")):
                raise
            _complain(f"Lỗi ngoài dự kiến: {type(error).__name__}: {error}. Đặt biến DONDOC_DEBUG=1 rồi chạy lại để xem chi tiết.")
            raise typer.Exit(DondocError.exit_code) from None


app = typer.Typer(
    cls=DondocGroup,
    name="dondoc",
    help="Read scanned Vietnamese directives; keep who must do what by when in one SQLite file.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

TAKING_IN = "Taking documents in"
READING = "Reading one document (nothing is stored)"
FOLLOWING = "Following up"
DATA = "Getting data out"

app.command("init", rich_help_panel=TAKING_IN)(workspace.init)
app.command("ingest", rich_help_panel=TAKING_IN)(intake.ingest)
app.command("watch", rich_help_panel=TAKING_IN)(intake.watch)
app.command("serve", rich_help_panel=TAKING_IN)(serve.serve)
app.add_typer(serve.users, name="user", rich_help_panel=TAKING_IN)
app.command("doctor", rich_help_panel=TAKING_IN)(doctor.doctor)
app.command("extract", rich_help_panel=READING)(reading.extract)
app.command("text", rich_help_panel=READING)(reading.text)
app.command("searchable", rich_help_panel=READING)(reading.searchable)
app.command("explain", rich_help_panel=READING)(reading.explain)
app.command("restore", rich_help_panel=READING)(reading.restore)
app.command("tasks", rich_help_panel=FOLLOWING)(lists.tasks)
app.command("overdue", rich_help_panel=FOLLOWING)(lists.overdue)
app.command("upcoming", rich_help_panel=FOLLOWING)(lists.upcoming)
app.command("show", rich_help_panel=FOLLOWING)(lists.show)
app.command("done", rich_help_panel=FOLLOWING)(followup.done)
app.command("reopen", rich_help_panel=FOLLOWING)(followup.reopen)
app.command("extend", rich_help_panel=FOLLOWING)(followup.extend)
app.command("occurrences", rich_help_panel=FOLLOWING)(journal.occurrences)
app.command("edit", rich_help_panel=FOLLOWING)(followup.edit)
app.command("assign", rich_help_panel=FOLLOWING)(followup.assign)
app.command("confirm", rich_help_panel=FOLLOWING)(followup.confirm)
app.command("split", rich_help_panel=FOLLOWING)(parting.split)
app.command("merge", rich_help_panel=FOLLOWING)(parting.merge)
app.command("add", rich_help_panel=FOLLOWING)(parting.add)
app.command("remove", rich_help_panel=FOLLOWING)(parting.remove)
app.command("bring-back", rich_help_panel=FOLLOWING)(parting.bring_back)
app.command("edit-document", rich_help_panel=FOLLOWING)(followup.edit_document)
app.command("undo", rich_help_panel=FOLLOWING)(journal.undo)
app.command("history", rich_help_panel=FOLLOWING)(journal.history)
app.command("remind", rich_help_panel=FOLLOWING)(remind.remind)
app.command("search", rich_help_panel=DATA)(data.search)
app.command("query", rich_help_panel=DATA)(data.query)
app.command("report", rich_help_panel=DATA)(data.report)
app.command("export", rich_help_panel=DATA)(export.export)
app.command("import", rich_help_panel=DATA)(importing.import_)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dondoc {version('dondoc')}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")] = False,
) -> None:
    # Warnings that concern a clerk come here too; what libraries chat about stays out unless somebody debugs.
    logging.basicConfig(stream=sys.stderr, level=logging.DEBUG if _debug() else logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("dondoc").setLevel(logging.DEBUG if _debug() else logging.WARNING)


def _debug() -> bool:
    return os.environ.get("DONDOC_DEBUG", "") not in ("", "0")


def _complain(message: str) -> None:
    screen.say(message, stderr=True, style="red")


def main() -> None:
    """Entry point of the installed command."""
    app()


if __name__ == "__main__":
    main()
