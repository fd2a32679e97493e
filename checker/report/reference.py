"""A reference page of one pack, in Markdown: what clerks fill in and auditors look up."""

from collections.abc import Iterable, Iterator, Sequence

from checker.packs.book import Quantity, RuleBook
from checker.packs.cards import FactorFamily, Reference
from checker.packs.conditions import Condition, Interval
from checker.packs.decisions import Decision
from checker.packs.pack import Pack

MAX_KEYS = 60


def reference_page(pack: Pack, book: RuleBook) -> str:
    """The page of a pack; ``book`` binds it with all it extends."""
    own = [q for q in book.quantities if q.card.pack == pack.head.id]
    parts = [
        _head(pack),
        _processes(own),
        _figures(own),
        _requirements(pack),
        _parameters(pack),
        _decisions(pack.decisions),
        _families(pack.families),
        _sources(pack.head.sources.values()),
    ]
    return "\n".join(part for part in parts if part).rstrip() + "\n"


def _head(pack: Pack) -> str:
    head = pack.head
    conditions = "；".join(f"{k}: {', '.join(v)}" for k, v in head.applies_when.items()) or "—"
    rows = [
        ("包 / pack", f"`{head.id}` {head.version} ({head.kind})"),
        ("继承 / extends", ", ".join(f"`{name}`" for name in head.extends) or "—"),
        ("适用 / applies when", conditions),
        ("生效 / in force", f"{head.start} – {head.until or ''}"),
    ]
    lines = [f"# {head.title.zh} · {head.title.en}", "", "<!-- generated: make reference -->", ""]
    return "\n".join([*lines, *_table(("", ""), rows), ""])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def _section(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join([f"## {title}", "", *_table(head, rows), ""]) if rows else ""


def _reads(quantity: Quantity) -> tuple[str, str]:
    """Measured parameters and factor families of a card."""
    measured = sorted(
        f"`{name}` [{unit.name}]" for name, unit in quantity.formula.named("measured")
    )
    families = sorted({f"`{name}`" for name, _ in quantity.formula.named("factor")})
    return ", ".join(measured) or "—", ", ".join(families) or "—"


def _processes(own: list[Quantity]) -> str:
    rows = []
    for quantity in own:
        card = quantity.card
        if card.process:
            measured, families = _reads(quantity)
            note = f"<br>{card.note.zh}" if card.note else ""
            name = f"{card.title.zh}<br>{card.title.en}{note}"
            clause = f"{card.clause.heading} ({card.clause.confidence})"
            rows.append((f"`{card.process}`", name, card.unit.name, clause, measured, families))
    title = "过程代码（T14）与实测参数（T30） · process codes and measured parameters"
    head = ("代码 code", "过程 process", "单位 unit", "公式 formula", "T30 参数", "因子 factors")
    return _section(title, head, rows)


def _figures(own: list[Quantity]) -> str:
    rows = [
        (f"`{q.card.id}`", f"{q.card.title.zh}<br>{q.card.title.en}", q.card.unit.name, _clause(q))
        for q in own
        if not q.card.process
    ]
    head = ("数值 figure", "名称 title", "单位 unit", "依据 clause")
    return _section("数值 · figures", head, rows)


def _clause(quantity: Quantity) -> str:
    clause = quantity.card.clause
    return f"{clause.heading} ({clause.source}, {clause.confidence})"


def _requirements(pack: Pack) -> str:
    rows = [
        (
            f"`{card.id}`",
            f"{card.title.zh}<br>{card.title.en}",
            f"{card.kind} / {card.modality}",
            card.severity,
            f"{card.clause.heading} ({card.clause.source}, {card.clause.confidence})",
        )
        for card in pack.requirements
    ]
    head = ("卡片 card", "要求 requirement", "性质 kind", "严重性 severity", "依据 clause")
    return _section("要求 · requirements", head, rows)


def _parameters(pack: Pack) -> str:
    rows = []
    for parameter in pack.parameters:
        for value in parameter.values:
            shown = "unknown" if value.value is None else f"{value.value} {parameter.unit.name}"
            dates = f"{value.start} – {value.until or ''}"
            clause = f"{value.clause.heading} ({value.clause.source}, {value.clause.confidence})"
            name = f"{parameter.title.zh}<br>{parameter.title.en}"
            rows.append((f"`{parameter.id}`", name, shown, dates, clause))
    head = ("参数 parameter", "名称 title", "值 value", "时段 dates", "依据 clause")
    return _section("参数 · parameters", head, rows)


def _decisions(tables: Sequence[Decision]) -> str:
    """Every rule of every decision table, a line each."""
    rows = []
    for table in tables:
        for rule in table.rules:
            asked = zip(table.inputs, rule.conditions, strict=True)
            when = "；".join(f"{given.title.zh} {_condition(one)}" for given, one in asked)
            value = "unknown" if rule.value is None else f"{rule.value:f}"
            source = f"{rule.clause.heading} ({rule.clause.source}, {rule.clause.confidence})"
            name = f"`{table.id}`<br>{table.title.zh}<br>{table.title.en}"
            rows.append((name, when, f"{value} {table.unit.name}", source))
    head = ("表 table", "条件 when", "值 value", "来源 source")
    return _section("决策表 · decision tables", head, rows)


def _condition(condition: Condition) -> str:
    if condition is None:
        return "*"
    return str(condition) if isinstance(condition, Interval) else "/".join(sorted(condition))


def _families(families: Iterable[FactorFamily]) -> str:
    rows = []
    for family in families:
        names = list(dict.fromkeys(" / ".join(keys) for keys in family.rows))
        listed = "、".join(names[:MAX_KEYS]) + (" …" if len(names) > MAX_KEYS else "")
        title = f"{family.title.zh}<br>{family.title.en}"
        rows.append((f"`{family.id}`", title, family.unit.name, ", ".join(family.keys), listed))
    head = ("因子族 family", "名称 title", "单位 unit", "键 keys", "条目 entries")
    return _section("因子 · factors", head, rows)


def _sources(sources: Iterable[Reference]) -> str:
    rows = [
        (f"`{s.id}`", " ".join(filter(None, (s.document, s.number))), s.date, s.confidence, s.note)
        for s in sources
    ]
    head = ("来源 source", "文件 document", "日期 date", "可信度 confidence", "说明 note")
    return _section("来源 · sources", head, rows)
