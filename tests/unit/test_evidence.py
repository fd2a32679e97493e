"""Evidence: numbers looked up in PDF text, content identifiers, equal files and pages."""

import base64
import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from checker.check import Options, check
from checker.dossier.content_id import hash_of, hash_of_cid, is_cid
from checker.dossier.load import load_dossier
from checker.evidence.derive import derive_evidence
from checker.evidence.pages import page_texts
from checker.evidence.wanted import Wanted, plain_text, stands_in
from tests.conftest import AS_OF, EXAMPLES, edit, rules_found

MACHINERY = EXAMPLES / "machinery-2025"


def _item(shown: str, number: str = "") -> Wanted:
    amount = Decimal(number) if number else None
    return Wanted(None, "T05", "total", "总电量", "E1", shown, 0, amount)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("2380000", "总电量 2,380,000 kWh"),
        ("2380000", "合计2380000.00千瓦时"),
        ("2380000", "2380 MWh"),
        ("2380000", "238 万千瓦时"),
        ("2380000", "２３８００００"),
        ("10059.5", "示数 10059.50"),
        ("850", "0.65 850 552.50"),
        ("320", "450\n320\n"),
        ("850", "2025 850 kWh"),
        ("1234567", "1 234 567"),
    ],
)
def test_a_number_is_found_however_it_is_printed(number: str, text: str) -> None:
    assert stands_in(_item(number, number), plain_text(text))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("2380000", "12380000"),
        ("2380000", "23800001"),
        ("2380000", "2380000.5"),
        ("2380000", "2,380"[:3] + "1"),
        ("10059.5", "10059.57"),
        ("5", "2025-05-15"),
        ("30000", "第 3 页"),
        ("2000", "2 items"),
        ("2380000", "2380 t 钢"[:4] + " 件"),
    ],
)
def test_part_of_another_number_is_not_the_number(number: str, text: str) -> None:
    assert not stands_in(_item(number, number), plain_text(text))


def test_an_identifier_is_found_across_blanks_and_hyphens() -> None:
    assert stands_in(_item("INV20250188"), plain_text("发票 INV-2025 0188"))
    assert not stands_in(_item("INV20250188"), plain_text("INV20250189"))
    assert not stands_in(_item("23456"), plain_text("12 34 567"))
    assert not stands_in(_item("1"), plain_text("第 1 页"))


def test_long_pages_take_time_in_proportion() -> None:
    """Many near misses: no slice of the page is copied for each."""
    page = plain_text("1" * 400_000)
    assert not stands_in(_item("111", "111"), page)


def test_a_file_of_the_submission_is_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading process does not look for modules in the current folder."""
    for name in ("json", "pypdfium2", "resource"):
        (tmp_path / f"{name}.py").write_text("open('ran.txt', 'w').write('x')\nraise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    files = load_dossier(MACHINERY).files
    assert files is not None
    good = sorted(p for p in files.entries if p.endswith(".pdf"))[0]
    assert dict(page_texts(files, [good]))[good]
    assert not (tmp_path / "ran.txt").exists()


def _cid(content: bytes, codec: int = 0x55) -> str:
    packed = bytes((1, codec, 0x12, 32)) + hashlib.sha256(content).digest()
    return "b" + base64.b32encode(packed).decode().lower().rstrip("=")


def test_a_raw_cid_is_the_hash_of_the_file() -> None:
    assert hash_of_cid(_cid(b"hello")) == hashlib.sha256(b"hello").hexdigest()
    assert hash_of_cid("ipfs://" + _cid(b"hello")) == hashlib.sha256(b"hello").hexdigest()
    spare = _cid(b"hello")[:-1] + {"a": "b", "q": "r"}.get(_cid(b"hello")[-1], "b")
    assert hash_of_cid(spare) is None
    known = "bafkreigxldrh3lo2spyg424ga4r7srss4f4umm3v7njljod7qvyjtvlg7e"  # a published one
    assert hash_of_cid(known) is not None


@pytest.mark.parametrize(
    "text", [_cid(b"x", 0x70), _cid(b"x", 0x71), "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"]
)
def test_other_cids_cannot_be_checked_and_are_known_as_such(text: str) -> None:
    assert is_cid(text)
    assert hash_of_cid(text) is None


@pytest.mark.parametrize("text", ["", "b", "bafk!!", "sha256:12", "b" + "a" * 200, "B" + "A" * 58])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    assert hash_of_cid(text) is None
    assert hash_of(text) is None


def test_hashes_of_the_index_are_checked(copy_of) -> None:  # type: ignore[no-untyped-def]
    folder = copy_of(MACHINERY)
    path = next((folder / "tables").glob("T19*.csv"))
    lines = path.read_text(encoding="utf-8").splitlines()
    body = [line.split(",") for line in lines]
    file = folder / body[3][body[1].index("path")]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    values = [digest, "0" * 64, "", "xyz"] + [""] * len(body)
    cids = ["", "", _cid(b"x", 0x70), _cid(file.read_bytes())] + [""] * len(body)
    heads = [["文件SHA-256", "内容标识CID"], ["sha256", "cid"], ["", ""]]
    extra = heads + [list(pair) for pair in zip(values, cids, strict=False)]
    text = "\n".join(",".join([*row, *more]) for row, more in zip(body, extra, strict=False))
    path.write_text(text + "\n", encoding="utf-8")
    dossier = load_dossier(folder)
    derive_evidence(dossier)
    found = [p.key for p in dossier.problems if "hash" in p.key or "cid" in p.key]
    wanted = {"evidence.hash_differs": 2, "evidence.cid_not_checkable": 1, "evidence.hash_form": 1}
    assert {
        key: found.count(key) for key in found
    } == wanted  # one hash, and the CID of another file


def test_a_number_that_is_not_in_the_document_is_one_finding(copy_of) -> None:  # type: ignore[no-untyped-def]
    folder = copy_of(MACHINERY)
    path = next((folder / "tables").glob("T05*.csv"))
    edit(path, "INV20250388", "INV20250398")
    result = check(folder, Options(AS_OF))
    assert rules_found(result) == ["CORE-E79-IN-EVIDENCE"]
    place = result["findings"][0]["places"][0]
    assert place["file"].endswith(".pdf")
    assert place["page"] == 1


def test_one_file_under_two_names_is_a_question(copy_of) -> None:  # type: ignore[no-untyped-def]
    folder = copy_of(MACHINERY)
    names = sorted((folder / "evidence").iterdir())
    names[1].write_bytes(names[0].read_bytes())
    dossier = load_dossier(folder)
    derive_evidence(dossier)
    same = [p for p in dossier.problems if p.key == "evidence.same_file"]
    assert len(same) == 1
    assert same[0].severity == "observation"


def test_pages_of_rubbish_are_none_and_the_next_file_is_read(tmp_path: Path) -> None:
    dossier = load_dossier(MACHINERY)
    assert dossier.files is not None
    good = sorted(p for p in dossier.files.entries if p.endswith(".pdf"))[0]
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    files = load_dossier(MACHINERY).files
    assert files is not None
    files.entries["../bad.pdf"] = files.entries[good]
    texts = dict(page_texts(files, ["dossier.yaml", good]))
    assert texts["dossier.yaml"] is None
    assert texts[good]
