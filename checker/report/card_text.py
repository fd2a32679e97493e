"""A card in words: what it is, where it comes from, how its expressions read, what proves it."""

from collections.abc import Iterator, Mapping

from checker.dossier.schema import all_specs
from checker.lang.nodes import Node
from checker.packs.book import Quantity, Requirement, RuleBook
from checker.packs.cards import Bilingual, Clause
from checker.report.messages import label
from checker.report.names import names_of


def show_card(
    card: Quantity | Requirement, book: RuleBook, cases: Mapping[str, int], lang: str
) -> Iterator[str]:
    """Lines that show a card with its clause, words, expressions and number of cases."""
    yield f"{card.card.id} — {_say(card.card.title, lang)}"
    yield _clause(card.card.pack, card.card.clause, book, lang)
    yield f"{label('show.place', lang)}: {card.card.anchor.file}:{card.card.anchor.line}"
    if isinstance(card, Requirement):
        yield from _marks(card, lang)
    yield ""
    yield from expressions(card, lang)
    if isinstance(card, Requirement):
        yield from (f"  {name}: {text}" for name, text in card_words(card, lang))
    counted = ", ".join(f"{state} {count}" for state, count in sorted(cases.items())) or "—"
    yield f"{label('show.cases', lang)}: {counted}"


def explain_card(card: Quantity | Requirement, book: RuleBook, lang: str) -> Iterator[str]:
    """Lines that explain how a card is judged, and every name it reads."""
    yield f"{card.card.id} — {_say(card.card.title, lang)}"
    yield from expressions(card, lang)
    yield ""
    yield label("show.names", lang) + ":"
    for name, told in names_of(iter(nodes_of(card)), book, lang).items():
        yield f"  {name}: {told}"
    yield ""
    yield from _states(card, lang)


def nodes_of(card: Quantity | Requirement) -> list[Node]:
    """Checked expressions of a card, in reading order, with what it prints."""
    return [*card.nodes(), *(card.show.values() if isinstance(card, Requirement) else ())]


def expressions(card: Quantity | Requirement, lang: str) -> Iterator[str]:
    """The expressions of a card as its author wrote them, each under its key."""
    found = card.card
    if found.rows is not None:
        yield f"  {label('show.for', lang)} {found.variable}: {_line(found.rows.text)}"
    if isinstance(card, Requirement) and card.card.applies_when is not None:
        yield f"  {label('show.applies_when', lang)}: {_line(card.card.applies_when.text)}"
    for name, source in found.where:
        yield f"  {label('show.where', lang)} {name} = {_line(source.text)}"
    if isinstance(card, Requirement):
        for source in card.card.needs:
            yield f"  {label('show.needs', lang)}: {_line(source.text)}"
    if isinstance(card, Quantity):
        if card.card.by is not None:
            yield f"  {label('show.by', lang)}: {_line(card.card.by.text)}"
        formula = _line(card.card.formula.text)
        yield f"  {label('ui.formula', lang)}: {formula} [{card.card.unit.name}]"
    elif card.card.assertion is not None:
        yield f"  {label('ui.assertion', lang)}: {_line(card.card.assertion.text)}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _say(text: Bilingual | None, lang: str) -> str:
    if text is None:
        return ""
    return text.en if lang == "en" else text.zh


def _clause(pack: str, clause: Clause, book: RuleBook, lang: str) -> str:
    reference = book.reference(pack, clause.source)
    document = f"{reference.document} {reference.number}".strip() if reference else clause.source
    dated = f" ({reference.date})" if reference else ""
    mark = f"{label('ui.confidence', lang)} {clause.confidence}"
    return f"{label('ui.clause', lang)}: {document}{dated} · {clause.heading} [{mark}]"


def _marks(card: Requirement, lang: str) -> Iterator[str]:
    yield " · ".join(marks(card, lang))


def marks(card: Requirement, lang: str) -> tuple[str, ...]:
    """Kind, modality, severity, gate, way of judging, and whether it binds."""
    found = card.card
    return (
        label("card." + found.kind, lang),
        label("modality." + found.modality, lang),
        label("severity." + found.severity, lang),
        label(f"gate.{found.gate}.name", lang),
        label("how." + found.mode, lang),
        label("show.binding" if found.binding else "show.not_binding", lang),
    )


def card_facts(card: Quantity | Requirement, book: RuleBook, lang: str) -> list[tuple[str, str]]:
    """What stands at the head of a card's page."""
    found = card.card
    text = _clause(found.pack, found.clause, book, lang).partition(": ")[2]
    facts = [(label("docs.pack", lang), found.pack), (label("docs.clause", lang), text)]
    if isinstance(card, Requirement):
        facts.append((label("docs.kind", lang), " · ".join(marks(card, lang))))
    else:
        facts.append((label("docs.unit", lang), card.card.unit.name))
        if card.card.note is not None:
            facts.append((label("docs.note", lang), _say(card.card.note, lang)))
    facts.append((label("show.place", lang), f"{found.anchor.file}:{found.anchor.line}"))
    return facts


def card_words(card: Requirement, lang: str) -> list[tuple[str, str]]:
    """What is said when the card fails, and what a person is asked."""
    texts = (
        ("show.message", card.card.message),
        ("ui.remedy", card.card.remedy),
        ("show.question", card.card.question),
        ("show.guidance", card.card.guidance),
    )
    return [(label(key, lang), _say(text, lang)) for key, text in texts if text is not None]


def _states(card: Quantity | Requirement, lang: str) -> Iterator[str]:
    """When the card gives which state."""
    if isinstance(card, Quantity):
        yield label("show.figure_states", lang)
        return
    judged = card.card.mode == "judged"
    yield label("show.state_judged" if judged else "show.state_pass", lang)
    yield label("show.state_fail", lang)
    if card.applies_when is not None or card.rows is not None:
        yield label("show.state_not_applicable", lang)
    yield label("show.state_not_evaluated", lang)


def table_lines(code: str, lang: str) -> list[str] | None:
    """Columns of a table: name, title, unit or form, options; None when there is no such table."""
    spec = all_specs().get(code)
    if spec is None:
        return None
    second = lang == "en"
    lines = [f"{code} {spec.title_en if second else spec.title}"]
    for name, column in spec.columns.items():
        form = column.unit.name if column.unit is not None else column.kind
        options = ", ".join(option.code for option in column.options)
        needed = label("ui.required", lang) if column.required else ""
        title = column.title_en if second else column.title
        lines.append("  " + "  ".join(filter(None, (name, title, f"[{form}]", options, needed))))
    return lines
