"""The functions and list functions of the language: names, arguments and result types.

One table for the static check, the evaluator and the reference page.
"""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Signature:
    """``arguments`` are kinds: num, text, date, bool, qty, rows, any, same (all alike).

    A trailing ``*`` lets the last kind repeat, ``?`` lets it be left out. ``result`` is a kind, or
    ``first`` for the type of the first argument.
    """

    arguments: tuple[str, ...]
    result: str
    example: str


FUNCTIONS: dict[str, Signature] = {
    "has": Signature(("any",), "bool", "has(T05.only(b, b.account == '1').invoice)"),
    "first": Signature(
        ("same*",), "first", "first(electricity.billed, electricity.ledger_purchased)"
    ),
    "abs": Signature(("num",), "first", "abs(a - b)"),
    "least": Signature(("same*",), "first", "least(a, b)"),
    "greatest": Signature(("same*",), "first", "greatest(a, 0[kWh])"),
    "size": Signature(("rows",), "pure", "size(T11)"),
    "to": Signature(("qty", "text"), "unit", 'to(r.consumption, "t")'),
    "agrees": Signature(("qty", "text", "text?"), "bool", "agrees(d.value, d.figure, d.period)"),
    "recomputed": Signature(
        ("qty", "text", "text?"), "first", "recomputed(d.value, d.figure, d.period)"
    ),
    "evidence": Signature(("text",), "bool", "evidence(s.evidence_id)"),
    "is_process": Signature(("text",), "bool", "is_process(p.process)"),
    "is_figure": Signature(("text",), "bool", "is_figure(u.subject)"),
    "is_parameter": Signature(("text",), "bool", "is_parameter(m.parameter)"),
    "energy": Signature(("text",), "text", "energy(f.subject)"),
    "date": Signature(("text",), "date", 'date("2025-12-31")'),
    "as_of": Signature((), "date", "as_of()"),
    "month_of": Signature(("date",), "text", "month_of(b.start)"),
    "later": Signature(("text", "num"), "text", "later(c.month, 24)"),
    "days": Signature(("date", "date"), "pure", "days(dossier.period_start, dossier.period_end)"),
    "months": Signature((), "pure", "months()"),
    "year": Signature(("num",), "text", "year(-1)"),
    "serials": Signature(("text", "text"), "pure", "serials(c.first, c.last)"),
    "starts_with": Signature(("text", "text"), "bool", 'starts_with(d.standard, "GB/T 32150")'),
}

LIST_FUNCTIONS: dict[str, Signature] = {
    "exists": Signature(("bool",), "bool", "T03.exists(s, s.kind == 'process')"),
    "all": Signature(("bool",), "bool", "T11.all(c, c.status == 'cancelled')"),
    "filter": Signature(("bool",), "rows", "T10.filter(g, g.kind == 'direct')"),
    "count": Signature(("bool",), "pure", "T17.count(f, f.present)"),
    "sum": Signature(("num",), "body", "T05.sum(b, b.total)"),
    "min": Signature(("num",), "body", "T05.min(b, b.total)"),
    "max": Signature(("num",), "body", "T05.max(b, b.total)"),
    "only": Signature(("bool",), "row", "T26.only(s, s.topic == 'zero_carbon_plan')"),
    "duplicates": Signature(("any*",), "rows", "T05.duplicates(b, b.account, b.start)"),
    "distinct": Signature(("any*",), "rows", "T04.distinct(r, r.energy, r.facility_id)"),
    "overlaps": Signature(("any*",), "rows", "T11.overlaps(c, c.first, c.last)"),
    "gaps": Signature(("text",), "months", "T04.gaps(r, r.month)"),
}
