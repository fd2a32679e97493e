"""The process that reads PDF files, apart from the checker and with little memory.

Reads one path a line from standard input; answers with one line of JSON: the texts of the pages,
or ``null`` when the file cannot be read. Run by ``checker.evidence.pages``.
"""

import json
import sys

MAX_PAGES = 2_000
MAX_CHARACTERS = 5_000_000
MAX_MEMORY = 1_000_000_000


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


def main() -> None:
    """Answer until standard input ends."""
    limit_memory()
    for line in sys.stdin:
        texts = page_texts(json.loads(line))
        sys.stdout.write(json.dumps(texts) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
