"""A tailoring file: what one engagement selects, tightens or sets; named in the report by hash."""

from dataclasses import dataclass, replace
from pathlib import Path

from checker.errors import PackError, Problem
from checker.nearest import nearest
from checker.packs.amendments import TAILORED, Amendments
from checker.packs.book import RuleBook
from checker.packs.cards import GATES, Reference
from checker.packs.given import read_given
from checker.packs.read_amendments import read_amendments
from checker.places import Anchor

FORMAT = "zcf-tailoring/1"


@dataclass(frozen=True, eq=False)
class Tailoring:
    """A tailoring file: who made it for what, its hash, and its changes.

    ``gates`` and ``packs`` narrow the check to some; what they leave out is shown as left out.
    """

    file: str
    sha256: str
    title: str
    author: str
    made_on: str
    reason: str
    gates: tuple[str, ...]
    packs: tuple[str, ...]
    amendments: Amendments
    anchor: Anchor

    def reference(self) -> Reference:
        """The file as the document behind what it sets."""
        return Reference(TAILORED, self.title, self.sha256[:16], self.made_on, "", "D", self.author)

    def changes(self, book: RuleBook) -> Amendments:
        """Its amendments, with the cards that its selection leaves out.

        Raises ``PackError`` when it selects a pack that is not there.
        """
        self._known(book)
        if not (self.gates or self.packs):
            return self.amendments
        left = tuple(
            requirement.card.id
            for requirement in book.requirements
            if not self._selects(requirement.card.gate, requirement.card.pack)
        )
        return replace(self.amendments, unselected=left, reason=self.reason, anchor=self.anchor)

    def _known(self, book: RuleBook) -> None:
        known = {requirement.card.pack for requirement in book.requirements}
        unknown = [pack for pack in self.packs if pack not in known]
        if unknown:
            args = {"name": unknown[0], "hint": nearest(unknown[0], sorted(known), 0.4)}
            raise PackError([Problem("tailoring.pack", self.anchor, args, "blocker")])

    def _selects(self, gate: str, pack: str) -> bool:
        return (not self.gates or gate in self.gates) and (not self.packs or pack in self.packs)


def read_tailoring(path: Path) -> Tailoring:
    """Read a tailoring file; raises ``UsageError`` without it, ``PackError`` with all problems."""
    shape, digest = read_given(path, FORMAT)
    title, author = shape.text("title"), shape.text("author")
    made_on = shape.day("made_on", required=True)
    select = shape.optional("select")
    gates: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    reason = ""
    if select is not None:
        gates, packs = select.texts("gates"), select.texts("packs")
        reason = select.text("reason")
        for gate in gates:
            select.one_of("gates", gate, GATES)
        select.close()
    amendments = read_amendments(shape, TAILORED, None)
    shape.close()
    if shape.problems:
        raise PackError(shape.problems)
    anchor = shape.document.anchor(("select",), "select")
    day = made_on.isoformat() if made_on else ""
    fields = (path.name, digest, title, author, day, reason, gates, packs, amendments, anchor)
    return Tailoring(*fields)
