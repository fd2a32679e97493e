"""Reads ``amendments.yaml`` of a pack, and the same keys of a tailoring file."""

from checker.packs.amendments import TAILORED, Amendments, CardChange, ParameterChange
from checker.packs.cards import CARD_KINDS, CONFIDENCES, SEVERITIES, Clause
from checker.packs.read_cards import read_unit
from checker.packs.read_data import known_source
from checker.packs.shape import Shape, bounded


def read_amendments(shape: Shape, owner: str, sources: frozenset[str] | None) -> Amendments:
    """``parameters`` and ``cards`` of a mapping.

    ``sources`` are the documents of the pack; None for a tailoring file, which gives reasons and
    may leave cards out.
    """
    parameters = [_parameter(inner, sources) for inner in shape.each("parameters", required=False)]
    cards = [_card(inner, sources is None) for inner in shape.each("cards", required=False)]
    return Amendments(owner, tuple(filter(None, parameters)), tuple(cards))


def _parameter(shape: Shape, sources: frozenset[str] | None) -> ParameterChange | None:
    name, value, unit = shape.text("id"), shape.number("value"), read_unit(shape)
    if sources is None:
        document = shape.text("document", required=False)
        reason = shape.text("reason")
        clause = Clause(TAILORED, f"{document} {reason}".strip(), "D")
    else:
        source = known_source(shape, sources)
        clause = Clause(source, shape.text("clause"), shape.choice("confidence", CONFIDENCES))
    verified = shape.day("verified_on")
    anchor = shape.document.anchor(shape.path, name)
    shape.close()
    if value is not None and not bounded(value):
        shape.report("pack.value", shape.at("value"), value=f"{value:.3e}")
        return None
    return None if value is None else ParameterChange(name, value, unit, clause, anchor, verified)


def _card(shape: Shape, tailoring: bool) -> CardChange:
    name, reason = shape.text("id"), shape.text("reason")
    severity = shape.choice("severity", ("", *SEVERITIES), "")
    kind = shape.choice("kind", ("", *CARD_KINDS), "")
    leave_out = shape.flag("leave_out", False) if tailoring else False
    if leave_out and (severity or kind):
        shape.report("pack.exclusive", shape.at("leave_out"), names="leave_out / severity, kind")
    if not (severity or kind or leave_out):
        shape.report("pack.amend_nothing", shape.path, name=name)
    anchor = shape.document.anchor(shape.path, name)
    shape.close()
    return CardChange(name, severity, kind, reason if leave_out else "", reason, anchor)
