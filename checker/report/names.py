"""What a name in an expression is, in words: columns, figures, parameters, factors."""

from collections.abc import Iterator
from datetime import date

from checker.dossier.header import header_titles
from checker.dossier.schema import all_specs
from checker.lang.nodes import Node
from checker.packs.book import RuleBook
from checker.report.messages import label


def names_of(nodes: Iterator[Node], book: RuleBook, lang: str) -> dict[str, str]:
    """Every name that expressions read, with what it is; in reading order."""
    found: dict[str, str] = {}
    for node in nodes:
        _walk(node, book, lang, found)
    return found


def _walk(node: Node, book: RuleBook, lang: str, found: dict[str, str]) -> None:
    told = _told(node, book, lang)
    if told is not None:
        found.setdefault(*told)
    for kid in node.kids:
        _walk(kid, book, lang, found)


def _told(node: Node, book: RuleBook, lang: str) -> tuple[str, str] | None:
    second = lang == "en"
    if node.op == "table":
        spec = all_specs()[node.data]
        return node.data, spec.title_en if second else spec.title
    if node.op == "field":
        return _column(node, second)
    if node.op == "fact":
        card = book.by_id[node.data].card
        return node.data, f"{card.title.en if second else card.title.zh} [{card.unit.name}]"
    if node.op == "param":
        return f"param.{node.data}", parameter_text(book, node.data, lang)
    if node.op == "factor":
        family = book.families[node.data[0]]
        title = family.title.en if second else family.title.zh
        return f'factor("{family.id}", …)', f"{title} [{family.unit.name}]"
    if node.op == "decide":
        table = book.decisions[node.data]
        title = table.title.en if second else table.title.zh
        return f'decide("{table.id}", …)', f"{title} [{table.unit.name}]"
    if node.op == "measured":
        name, unit = node.data
        return f'measured("{name}", …)', f"{label('names.measured', lang)} [{unit.name}]"
    return None


def _column(node: Node, second: bool) -> tuple[str, str]:
    table = node.table
    if table == "dossier":
        return f"dossier.{node.data}", header_titles()[node.data][second]
    spec = all_specs()[table]
    column = spec.columns[node.data]
    place = f"{spec.title_en if second else spec.title} ({table})"
    unit = f" [{column.unit.name}]" if column.unit else ""
    return node.text, f"{place}: {column.title_en if second else column.title}{unit}"


def parameter_text(book: RuleBook, name: str, lang: str) -> str:
    """Title, value in force, document, clause and confidence of a parameter."""
    parameter = book.parameters[name]
    title = parameter.title.en if lang == "en" else parameter.title.zh
    value = parameter.at(book.as_of)
    if value is None:
        return f"{title}: {label('names.not_in_force', lang, day=_iso(book.as_of))}"
    shown = label("ui.unknown", lang) if value.value is None else f"{value.value:f}"
    reference = book.reference(parameter.documents, value.clause.source)
    document = f"{reference.document} {reference.number}".strip() if reference else ""
    source = f"{document} · {value.clause.heading} [{value.clause.confidence}]"
    return f"{title} = {shown} {parameter.unit.name} ({source}, {_iso(value.start)}–)"


def _iso(day: date) -> str:
    return day.isoformat()
