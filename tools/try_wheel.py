"""Build the wheel, install it in a fresh environment, and run it from another folder."""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path | None = None, expect: int = 0) -> str:
    """Run a command; raises ``SystemExit`` with its output on another exit code."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode != expect:
        raise SystemExit(f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def main() -> None:
    """Both examples must give the same result as in the source tree."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
        wheel = next(folder.glob("*.whl"))
        venv.create(folder / "venv", with_pip=True, system_site_packages=False)
        python = folder / "venv" / "bin" / "python"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        site = run(sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
        # The libraries of this environment serve; only the wheel itself is what is tried.
        paths = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
        (Path(paths) / "libraries.pth").write_text(site, encoding="utf-8")
        run(*pip, "--no-deps", "--force-reinstall", wheel)
        away = folder / "away"
        away.mkdir()
        command = folder / "venv" / "bin" / "zcf-check"
        assert "check" in run(command, "--help", cwd=away)
        for example, code in (("xingxi-tea-2025", 1), ("lithium-battery-2025", 0)):
            out = away / example
            args = (ROOT / "examples" / example, "--as-of", "2026-11-24", "--out", out)
            run(command, *args, cwd=away, expect=code)
            again = away / f"{example}-source"
            args = (*args[:-1], again)
            run(sys.executable, "-m", "checker", *args, cwd=ROOT, expect=code)
            for file in ("result.json", "report.html"):
                assert (out / file).read_bytes() == (again / file).read_bytes(), (example, file)
        where = run(python, "-c", "import checker; print(checker.__file__)", cwd=away)
        assert str(folder) in where, where
        result = json.loads((away / "xingxi-tea-2025" / "result.json").read_text(encoding="utf-8"))
        print(f"{wheel.name}: installed, run from another folder, run id {result['run']['id']}")


if __name__ == "__main__":
    main()
