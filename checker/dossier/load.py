"""Reads a whole dossier: header, tables, evidence; every problem is collected, not the first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from checker.dossier.csvfile import read_csv
from checker.dossier.evidence import EvidenceIndex, index_evidence, report_unindexed
from checker.dossier.files import DossierFiles, open_dossier
from checker.dossier.header import Header, read_header
from checker.dossier.headrow import RawTable
from checker.dossier.schema import all_specs, table_code, table_specs
from checker.dossier.table import Table
from checker.dossier.typed import type_table
from checker.errors import Arg, DossierError, Problem
from checker.lang.serials import month_span
from checker.lang.values import Nil
from checker.places import Anchor

WORKBOOK = "zcf_data.xlsx"


@dataclass(slots=True)
class Dossier:
    """A submission as read.

    ``tables`` holds what was submitted, ``unreadable`` the places of tables that were submitted but
    could not be read (they are never taken as nil), ``problems`` what was wrong, ``read_files`` the
    series and documents that were read beside the tables, ``page_texts`` the text of the latter.
    """

    name: str
    header: Header
    tables: dict[str, Table] = field(default_factory=dict)
    nil: dict[str, Nil] = field(default_factory=dict)
    evidence: EvidenceIndex = field(default_factory=EvidenceIndex)
    problems: list[Problem] = field(default_factory=list)
    unreadable: dict[str, Anchor] = field(default_factory=dict)
    read_files: set[str] = field(default_factory=set)
    page_texts: dict[str, list[str]] = field(default_factory=dict)
    files: DossierFiles | None = None

    @property
    def period(self) -> tuple[date, date]:
        """First and last day of the reporting period."""
        start, end = self.header.read("period_start"), self.header.read("period_end")
        return start, end

    @property
    def months(self) -> tuple[str, ...]:
        """Months touched by the reporting period."""
        start, end = self.period
        return month_span(f"{start:%Y-%m}", f"{end:%Y-%m}")

    def expected_place(self, code: str) -> Anchor:
        """Where a table should stand that was not submitted."""
        if code in self.tables:
            return self.tables[code].head()
        spec = all_specs()[code]
        label = f"{code} {spec.title}"
        workbook = self.files.find(WORKBOOK) if self.files is not None else None
        if workbook:
            return Anchor(workbook, f"{code} {spec.title}", label=label)
        return Anchor(f"tables/{code}.csv", label=label)


def load_dossier(path: Path) -> Dossier:
    """Read the dossier at ``path`` (folder or zip).

    Raises ``UsageError`` when there is nothing, ``DossierError`` when it cannot be read at all;
    everything less is a problem in the result.
    """
    files = open_dossier(path)
    if "dossier.yaml" not in files.entries:
        raise DossierError([_no_header(files), *files.problems])
    header, problems = read_header(files.read("dossier.yaml"), "dossier.yaml")
    dossier = Dossier(path.resolve().name, header, files=files)
    dossier.problems = [*files.problems, *problems]
    dossier.nil = read_nil(header, dossier.problems)
    for code, raw in sorted(_raw_tables(files, dossier).items()):
        table = type_table(raw, table_specs()[code], dossier.problems)
        if table is not None:
            dossier.tables[code] = table
        else:
            dossier.unreadable[code] = Anchor(raw.file, raw.sheet)
    dossier.evidence = index_evidence(
        dossier.tables.get("T19"), files, dossier.problems, inputs(dossier)
    )
    report_unindexed(cited(dossier), dossier.evidence, dossier.problems)
    report_unread(dossier)
    return dossier


def inputs(dossier: Dossier) -> frozenset[str]:
    """Files the figures are read from."""
    return frozenset({"dossier.yaml", *(table.file for table in dossier.tables.values())})


def _no_header(files: DossierFiles) -> Problem:
    """Where the header may be instead: in a folder below, or under another ending."""
    names = ("dossier.yaml", "dossier.yml", "dossier.yaml.txt")
    near = [path for path in files.entries if PurePosixPath(path).name.lower() in names]
    key = "dossier.header_elsewhere" if near else "dossier.no_header"
    return Problem(key, Anchor("dossier.yaml"), {"where": ", ".join(near[:3])}, "blocker")


def report_unread(dossier: Dossier) -> None:
    """Spreadsheets and CSV files that were neither read as tables nor indexed as evidence."""
    files = dossier.files
    read = inputs(dossier) | {problem.anchor.file for problem in dossier.problems}
    read |= {entry.path for entry in dossier.evidence.entries.values()}
    for path in files.entries if files is not None else ():
        pure = PurePosixPath(path)
        if pure.suffix.lower() in _SPREADSHEETS and path not in read and pure.parts[0] != "series":
            args = {"name": pure.name, "wanted": WORKBOOK}
            problem = Problem("file.unread_table", Anchor(path), args, "major")
            dossier.problems.append(problem)


_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv")


def cited(dossier: Dossier) -> Iterator[tuple[str, str, Anchor]]:
    """Evidence ids that tables and nil statements cite: table or header, id, place."""
    for code, table in dossier.tables.items():
        for index, value in enumerate(
            table.columns.get("evidence_id", ()) if code != "T19" else ()
        ):
            if isinstance(value, str):
                yield code, value, table.place(index, "evidence_id")
    entries: Any = dossier.header.document.data.get("nil") or []
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get("evidence_id"), str):
            anchor = dossier.header.document.anchor(("nil", index, "evidence_id"), "evidence_id")
            yield "dossier.yaml", entry["evidence_id"], anchor


def read_nil(header: Header, problems: list[Problem]) -> dict[str, Nil]:
    """Statements that something does not occur, by topic."""
    found: dict[str, Nil] = {}
    entries: Any = header.document.data.get("nil") or []
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict) or not entry.get("topic") or not entry.get("reason"):
            continue
        anchor = header.document.anchor(("nil", index), f"nil: {entry['topic']}")
        topic = str(entry["topic"])
        if topic in found:
            problems.append(Problem("header.nil_twice", anchor, {"topic": topic}, "minor"))
        found[topic] = Nil(topic, str(entry["reason"]), anchor)
    return found


def _raw_tables(files: DossierFiles, dossier: Dossier) -> dict[str, RawTable]:
    tables: dict[str, RawTable] = {}
    problems, unreadable = dossier.problems, dossier.unreadable
    workbook = files.find(WORKBOOK)
    if workbook:
        from checker.dossier.workbook import read_workbook  # noqa: PLC0415  (zip, openpyxl)

        tables = read_workbook(files.read(workbook), workbook, problems, unreadable)
    for path in sorted(files.entries):
        pure = PurePosixPath(path)
        if pure.suffix.lower() != ".csv" or "tables" not in map(str.lower, pure.parts[:-1]):
            continue
        code = table_code(pure.stem)
        if not code:
            args: dict[str, Arg] = {"name": pure.name}
            problems.append(Problem("csv.unknown_table", Anchor(path), args, "major"))
        elif code in tables:
            other = tables[code].file
            args = {"table": code, "other": other}
            problems.append(Problem("table.twice", Anchor(path), args, "blocker"))
            unreadable[code] = Anchor(path)
        elif (raw := read_csv(files.read(path), path, problems)) is not None:
            tables[code] = raw
        else:
            unreadable[code] = Anchor(path)
    return tables
