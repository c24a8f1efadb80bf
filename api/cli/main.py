"""The command `ketnoi`: puts the groups together and turns errors into exit codes.

Exit codes: 0 done, 1 the work failed, 2 the call was wrong. Errors go to stderr.
"""

import os
import sys
from collections.abc import Sequence

import typer

from api.cli import (
    accounts,
    backup,
    demo,
    doctor,
    drafts,
    encoder,
    events,
    experiment,
    goods,
    imports,
    index,
    leads,
    many,
    parties,
    programmes,
    rank,
    releases,
    rules,
    serve,
    shortlists,
    tags,
)
from api.cli.language import told
from data.errors import KetnoiError
from embeddings.errors import EmbeddingsError

app = typer.Typer(
    name="ketnoi",
    help="Match investors with the projects that provinces call investment for.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for group in (
    imports,
    drafts,
    index,
    shortlists,
    goods,
    many,
    releases,
    rank,
    encoder,
    experiment,
    tags,
    events,
    demo,
    parties,
    serve,
    programmes,
    rules,
    accounts,
    leads,
    backup,
    doctor,
):
    group.register(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        app(args=arguments)
    except SystemExit as done:  # how the library ends: 0, 2 for a wrong call, 1 when stopped
        return done.code if isinstance(done.code, int) else 0
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 130
    except (KetnoiError, EmbeddingsError) as error:
        sys.stderr.write(f"{told(error)}\n")
        return 1
    except BrokenPipeError:  # the reader, such as `head`, has gone: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        sys.stderr.write(f"{error.strerror or error}{where}. Check the path, rights and disk.\n")
        return 1
    return 0


def run() -> None:
    """Entry point of the installed command."""
    sys.exit(main())
