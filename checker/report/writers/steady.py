"""Office files with the same bytes each time: entries in order, without times."""

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)


def steady(content: bytes) -> bytes:
    """The same archive with fixed times, in a fixed order (the list of types first)."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return made.getvalue()
