"""`hub completion`: the script with which a shell completes hub commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from hub.cli.frame import COMPLETE_VARIABLE
from hub.cli.invocation import Invocation, pass_invocation


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
@pass_invocation
def completion(invocation: Invocation, context: click.Context, shell: str) -> None:
    """Print the script that lets a shell complete hub commands and options with the Tab key.

    \b
    bash, in ~/.bashrc:
      eval "$(hub completion bash)"

    \b
    zsh, in ~/.zshrc, after compinit:
      eval "$(hub completion zsh)"

    \b
    fish, once:
      hub completion fish > ~/.config/fish/completions/hub.fish

    Then start a new shell.
    """  # noqa: D301 - click reads \b as "keep these lines as they are"
    completer = get_completion_class(shell)
    assert completer is not None
    script = completer(context.find_root().command, {}, "hub", COMPLETE_VARIABLE).source()
    invocation.say(script)
    invocation.result({"shell": shell, "script": script})
