"""``rules docs``: one HTML page a card in Chinese and English, and an index to search."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from checker.packs.book import Quantity, Requirement, RuleBook
from checker.packs.pack import Pack
from checker.report.card_text import card_facts, card_words, expressions, nodes_of
from checker.report.environment import environment
from checker.report.messages import LANGUAGES, label
from checker.report.names import names_of
from checker.requirements.case_files import Case
from checker.resources import templates_dir
from checker.workshop.graph import Graph, Thing, graph_of
from checker.workshop.mutate import Score


@dataclass(frozen=True, eq=False)
class Library:
    """What the pages are made of."""

    book: RuleBook
    packs: Sequence[Pack]
    cases: Mapping[str, Sequence[Case]]
    scores: Mapping[str, Score]

    @property
    def cards(self) -> list[Quantity | Requirement]:
        """Cards of the packs, figures first."""
        own = {pack.head.id for pack in self.packs}
        listed: list[Quantity | Requirement] = [*self.book.quantities, *self.book.requirements]
        return [card for card in listed if card.card.pack in own]


def pages(library: Library) -> Iterator[tuple[str, str]]:
    """File names with their texts: ``zh/ID.html``, ``en/ID.html``, the two indexes."""
    jinja = environment()
    graph, files = graph_of(library.book), {card.card.id for card in library.cards}
    for lang in LANGUAGES:
        frame = _frame(lang)
        template = jinja.get_template("rules/card.html.j2")
        for card in library.cards:
            shown = _card(card, library, graph, files, lang)
            file = f"{card.card.id}.html"
            yield f"{lang}/{file}", template.render(c=shown, file=file, **frame)
        index = jinja.get_template("rules/index.html.j2")
        yield (
            f"{lang}/index.html",
            index.render(packs=_index(library, lang), file="index.html", **frame),
        )


def _frame(lang: str) -> dict[str, Any]:
    folder = templates_dir()
    style = (folder / "report.css").read_text(encoding="utf-8")
    script = (folder / "rules" / "rules.js").read_text(encoding="utf-8")
    return {
        "lang": lang,
        "other": "zh" if lang == "en" else "en",
        "up": "../",
        "t": lambda key: label(key, lang),
        "style": Markup(style),
        "script": Markup(script),
        "style_hash": Markup(_hash(style)),
        "script_hash": Markup(_hash(script)),
    }


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _title(card: Quantity | Requirement, lang: str) -> str:
    return card.card.title.en if lang == "en" else card.card.title.zh


def _card(
    card: Quantity | Requirement, library: Library, graph: Graph, files: set[str], lang: str
) -> dict[str, Any]:
    name = card.card.id
    kind = "requirement" if isinstance(card, Requirement) else "figure"
    thing = Thing(kind, name)
    depends = (("graph.below", graph.below(thing)), ("graph.above", graph.above(thing)))
    return {
        "id": name,
        "title": _title(card, lang),
        "facts": card_facts(card, library.book, lang),
        "expressions": [line.strip() for line in expressions(card, lang)],
        "names": list(names_of(iter(nodes_of(card)), library.book, lang).items()),
        "words": card_words(card, lang) if isinstance(card, Requirement) else [],
        "depends": [
            (label(key, lang), [_link(other, files) for depth, other in listed if depth == 1])
            for key, listed in depends
        ],
        "cases": [{"name": c.name, "expect": c.expect} for c in library.cases.get(name, ())],
        "score": _score(library.scores.get(name), lang),
    }


def _link(thing: Thing, files: set[str]) -> dict[str, str]:
    return {"name": str(thing), "file": f"{thing.name}.html" if thing.name in files else ""}


def _score(score: Score | None, lang: str) -> str:
    if score is None:
        return ""
    left = score.count - len(score.equivalent)
    args = {
        "noticed": left - len(score.survivors),
        "count": left,
        "equivalent": len(score.equivalent),
    }
    return label("docs.score", lang, **args)


def _index(library: Library, lang: str) -> list[dict[str, Any]]:
    found = []
    for pack in library.packs:
        cards = [card for card in library.cards if card.card.pack == pack.head.id]
        if cards:
            title = pack.head.title.en if lang == "en" else pack.head.title.zh
            found.append(
                {
                    "id": pack.head.id,
                    "version": pack.head.version,
                    "title": title,
                    "cards": [_entry(card, lang) for card in cards],
                }
            )
    return found


def _entry(card: Quantity | Requirement, lang: str) -> dict[str, str]:
    found = card.card
    kind = label("thing.figure", lang)
    if isinstance(card, Requirement):
        kind = label("card." + card.card.kind, lang)
    texts = (found.id, found.title.zh, found.title.en, found.clause.heading, found.pack, kind)
    return {
        "id": found.id,
        "title": _title(card, lang),
        "kind": kind,
        "words": " ".join(texts).lower(),
    }
