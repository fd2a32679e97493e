"""The process that reads PDF files, apart from the checker and with little memory.

Reads one JSON value a line from standard input. A path is answered with the texts of its pages,
``{"path", "page"}`` with the picture of that page (PNG, base64), either as one line of JSON, or
``null`` when it cannot be done. Run by ``checker.evidence.pages``.
"""

import base64
import io
import json
import sys

MAX_PAGES = 2_000
MAX_CHARACTERS = 5_000_000
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
        answer = page_texts(asked) if isinstance(asked, str) else page_picture(**asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
