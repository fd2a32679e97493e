"""The process that reads documents, apart from the checker and with little memory.

Reads one JSON value a line from standard input. A path is answered with the texts of its pages (of
a Word document, a saved web page or a text with one text),
``{"path", "page"}`` with the picture of that page (PNG, base64), either as one line of JSON, or
``null`` when it cannot be done. Run by ``checker.evidence.pages``.
"""

import base64
import io
import json
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from checker.evidence.kinds import FLOWING

MAX_PAGES = 2_000
MAX_CHARACTERS = 5_000_000
MAX_FLOWING = 20_000_000
"""Bytes of a document without pages."""
MAX_MEMORY = 1_000_000_000
LONGEST_SIDE = 1_500
"""Dots of the longer side of a picture."""


def limit_memory() -> None:
    """A bomb ends this process, not the machine; systems without such limits go without."""
    try:
        import resource  # noqa: PLC0415  (not on every system)

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    except (ImportError, ValueError, OSError):
        return


def page_texts(path: str) -> list[str] | None:
    """Text of every page; an image is an empty text. None for what is no readable PDF."""
    import pypdfium2  # noqa: PLC0415  (after the limit)

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return None
    texts: list[str] = []
    left = MAX_CHARACTERS
    try:
        for index in range(min(len(document), MAX_PAGES)):
            page = document[index]
            text = page.get_textpage().get_text_bounded() if left > 0 else ""
            texts.append(text[:left])
            left -= len(text)
    except (pypdfium2.PdfiumError, MemoryError):
        return None
    finally:
        document.close()
    return texts


def texts(path: str) -> list[str] | None:
    """Texts of a document of any kind that is read; None when it cannot be."""
    suffix = Path(path).suffix.lower()
    if suffix not in FLOWING:
        return page_texts(path)
    try:
        if Path(path).stat().st_size > MAX_FLOWING:
            return None
        text = _word(path) if suffix == ".docx" else _plain(path, suffix)
    except Exception:  # whatever a damaged file makes a library raise
        return None
    return [text[:MAX_CHARACTERS]]


def _word(path: str) -> str:
    import docx  # noqa: PLC0415  (after the limit)

    body = docx.Document(path).element.body
    space = body.tag.rpartition("}")[0] + "}"
    rows = list(body.iter(f"{space}tr"))
    inside = {part for row in rows for part in row.iter(f"{space}p")}
    outside = (part for part in body.iter(f"{space}p") if part not in inside)
    lines = [_texts_in(part, space, "") for part in outside]
    # cells of a row stand on one line; spans are not unrolled
    return "\n".join([*lines, *(_texts_in(row, space, " ") for row in rows)])


def _texts_in(part: Any, space: str, between: str) -> str:
    paragraphs = part.iter(f"{space}p") if between else (part,)
    return between.join(
        "".join(node.text or "" for node in paragraph.iter(f"{space}t")) for paragraph in paragraphs
    )


def _plain(path: str, suffix: str) -> str:
    content = Path(path).read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030", "replace")
    if suffix not in (".html", ".htm"):
        return text
    reader = _Visible()
    reader.feed(text)
    reader.close()
    return "".join(reader.parts)


class _Visible(HTMLParser):
    """Text of a page without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        block = tag in ("p", "div", "tr", "br", "li", "h1", "h2", "h3", "h4", "table", "section")
        self.parts.append("\n" if block else " " if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def page_picture(path: str, page: int) -> str | None:
    """One page as it looks. None for what is no readable PDF, or a page it has not."""
    import pypdfium2  # noqa: PLC0415  (after the limit)

    try:
        document = pypdfium2.PdfDocument(path)
        if not 1 <= page <= len(document):
            return None
        wanted = document[page - 1]
        scale = LONGEST_SIDE / max(1.0, *wanted.get_size())
        stream = io.BytesIO()
        wanted.render(scale=scale).to_pil().save(stream, "PNG")
    except (pypdfium2.PdfiumError, MemoryError, OSError, ValueError):
        return None
    return base64.b64encode(stream.getvalue()).decode()


def main() -> None:
    """Answer until standard input ends."""
    limit_memory()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = texts(asked) if isinstance(asked, str) else page_picture(**asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
