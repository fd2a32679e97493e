"""Office files with the same bytes each time: entries in order, without times."""

import io
import re
import zipfile

_PROPERTIES = "docProps/core.xml"
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def steady(content: bytes, day: str) -> bytes:
    """The same archive with fixed times, in a fixed order (the list of types first).

    ``day`` stands for the times of making and changing in the properties of the file.
    """
    stamp = f"{day}T00:00:00Z".encode()
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
            found = old.read(name)
            if name == _PROPERTIES:
                found = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<2>", found)
            new.writestr(entry, found)
    return made.getvalue()
