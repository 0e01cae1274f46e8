"""Set Pembe up with nothing but Python: make .venv from a lock with hashes, then hand on to tests or `pembe`."""

import hashlib
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  the one file that an older Python reads, to say so
    sys.exit(f"Pembe needs Python 3.11 or newer and this is {platform.python_version()}; run: python3.11 pembe.py")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "pembe-locks"
# Each command's lock, and the locks that installing it fulfils: the test lock holds the run-time lock.
RUN_LOCK, TEST_LOCK = "requirements.txt", "requirements-test.txt"
FULFILS = {RUN_LOCK: [RUN_LOCK], TEST_LOCK: [RUN_LOCK, TEST_LOCK]}
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge"]
BROWSERS += ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
BROWSERS += ["C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe"]
# A browser, fonts for five scripts, a spreadsheet program, and the library by which WeasyPrint sets text.
DEBIAN = ["chromium", "fonts-noto-core", "libreoffice-calc-nogui", "libpangoft2-1.0-0", "libharfbuzz-subset0", "xlsx2csv"]
NO_NETWORK = re.compile("name resolution|dns error|getaddrinfo|unreachable|timed out|max retries|connection", re.I)


class SetUpError(Exception):
    """Say in one sentence what this machine lacks and what to do about it."""


# What can be said before anything is installed; `pembe COMMAND --help` says the rest afterwards.
HELP = """Usage: python3 pembe.py [COMMAND] [OPTIONS]

  demo [--port PORT] [--data FOLDER]   Set up, build an edition from the invented samples and show it in a browser on this
                                       machine (http://127.0.0.1:8050), until interrupted (Ctrl-C).
  test [PYTEST OPTIONS]                Set up and run every test.
  COMMAND --help                       Set up and print the help of any other command of pembe.

The first run makes .venv and installs the packages of a lock file, which takes about a minute."""


def main(arguments: list[str]) -> None:
    """Hand `test ...` on to pytest and everything else to the `pembe` command, each with the packages it needs."""
    if arguments in (["--help"], ["demo", "--help"], ["test", "--help"]) and not STAMP.exists():
        print(HELP)
        return
    if arguments[:1] == ["demo"]:
        refuse_taken_port(arguments)
    if arguments[:1] == ["test"]:
        set_up(TEST_LOCK)
        make_bundle()
        offer_tools()
        os.chdir(ROOT)
        # Each file of tests stays with one process, which builds its editions once. Tests wait for browsers, servers and
        # the disk, so one process more than there are cores keeps them busy.
        hand_on(["-m", "pytest", "-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", *arguments[1:]])
    set_up(RUN_LOCK)
    if arguments[:1] in (["demo"], ["serve"]):
        make_bundle()
    hand_on(["-m", "etl.start", *arguments])


def refuse_taken_port(arguments: list[str]) -> None:
    """End with one sentence where the port of the demo is in use, before anything is installed or built for it."""
    words = [word for argument in arguments for word in argument.split("=", 1)]
    port = words[words.index("--port") + 1 :][:1] if "--port" in words else ["8050"]
    if not port or not port[0].isdigit() or not 0 < int(port[0]) < 65536:
        return  # the command itself says what is wrong with it
    with socket.socket() as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asking.bind(("127.0.0.1", int(port[0])))
        except OSError as fault:
            raise SetUpError(f"127.0.0.1:{port[0]} cannot be used ({fault.strerror}); choose another with --port") from fault


def set_up(lock: str) -> None:
    """Make .venv and install the lock, unless the stamp says that these very bytes are installed."""
    wanted = [f"{hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}  {name}" for name in FULFILS[lock]]
    if PYTHON.exists() and STAMP.exists() and set(wanted) <= set(STAMP.read_text().splitlines()):
        return
    started = time.monotonic()
    if not PYTHON.exists():
        say(f"making {VENV.name} with Python {platform.python_version()}")
        succeed([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)], "This Python cannot make .venv")
    STAMP.unlink(missing_ok=True)
    install(lock)
    STAMP.write_text("\n".join(wanted) + "\n")
    say(f"set up in {time.monotonic() - started:.0f} s")


def install(lock: str) -> None:
    """Install the lock with uv where there is one, with pip where there is none or it fails."""
    uv = shutil.which("uv")
    options = ["install", "--require-hashes", "-r", str(ROOT / lock)]
    if uv is not None:
        say(f"installing {lock} with uv")
        # uv leaves modules uncompiled unless told; every start would then cost a second more
        if run([uv, "pip", *options, "--compile-bytecode", "--python", str(PYTHON)])[0] == 0:
            return
    say(f"installing {lock} with pip, which takes about a minute")
    if run([str(PYTHON), "-m", "pip", "--version"])[0] != 0:
        succeed([str(PYTHON), "-m", "ensurepip"], "This Python comes without pip")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--retries", "2"]
    succeed([*pip, *options], f"The packages of {lock} could not be installed")


def make_bundle() -> None:
    """Make a smaller plotly.js for weak lines and fetch fonts where npm is there; without it all works, only heavier."""
    if shutil.which("npm") is None:
        say("the whole plotly.js will be served, and no fonts; with npm on this machine a smaller one is made")
        return
    if not list((VENV / "plotly").glob("*.min.js")):
        say("making a smaller plotly.js with npm, which takes about a minute")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    for module, without in (("bundle", "the whole plotly.js will be served"), ("fonts", "no fonts will be served")):
        code, output = run([str(PYTHON), "-m", f"dashboard.{module}"])
        if code != 0:
            say(f"{without}: {output.strip()}")


def succeed(command: list[str], what: str) -> None:
    """Run a command that must not fail; when it does, end with its last words and one sentence."""
    code, output = run(command)
    if code == 0:
        return
    if NO_NETWORK.search(output):
        raise SetUpError(f"{what}: this machine reaches no package index; connect it and run the same command again.")
    if "ensurepip" in output:
        raise SetUpError(f"{what}: install its venv module (on Debian: apt-get install python3-venv) and run it again.")
    raise SetUpError("\n".join([*output.splitlines()[-5:], f"{what}; the lines above say why."]))


def run(command: list[str]) -> tuple[int, str]:
    """Run a command and return its exit code and output, with the package at hand shown where a person looks on."""
    output = ""
    watched = sys.stderr.isatty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or []:
            output += line
            if watched:
                print(f"\r\033[K  {line.strip()[:70]}\r", end="", file=sys.stderr, flush=True)
    if watched:
        print("\033[K", end="", file=sys.stderr, flush=True)
    return process.returncode, output


def offer_tools() -> None:
    """Find the browser and the spreadsheet program of the tests; install Debian's where we may, else say what is skipped."""
    if may_install() and not (find_chromium() and all(map(shutil.which, ("soffice", "xlsx2csv")))):
        say(f"installing {', '.join(DEBIAN)}, which takes about a minute")
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        run(["apt-get", "update"])
        run(["apt-get", "install", "--yes", "--no-install-recommends", *DEBIAN])
    if find_chromium() is None:
        say("browser tests are skipped: install chromium, or set PEMBE_CHROMIUM to the path of a Chromium browser")
    if shutil.which("soffice") is None:
        say("tests that open our files in LibreOffice are skipped: install libreoffice-calc")


def find_chromium() -> str | None:
    """Return the path of a Chromium browser: the one that PEMBE_CHROMIUM names, or the first that is installed."""
    named = os.environ.get("PEMBE_CHROMIUM")
    if named and shutil.which(named) is None:
        raise SetUpError(f"PEMBE_CHROMIUM is {named!r}, where there is no browser; correct or unset it.")
    return next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)


def may_install() -> bool:
    """Say whether this is Debian and we are root; elsewhere `chromium` may be another package."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    return platform.freedesktop_os_release().get("ID") == "debian"


def hand_on(arguments: list[str]) -> None:
    """End this process as that of .venv's Python, so that its exit code and its signals are the command's own."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ.update(PYTHONPATH=os.pathsep.join(paths), PYTHONUTF8="1")
    command = [str(PYTHON), *arguments]
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def say(line: str) -> None:
    """Show progress on standard error, which leaves standard output to the command."""
    print(f"pembe: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetUpError as fault:
        sys.exit(str(fault))
    except KeyboardInterrupt:
        say("interrupted; run the same command again and the set-up goes on")
        sys.exit(130)
