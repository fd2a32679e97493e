"""Write ``docs/reference/`` (one page a pack, and an index) and ``docs/coverage.md``.

Run: ``make reference``.
"""

from datetime import date
from pathlib import Path

from checker.packs.bind import bind
from checker.packs.compose import Composition, load_with_parents
from checker.report.coverage_page import coverage_page
from checker.report.reference import reference_page
from checker.workshop.coverage import coverage

DAY = date(2026, 11, 24)
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"


def pages() -> dict[str, str]:
    """File names with their text."""
    packs = load_with_parents()
    book = bind(Composition(DAY, packs, []))
    found = {f"{pack.head.id}.md": reference_page(pack, book) for pack in packs}
    lines = ["# 参考 · reference", "", "<!-- generated: make reference -->", ""]
    for pack in packs:
        title = f"{pack.head.title.zh} · {pack.head.title.en}"
        lines.append(f"- [{title}]({pack.head.id}.md) `{pack.head.id}`")
    found["README.md"] = "\n".join(lines) + "\n"
    return found


def main() -> None:
    """Write all pages and remove those of packs that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    packs = load_with_parents()
    page = coverage_page(coverage(packs, bind(Composition(DAY, packs, []))))
    (FOLDER.parent / "coverage.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
