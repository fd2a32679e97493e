"""Where the data folders lie: in the source tree, or inside the installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_data"


def _folder(installed: str, source: str) -> Path:
    if _INSTALLED.is_dir():
        return _INSTALLED / installed
    return _PACKAGE.parent / source


def rules_dir() -> Path:
    """Folder of the shipped packs."""
    return _folder("rules", "rules")


def schemas_dir() -> Path:
    """Folder of the JSON Schemas and of the unit table."""
    return _folder("schemas", "schemas")


def templates_dir() -> Path:
    """Folder of the report templates and message catalogues."""
    return _folder("templates", "reports/templates")


def fonts_dir() -> Path:
    """Folder of the fonts of the PDF report."""
    return _folder("fonts", "reports/fonts")
