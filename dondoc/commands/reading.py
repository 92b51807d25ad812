"""``dondoc extract``, ``text``, ``explain``, ``restore``: one document or one sentence, nothing stored."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc import screen
from dondoc.commands.options import AgenciesOption, AllowSecretOption, WorkspaceOption, parse_day
from dondoc.settings import AgencySettings, Settings
from ingest.errors import FileAccessError, UsageError, WorkspaceError

if TYPE_CHECKING:
    from dondoc.process import Processed

FileArgument = Annotated[Path, typer.Argument(metavar="PATH", help="A PDF, a picture (PNG, JPEG, TIFF) or a text file.")]


def extract(
    path: FileArgument,
    workspace: WorkspaceOption = None,
    agencies: AgenciesOption = None,
    allow_secret: AllowSecretOption = False,
) -> None:
    """Print what one document orders, as JSON.

    A dry run: nothing is stored. One object on stdout with `document`, `references` and `tasks`.

    Example: `dondoc extract cong-van.pdf > cong-van.json`
    """
    screen.write_json(_read(path, _settings(workspace, agencies).with_secret(allow_secret)).directive.as_json())


def text(
    path: FileArgument,
    workspace: WorkspaceOption = None,
    agencies: AgenciesOption = None,
    allow_secret: AllowSecretOption = False,
) -> None:
    """Print the final text of a document: read, restored, pages separated by form feeds.

    Example: `dondoc text cong-van.pdf | less`
    """
    sys.stdout.write(_read(path, _settings(workspace, agencies).with_secret(allow_secret)).document.text + "\n")


def searchable(
    path: FileArgument,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="PDF", help="Where to write the copy. Default: beside the file, name.tra-cuu.pdf.")
    ] = None,
    workspace: WorkspaceOption = None,
    agencies: AgenciesOption = None,
    allow_secret: AllowSecretOption = False,
) -> None:
    """Make a PDF of a scan that can be searched and copied from in any viewer.

    The copy looks like the original, with the same pictures, links and bookmarks; the restored text lies invisibly behind the words, in
    place of the text layer that an earlier recognition has left. The original stays as it is, and nothing is overwritten. Pages whose
    text is visible or right already are copied unchanged. A signed document's copy is not signed any more. Prints where the copy lies.

    `dondoc ingest --searchable` does the same for everything that it takes in.

    Examples: `dondoc searchable quet.pdf` · `dondoc searchable quet.tiff -o ho-so/cv-1520.pdf`
    """
    from dondoc.searchable import copy_name, write_reserved

    target = out if out is not None else copy_name(path)
    taken = UsageError("tệp đã có, không ghi đè.", path=target, remedy="Hãy chọn tên khác bằng --out.")
    if target.exists():  # before an hour of reading
        raise taken
    document = _read(path, _settings(workspace, agencies).with_secret(allow_secret)).document
    try:
        target.touch(exist_ok=False)
    except FileExistsError as error:
        raise taken from error
    except OSError as error:
        raise FileAccessError(f"không ghi được tệp ({error.strerror}).", path=target) from error
    write_reserved(path, document, target)
    typer.echo(str(target))


def explain(
    sentence: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence, or - for lines DATE<TAB>TEXT on stdin.")],
    dated: Annotated[str | None, typer.Option("--dated", metavar="DATE", help="The document's date, or only its year.")] = None,
    workspace: WorkspaceOption = None,
    agencies: AgenciesOption = None,
) -> None:
    """Print what extraction sees in one sentence: agencies with their roles, deadlines, references.

    With `-` each line of stdin is DATE<TAB>TEXT, where DATE is an ISO date, a year, or nothing; each gives one line of JSON.

    Example: `dondoc explain "Giao Sở Tài chính tham mưu, báo cáo trước ngày 15/8." --dated 2025-07-01`
    """
    import extract as extraction

    extra = _settings(workspace, agencies).own_agencies
    if sentence != "-":
        screen.write_json(extraction.explain(sentence, _dated(dated), extra).as_json())
        return
    for line in _lines(_stdin()):
        day, tab, words = line.partition("\t")
        if not tab:
            day, words = "", line
        screen.write_json(extraction.explain(words, _dated(day or dated), extra).as_json(), compact=True)


def restore(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A text file, a scan, or - for stdin.")],
    allow_secret: AllowSecretOption = False,
) -> None:
    """Repair Vietnamese that lost its diacritics or was garbled by OCR.

    One line on stdout for each line of the input; form feeds stay where they are.

    Examples: `dondoc restore ban-nhan-dang.txt` · `echo "Cong van so 15" | dondoc restore -`
    """
    from dondoc.process import restore_text

    given = _stdin() if path == "-" else _plain_text(Path(path))
    if given is None:
        sys.stdout.write(_read(Path(path), Settings().with_secret(allow_secret)).document.text + "\n")
        return
    sys.stdout.write(restore_text(given))


def _settings(workspace: Path | None, agencies: Path | None) -> Settings:
    """The defaults with the office's own agencies: the file given, else that of the workspace given or around the current folder.

    :raises UsageError: the file given is not there. :raises WorkspaceError: the folder given is no workspace.
    """
    from dondoc import workspace as workspaces

    if agencies is not None:
        return Settings(agencies=AgencySettings(str(agencies.absolute())), root=agencies.absolute().parent)
    try:
        place = workspaces.find(workspace)
    except WorkspaceError:
        if workspace is not None:
            raise
        return Settings()
    given = place.settings()
    return Settings(agencies=given.agencies, root=place.root).with_secret(given.processing.allow_secret)


def _read(path: Path, settings: Settings) -> Processed:
    """One document, its pages at the same time; a scan always in worker processes, since what recognises it may hang or crash."""
    from dondoc import process
    from dondoc.pool import Pool
    from dondoc.reporting import ScreenReport

    info, _ = process.STAGES.look(path, settings)
    if info.kind == "text":
        return process.process(path, settings)
    with ScreenReport() as report, Pool(settings) as pool:
        for _, outcome in pool.run([path], report):
            if isinstance(outcome, Exception):
                raise outcome
            return outcome
    raise FileAccessError("không đọc được.", path=path)


def _plain_text(path: Path) -> str | None:
    """The content of a text file, line ends as Python reads them; None when it is a PDF or a picture."""
    try:
        content = path.read_bytes()
    except IsADirectoryError as error:
        raise FileAccessError("đây là thư mục, không phải tệp.", path=path) from error
    except OSError as error:
        raise FileAccessError(f"không đọc được tệp ({error.strerror}).", path=path) from error
    if b"\0" in content or content.startswith(b"%PDF"):
        return None
    try:
        return _newlines(content.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _stdin() -> str:
    try:
        return _newlines(sys.stdin.buffer.read().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"dữ liệu vào không phải UTF-8 (byte thứ {error.start + 1}).") from error


def _newlines(given: str) -> str:
    return given.replace("\r\n", "\n").replace("\r", "\n")


def _lines(given: str) -> list[str]:
    lines = given.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _dated(given: str | None) -> date | None:
    """A document's date. A bare year stands for its first day: no deadline of that year lies before it."""
    words = (given or "").strip()
    if re.fullmatch("[12][0-9]{3}", words):
        return date(int(words), 1, 1)
    return parse_day(words) if words else None
