"""Set up a virtual environment with the checker in development mode and all its tools.

durable-rules comes as source only. Where it cannot be built (no C compiler, no Python headers) the
set-up goes on without it: the reference evaluator decides alone, every report says so, and the one
line that would add the engine is printed.

Usage: python tools/setup.py VENV
"""

import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def requirements() -> tuple[list[str], list[str]]:
    """Requirements without the engine, and the engine's own."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    engine = [line for line in wanted if line.startswith("durable-rules")]
    return [line for line in wanted if line not in engine], engine


def main(folder: Path) -> None:
    """Create the environment; raises when anything but the engine cannot be installed."""
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    plain, engine = requirements()
    subprocess.run([*pip, *plain, "hatchling>=1.25"], check=True)
    if engine and subprocess.run([*pip, *engine], capture_output=True, check=False).returncode:
        print("durable-rules could not be built; the reference evaluator decides alone.")
        print("With a C compiler and the Python headers, this line adds it:")
        print(f"    {python} -m pip install {engine[0].partition(';')[0]}")
    local = ["--no-deps", "--editable", str(ROOT)]
    subprocess.run([*pip, *local], check=True)
    subprocess.run([python, "-m", "checker.report.environment"], check=True, cwd=ROOT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
