"""A result spoken in one language or both: every text is a tuple, one entry a language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from checker.report.messages import LANGUAGES
from checker.report.numbers import show_quantity
from checker.report.words import Words

Text: TypeAlias = tuple[str, ...]
"""One text, or one in each language; what reads the same in both is said once."""


class Voice:
    """Says parts of a result in ``zh``, ``en`` or ``both``."""

    def __init__(self, result: Mapping[str, Any], lang: str) -> None:
        self.lang = lang
        self.words = [Words(result, one) for one in (LANGUAGES if lang == "both" else (lang,))]

    def say(self, render: Callable[[Words], str]) -> Text:
        """What ``render`` says, in every language."""
        return tuple(dict.fromkeys(render(words) for words in self.words))

    def label(self, key: str, /, **args: Any) -> Text:
        """A label of the catalogue."""
        return self.say(lambda words: words.label(key, **args))

    def both(self, texts: Mapping[str, str] | None) -> Text:
        """A bilingual text of the result."""
        return self.say(lambda words: words.both(texts))

    def typed(self, value: Mapping[str, Any]) -> Text:
        """A typed value."""
        return self.say(lambda words: words.typed(value))

    def action(self, action: Mapping[str, Any]) -> Text:
        """What to do."""
        return self.say(lambda words: words.action(action))

    def cause(self, gap: Mapping[str, Any]) -> Text:
        """What is missing."""
        return self.say(lambda words: words.cause(gap))

    def message(self, finding: Mapping[str, Any]) -> Text:
        """Message of a finding."""
        return self.say(lambda words: words.message(finding))

    def document(self, clause: Mapping[str, Any]) -> Text:
        """The document of a clause."""
        return self.say(lambda words: words.document(clause))

    def likely(self, cause: Mapping[str, Any] | None) -> Text:
        """A likely cause, or nothing."""
        return self.say(lambda words: words.likely(cause)) if cause else ()

    def name_of(self, code: str) -> Text:
        """Name of a figure."""
        return self.say(lambda words: words.name_of(code))

    def coded(self, column: str, value: Mapping[str, Any]) -> Text:
        """A value of a column; codes of a closed list by their names."""
        if value["type"] != "text":
            return self.typed(value)
        return self.say(lambda words: words.coded(column, str(value["value"])))

    def reasons(self, reasons: Sequence[Mapping[str, Any]], limit: int = 3) -> Text:
        """Why something is unknown."""
        return self.say(lambda words: "; ".join(map(words.reason, reasons[:limit])))

    def titled(self, code: str, texts: Mapping[str, str]) -> Text:
        """A code before its title."""
        return self.say(lambda words: f"{code} {words.both(texts)}")

    def flips(self, flips: Sequence[Mapping[str, Any]]) -> Text:
        """Inputs with the change at which an indicator meets its limit."""
        return self.say(
            lambda words: "; ".join(
                f"{words.name_of(f['figure'])} {show_quantity(f['change_percent'], '%')}"
                for f in flips
            )
        )

    def reasoned(self, fact: Sequence[str]) -> Text:
        """A fact of the verdict."""
        return self.say(lambda words: words.reasoned(fact))

    def place(self, place: Mapping[str, Any]) -> Text:
        """A place; the same in both languages."""
        return (self.words[0].place(place),)


def joined(text: Text, between: str = " / ") -> str:
    """The languages of a text on one line."""
    return between.join(part for part in text if part)
