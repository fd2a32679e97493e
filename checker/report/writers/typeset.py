"""Typst with our templates and fonts: the same bytes on every machine."""

from collections.abc import Mapping
from typing import Any

import typst

from checker.resources import fonts_dir, templates_dir


def typeset(template: str, inputs: Mapping[str, str], **options: Any) -> bytes:
    """A template set with its inputs, which are data and never evaluated.

    Raises ``typst.TypstError`` when it cannot be set.
    """
    return bytes(
        typst.compile(
            str(templates_dir() / template),
            root=str(templates_dir()),
            font_paths=[str(fonts_dir())],
            ignore_system_fonts=True,
            sys_inputs=dict(inputs),
            **options,
        )
    )
