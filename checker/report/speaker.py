"""What templates of a report can say: labels and parts of a result, in one language or both."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from checker.report.environment import environment
from checker.report.links import href
from checker.report.messages import LANGUAGES
from checker.report.numbers import show_number, show_quantity
from checker.report.words import Words


class Speaker:
    """Renders in one language, or in both with the English set apart."""

    def __init__(self, result: Mapping[str, Any], lang: str, base: str = "") -> None:
        self.base = base
        self.files = frozenset(entry["path"] for entry in result["inputs"])
        self.words = [Words(result, one) for one in (LANGUAGES if lang == "both" else (lang,))]
        self.labels: dict[str, Markup] = {}

    def say(self, render: Callable[[Words], str]) -> Markup:
        """Text of every language, the second one marked for the style sheet."""
        texts = list(dict.fromkeys(render(words) for words in self.words))
        shown = escape(texts[0])
        for text in texts[1:]:
            shown += Markup(' <span class="en" lang="en">{}</span>').format(text)
        return shown

    def plain(self, texts: Mapping[str, str]) -> str:
        """A bilingual text on one line without markup, for charts."""
        return " / ".join(dict.fromkeys(words.both(texts) for words in self.words))

    def label(self, key: str, /, **args: Any) -> Markup:
        """A label; those without arguments are looked up once."""
        if args:
            return self.say(lambda words: words.label(key, **args))
        if key not in self.labels:
            self.labels[key] = self.say(lambda words: words.label(key))
        return self.labels[key]

    def place(self, place: Mapping[str, Any]) -> Markup:
        """A place, linked to its file where the way is known."""
        text, address = self.say(lambda w: w.place(place)), href(self.base, place, self.files)
        return Markup('<a class="file" href="{}">{}</a>').format(address, text) if address else text

    def functions(self) -> dict[str, Callable[..., str]]:
        """Functions of the templates: ``t`` for labels, others for parts of the result."""
        return {
            "t": self.label,
            "plain": self.plain,
            "both": lambda texts: self.say(lambda w: w.both(texts)),
            "typed": lambda value: self.say(lambda w: w.typed(value)),
            "place": self.place,
            "message": lambda finding: self.say(lambda w: w.message(finding)),
            "document": lambda clause: self.say(lambda w: w.document(clause)),
            "reasoned": lambda fact: self.say(lambda w: w.reasoned(fact)),
            "cause": lambda gap: self.say(lambda w: w.cause(gap)),
            "reason": lambda reason: self.say(lambda w: w.reason(reason)),
            "likely": lambda cause: self.say(lambda w: w.likely(cause)),
            "action": lambda action: self.say(lambda w: w.action(action)),
            "value": lambda fact: self.say(lambda w: show_quantity(fact["value"], fact["unit"])),
            "name": lambda code: self.say(lambda w: w.name_of(code)),
            "coded": lambda column, code: self.say(lambda w: w.coded(column, code)),
        }


def speaking(result: Mapping[str, Any], lang: str, base: str = "") -> ImmutableSandboxedEnvironment:
    """The environment of templates with everything they can say of a result."""
    jinja = environment()
    jinja.globals.update(Speaker(result, lang, base).functions())
    jinja.filters["percent"] = lambda text: show_quantity(text, "%")
    jinja.filters["round_number"] = lambda text: show_number(text, "kWh/kWp")
    return jinja
