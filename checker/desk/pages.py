"""The pages of the desk, rendered from templates: nothing of a dossier is ever markup."""

from collections.abc import Mapping
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from checker.desk.excerpt import Excerpt
from checker.desk.session import Item, Session
from checker.report.environment import environment
from checker.report.outline.blocks import Source
from checker.report.outline.found import question_text
from checker.report.voice import Voice, joined
from checker.report.writers.inert import visible


class Pages:
    """Renders for one session in one language at a time."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.jinja: ImmutableSandboxedEnvironment = environment()
        self.voices = {lang: Voice(session.result, lang) for lang in ("zh", "en")}

    def whole(self, lang: str, token: str) -> str:
        """The page with the list of items."""
        session = self.session
        return self._render(
            "desk/desk.html.j2",
            lang,
            items=session.items(),
            record=session.record,
            token=token,
            head=session.record.get("ledger", {}).get("head", ""),
        )

    def item(self, item: Item, lang: str) -> str:
        """One item: what it says, its working and places, and the form."""
        return self._render(
            "desk/item.html.j2",
            lang,
            item=item,
            reasons=self.session.reasons,
            people=self.session.people,
        )

    def place(self, excerpt: Excerpt, place: Mapping[str, Any], lang: str) -> str:
        """What stands at a place, with the evidence its row cites."""
        cited = {cell for _, meant, cells in excerpt.rows if meant for cell in cells}
        files = [
            (name, path)
            for name, paths in self.session.evidence.items()
            for path in paths
            if name in cited
        ]
        return self._render(
            "desk/place.html.j2", lang, excerpt=excerpt, place_=place, evidence=files
        )

    def _render(self, name: str, lang: str, **context: Any) -> str:
        voice = self.voices[lang]
        source = Source(self.session.result, voice, self.session.record)
        template = self.jinja.get_template(
            name,
            globals={
                "t": lambda key, **args: joined(voice.label(key, **args)),
                "both": lambda texts: joined(voice.both(texts)),
                "message": lambda finding: joined(voice.message(finding)),
                "typed": lambda value: joined(voice.typed(value)),
                "place": lambda place: voice.place(place)[0],
                "question": lambda entry, part: joined(question_text(source, entry, part)),
                "document": lambda clause: joined(voice.document(clause)),
                "likely": lambda cause: joined(voice.likely(cause)),
            },
        )
        page = template.render(lang=lang, r=self.session.result, **context)
        return visible(page, len(page))
