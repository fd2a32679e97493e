"""Symbols and ids for durable_rules: short ASCII names whose 32-bit hashes do not collide.

The library identifies facts, property names and sessions by the FNV-1a hash of their text and
never compares the text itself, so that two unlike texts of one hash are one thing to it. Nothing a
user wrote ever enters the engine; what enters comes from here.
"""

_OFFSET, _PRIME = 0x811C9DC5, 16777619


def fnv32(text: str) -> int:
    """The library's hash of an ASCII text (32-bit FNV-1a)."""
    value = _OFFSET
    for byte in text.encode("ascii"):
        value = ((value ^ byte) * _PRIME) & 0xFFFFFFFF
    return value


class Names:
    """Hands out names with a prefix; a name whose hash is taken is skipped."""

    def __init__(self, prefix: str, taken: set[int]) -> None:
        self.prefix = prefix
        self.taken = taken
        self.count = 0

    def new(self) -> str:
        """A name not handed out before, of a hash not taken before."""
        while True:
            name = f"{self.prefix}{self.count:07d}"
            self.count += 1
            if (code := fnv32(name)) not in self.taken:
                self.taken.add(code)
                return name


class Symbols:
    """Texts to symbols and back, one to one."""

    def __init__(self) -> None:
        self._names = Names("s", set())
        self._of: dict[str, str] = {}
        self._text: dict[str, str] = {}

    def of(self, text: str) -> str:
        """Symbol of a text."""
        symbol = self._of.get(text)
        if symbol is None:
            symbol = self._of[text] = self._names.new()
            self._text[symbol] = text
        return symbol

    def text(self, symbol: str) -> str:
        """Text of a symbol."""
        return self._text[symbol]


def slot_aliases(count: int) -> tuple[str, ...]:
    """Alias names whose hash modulo 16 is their position.

    The library withdraws a pending activation by position in a hash table instead of by name;
    with any other names, facts that arrive late for a negated pattern are ignored.
    """
    found = []
    for position in range(count):
        number = 0
        while fnv32(f"v{position}_{number}") % 16 != position % 16:
            number += 1
        found.append(f"v{position}_{number}")
    return tuple(found)
