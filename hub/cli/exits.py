"""How a command ends: what it says on stderr when it failed, and its exit code."""

from __future__ import annotations

import errno
import json
import os
import select
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit

from hub.errors import ConfigFault, HubError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STDOUT = 1

UNFORESEEN = 70
INTERRUPTED = 130
NO_READER = 141

DISK_FULL = (
    "The disk that this is written to is full, so that not all of it was written. Free some space "
    "there, then do it again."
)
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)

EXIT_CODES = """
\b
Exit codes:
  0    done
  1    what was asked cannot be done, or something needs a person
  2    the command line or the settings are wrong
  3    the database cannot be used
  4    the log does not hold what was written to it
  70   an error nobody foresaw; HUB_DEBUG=1 prints its traceback
  130  stopped by Ctrl-C, SIGTERM or SIGHUP
  141  whoever read the output went away
"""


def ending(act: Callable[[], None], *, as_json: bool) -> int:
    """Do what was asked; tell on stderr what went wrong, and give the exit code."""
    try:
        act()
        _flush()
    except Exit as end:
        return end.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.ClickException as error:
        _tell_usage(error, as_json=as_json)
        return error.exit_code
    except HubError as error:
        return _told([error], as_json=as_json)
    except Exception as error:  # noqa: BLE001 - this is where all others end
        return _of_others(error, as_json=as_json)
    return 0


def _of_others(error: Exception, *, as_json: bool) -> int:
    if _is_broken_pipe(error) and _has_no_reader():
        return NO_READER
    if isinstance(error, OSError) and error.errno in _NO_SPACE:
        _let_go_of_output()
        return _told([Refused(DISK_FULL)], as_json=as_json)
    if isinstance(error, ExceptionGroup) and (known := _hub_errors(error)):
        return _told(known, as_json=as_json)
    _tell("Unforeseen", _unforeseen(error), as_json=as_json)
    return UNFORESEEN


def _is_broken_pipe(error: Exception) -> bool:
    if isinstance(error, ExceptionGroup):
        return all(_is_broken_pipe(one) for one in error.exceptions)
    return isinstance(error, BrokenPipeError)


def _told(errors: list[HubError], *, as_json: bool) -> int:
    message = "\n".join(str(error) for error in errors)
    faults = [fault for error in errors if isinstance(error, ConfigFault) for fault in error.faults]
    _tell(type(errors[0]).__name__, message, as_json=as_json, faults=faults)
    return errors[0].exit_code


def _tell(
    kind: str, message: str, *, as_json: bool, faults: Sequence[Mapping[str, object]] = ()
) -> None:
    if as_json:
        parts = {"faults": faults} if faults else {}
        message = json.dumps({"error": {"kind": kind, "message": message, **parts}})
    click.echo(message, err=True)


def _tell_usage(error: click.ClickException, *, as_json: bool) -> None:
    if as_json:
        _tell("Usage", error.format_message(), as_json=True)
    else:
        error.show()


def _hub_errors(group: ExceptionGroup[Exception]) -> list[HubError]:
    """Give the errors of a group of tasks, if each is one that the hub raises on purpose."""
    ours, others = group.split(HubError)
    return [] if ours is None or others else _flat(ours)


def _flat(group: ExceptionGroup[HubError]) -> list[HubError]:
    flat: list[HubError] = []
    for error in group.exceptions:
        flat += _flat(error) if isinstance(error, ExceptionGroup) else [error]
    return flat


def _unforeseen(error: Exception) -> str:
    # The error's own text is left to the traceback: a foreign one may repeat a password.
    what = f"{type(error).__name__} at {_place_of(error)}"
    if os.environ.get("HUB_DEBUG"):
        traceback.print_exception(error)
        return f"An error nobody foresaw, {what}; its traceback stands above."
    file = _keep_traceback(error)
    where = f"its traceback is in {file}" if file else "HUB_DEBUG=1 prints its traceback"
    return f"An error nobody foresaw, {what}; {where}."


def _place_of(error: Exception) -> str:
    """Name the innermost line of the hub's own code, or of any code if it was in none of ours."""
    package = Path(__file__).parent.parent
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if package in Path(frame.filename).parents]
    if not frames:
        return "an unknown place"
    frame = (ours or frames)[-1]
    file = Path(frame.filename)
    return f"{file.relative_to(package.parent) if ours else file}:{frame.lineno}"


def _keep_traceback(error: Exception) -> Path | None:
    """Write the traceback where only this user reads it, over the last one; None if that fails."""
    try:
        file = _state_directory() / "traceback.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as text:
            traceback.print_exception(error, file=text)
    except (OSError, RuntimeError):
        return None
    return file


def _state_directory() -> Path:
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else Path.home() / ".local" / "state") / "hub"


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _has_no_reader() -> bool:
    """Whether it is our own output that nobody reads, and not a pipe or socket elsewhere."""
    output = select.poll()
    output.register(STDOUT, select.POLLOUT)
    if not any(event & (select.POLLERR | select.POLLHUP) for _, event in output.poll(0)):
        return False
    _let_go_of_output()
    return True


def _let_go_of_output() -> None:
    # What is still held back would be written, and fail again, when Python shuts down.
    os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)
