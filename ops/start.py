"""Run a module of this checkout, after making sure that everything it needs is there.

    python3 ops/start.py [--dev] MODULE [ARGUMENT ...]      e.g. hub demo, --dev pytest -x
    python3 ops/start.py --uv [ARGUMENT ...]                the installer itself

It needs Python 3.11 and pip, nothing else: no root, no venv module, no tool beforehand. The
installer (uv) comes with pip into `.tool/`, the packages go into `.venv/`, both inside this
checkout and both checked against the hashes in the lock files. A second start finds its own
stamp and does nothing but hand over.

Its syntax stays readable for old Pythons, so that they can say what is missing.
"""

import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

try:
    import fcntl
except ImportError:
    sys.exit("The hub runs on Linux and macOS. On Windows, start it inside WSL.")

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / ".tool"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
LOCK_RUNTIME = ROOT / "requirements.lock"
LOCK_DEV = ROOT / "requirements-dev.lock"
LOCK_UV = ROOT / "ops" / "requirements-uv.lock"


def main(arguments: "list[str]") -> None:
    require_python()
    if arguments[:1] == ["--uv"]:
        hand_over([find_uv(), *arguments[1:]], uv_environment())
    dev = arguments[:1] == ["--dev"]
    command = arguments[1:] if dev else arguments
    if not command:
        sys.exit((__doc__ or "").strip())
    install(dev=dev)
    hand_over([str(PYTHON), "-m", *command], dict(os.environ))


def require_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one is who must be told
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"The hub needs Python 3.11 or newer; {sys.executable} is Python {found}.\n"
            "If a newer one is installed, name it: make PYTHON=python3.12 demo"
        )


def install(*, dev: bool) -> None:
    """Bring `.venv` to what the lock says; two starts at once take turns."""
    if is_installed(dev=dev):
        return
    TOOL.mkdir(exist_ok=True)
    with (TOOL / "busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        if is_installed(dev=dev):
            return
        # Tools for development stay once they are there: the demo must not take them away.
        dev = dev or LOCK_DEV.name in stamped_locks()
        lock = LOCK_DEV if dev else LOCK_RUNTIME
        say(f"Installing what {lock.name} lists into .venv (only when it has changed) ...")
        uv = find_uv()
        make_venv(uv)
        run_uv(uv, "pip", "sync", "--require-hashes", "--python", str(PYTHON), str(lock))
        add_this_checkout()
        stamp(dev=dev)


def is_installed(*, dev: bool) -> bool:
    return is_at_home() and wanted_locks(dev=dev).items() <= stamped_locks().items()


def is_at_home() -> bool:
    """Whether `.venv` was made here and by this Python; one that was moved is of no use."""
    return PYTHON.exists() and stamped().get("place") == place()


def place() -> "list[str]":
    return [str(ROOT), sys.version]


def wanted_locks(*, dev: bool) -> "dict[str, str]":
    locks = [LOCK_RUNTIME, LOCK_DEV] if dev else [LOCK_RUNTIME]
    return {lock.name: hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks}


def stamped_locks() -> "dict[str, str]":
    return dict(stamped().get("locks", {}))


def stamped() -> "dict":  # type: ignore[type-arg] # as read from JSON
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def stamp(*, dev: bool) -> None:
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps({"place": place(), "locks": wanted_locks(dev=dev)}, indent=1))
    new.replace(STAMP)


def find_uv() -> str:
    """The uv on PATH if it works, else our own from `.tool`, fetched with pip when missing."""
    fetched = str(TOOL / "bin" / "uv")
    for candidate in (shutil.which("uv"), fetched):
        if candidate and works(candidate):
            return candidate
    fetch_uv()
    if not works(fetched):
        sys.exit(
            f"pip put uv into {TOOL}, but it does not run on this machine.\n"
            "Install uv another way, so that `uv --version` answers, and start again."
        )
    return fetched


def works(uv: str) -> bool:
    """Whether it answers, and is new enough to know the options used here."""
    try:
        answer = subprocess.run([uv, "--version"], capture_output=True, text=True, check=True)
        version = answer.stdout.split()[1].split(".")
        return (int(version[0]), int(version[1])) >= (0, 5)
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return False


def fetch_uv() -> None:
    """Fetch uv into a folder of our own: that works without root, venv or a writable Python."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode != 0:
        sys.exit(
            f"{sys.executable} has no pip, which is needed once to fetch the installer.\n"
            "On Debian or Ubuntu: sudo apt-get install python3-pip. "
            "Or install uv, and start again."
        )
    what = ["--require-hashes", "--upgrade", "--target", str(TOOL), "-r", str(LOCK_UV)]
    # A --user or a required venv in somebody's pip configuration does not go with --target.
    environment = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    install = [*pip, "install", "-qq", "--root-user-action=ignore", *what]
    if subprocess.run(install, env=environment, check=False).returncode != 0:
        sys.exit(
            "pip could not fetch uv (its own words are above). Check the network, a proxy "
            "(HTTPS_PROXY)\nor a mirror (PIP_INDEX_URL), then start again."
        )


def make_venv(uv: str) -> None:
    if is_at_home():
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    run_uv(uv, "venv", "--no-project", "--python", sys.executable, str(VENV))


def run_uv(uv: str, *arguments: str) -> None:
    if subprocess.run([uv, "--quiet", *arguments], env=uv_environment(), check=False).returncode:
        sys.exit(
            "uv could not install the hub's packages (its own words are above). Check the "
            "network, a proxy\n(HTTPS_PROXY), a mirror (UV_DEFAULT_INDEX) and free disk space, "
            "then start again: it goes on from here."
        )


def uv_environment() -> "dict[str, str]":
    """What uv is started with: whoever told pip about a mirror has told uv as well.

    What it fetches stays in this folder, unless somebody has a place for it.
    """
    told = pip_configuration()
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    if "index-url" in told:
        environment.setdefault("UV_DEFAULT_INDEX", told["index-url"])
    if "cert" in told:
        environment.setdefault("SSL_CERT_FILE", told["cert"])
    if has_certificates():
        # uv's own list of authorities knows none that a company has added to the machine.
        environment.setdefault("UV_SYSTEM_CERTS", "1")
    environment.setdefault("UV_CACHE_DIR", str(TOOL / "cache"))
    return environment


def pip_configuration() -> "dict[str, str]":
    """The address and the certificates that pip was told to use; empty without pip."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    pattern = r"^(?:global|install)\.(index-url|cert)='(.*)'$"
    told = dict(re.findall(pattern, listed, re.MULTILINE))
    for name, variable in (("index-url", "PIP_INDEX_URL"), ("cert", "PIP_CERT")):
        if os.environ.get(variable):
            told[name] = os.environ[variable]
    return told


def has_certificates() -> bool:
    paths = ssl.get_default_verify_paths()
    in_folder = bool(paths.capath and any(Path(paths.capath).iterdir()))
    return sys.platform == "darwin" or bool(paths.cafile) or in_folder


def add_this_checkout() -> None:
    """Make `import hub` and `.venv/bin/hub` work from any folder."""
    version = ".".join(map(str, sys.version_info[:2]))
    packages = VENV / "lib" / f"python{version}" / "site-packages"
    (packages / "hub.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "hub"
    # A shell script, because a #! line cannot name a path with spaces.
    command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m hub "$@"\n')
    command.chmod(0o755)


def hand_over(command: "list[str]", environment: "dict[str, str]") -> None:
    os.execve(command[0], command, environment)  # noqa: S606 - a list of words needs no shell


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
