"""``docs/coverage.md``: clause → card → cases, and what is not covered, with the reason."""

from collections.abc import Iterator

from checker.workshop.coverage import CardCover, Coverage, Line


def coverage_page(found: Coverage) -> str:
    """The page in Markdown, Chinese and English."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Coverage) -> Iterator[str]:
    uncovered = found.uncovered
    yield "# 条款覆盖 · Clause coverage"
    yield ""
    yield "<!-- generated: make reference -->"
    yield ""
    count = len(found.lines)
    yield (
        f"{count} 条条款，{count - len(uncovered)} 条有卡片。 "
        f"{count} clauses, {count - len(uncovered)} of them with cards."
    )
    yield ""
    for pack in dict.fromkeys(line.pack for line in found.lines):
        yield f"## {pack}"
        yield ""
        yield "| 条款 clause | 内容 says | 卡片 cards | 用例 cases |"
        yield "|---|---|---|---|"
        for line in found.lines:
            if line.pack == pack and line.covered:
                yield _row(line)
        yield ""
    yield "## 没有覆盖 · Uncovered"
    yield ""
    if not uncovered:
        yield "没有。None."
        return
    yield "| 包 pack | 条款 clause | 内容 says | 理由 reason |"
    yield "|---|---|---|---|"
    for line in uncovered:
        clause = line.clause
        reason = f"{clause.reason.zh}<br>{clause.reason.en}" if clause.reason else "**?**"
        says = f"{clause.says.zh}<br>{clause.says.en}"
        cells = (line.pack, _name(line), says, reason)
        yield "| " + " | ".join(map(_cell, cells)) + " |"


def _row(line: Line) -> str:
    clause = line.clause
    cards = "<br>".join(f"`{card.id}` {card.kind}" for card in line.cards)
    cases = "<br>".join(_cases(card) for card in line.cards)
    says = f"{clause.says.zh}<br>{clause.says.en}"
    return f"| {_cell(_name(line))} | {_cell(says)} | {cards} | {cases} |"


def _name(line: Line) -> str:
    clause = line.clause
    same = clause.clause.startswith(clause.id)
    return clause.clause if same else f"{clause.id} {clause.clause}"


def _cases(card: CardCover) -> str:
    return ", ".join(f"{state} {count}" for state, count in sorted(card.cases.items())) or "—"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
