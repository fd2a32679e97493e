"""Makes the fonts of the PDF report from Noto Sans CJK (SIL Open Font License 1.1).

Run once with the path of ``NotoSansCJK-Regular.ttc`` and ``NotoSansCJK-Bold.ttc`` (Debian:
fonts-noto-cjk) and fontTools installed; writes ``reports/fonts``. Regular holds the characters of
GBK, Bold those of GB 2312; both hold Latin and the signs the reports use.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

SIGNS = "²³₂₀₁₃₄₅₆₇₈₉⁻·×±≤≥≈→←↑↓■□●○✓✗—–…〔〕℃㎡Σ∑αβγδμΩ√∞‰※№①②③④⑤⑥⑦⑧⑨⑩"
FAMILY = "Noto Sans CJK SC"


def characters(codec: str) -> set[int]:
    """All characters a double-byte codec can write, besides Latin and the signs."""
    found = {*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x370, 0x400), *map(ord, SIGNS)}
    found |= set(range(0x2010, 0x2030)) | set(range(0x3000, 0x3020)) | set(range(0xFF01, 0xFF5F))
    for high in range(0x81, 0xFF):
        for low in range(0x40, 0xFF):
            try:
                found.add(ord(bytes((high, low)).decode(codec)))
            except (UnicodeDecodeError, TypeError):
                continue
    return found


def make(source: Path, target: Path, codec: str) -> None:
    """One weight."""
    font = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(1) == FAMILY)
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    options.name_IDs = ["*"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters(codec))
    cutter.subset(font)
    font.save(target)


def write_covered(folder: Path) -> None:
    """Characters the regular font has, as ranges: what it lacks is written out in a report."""
    with TTFont(folder / "NotoSansCJKsc-Regular.otf") as font:
        codes = sorted(font.getBestCmap())
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    text = "".join(f"{first:X}-{last:X}\n" for first, last in ranges)
    (folder / "covered.txt").write_text(text, encoding="ascii")


def main() -> None:
    """Regular, then bold."""
    folder = Path(__file__).resolve().parent.parent / "reports" / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    make(Path(sys.argv[1]), folder / "NotoSansCJKsc-Regular.otf", "gbk")
    make(Path(sys.argv[2]), folder / "NotoSansCJKsc-Bold.otf", "gb2312")
    write_covered(folder)


if __name__ == "__main__":
    main()
