"""Meter series in the result: coverage, stretches, typical days; numbers the report only draws."""

from typing import TYPE_CHECKING

from checker.result.encode import Json

if TYPE_CHECKING:
    from checker.series.pictures import Pictures


def series(pictures: "Pictures | None") -> Json:
    """The numbers behind the plots, or None when there are no series."""
    if pictures is None:
        return None
    return {
        "months": list(pictures.months),
        "coverage": [
            {"meter": meter, "role": role, "shares": list(shares)}
            for meter, role, shares in pictures.coverage
        ],
        "stretches": [
            {
                "meter": line.meter,
                "role": line.role,
                "kind": line.kind,
                "start": line.start,
                "end": line.end,
                "intervals": line.intervals,
                "energy_kwh": line.energy,
                "other": line.other,
                "place": line.place.to_json(),
            }
            for line in pictures.stretches
        ],
        "step": pictures.step,
        "typical": {
            season: {name: list(values) for name, values in curves.items()}
            for season, curves in pictures.typical.items()
        },
        "load_duration": list(pictures.duration),
        "import_duration": list(pictures.import_duration),
        "residual_edges": list(pictures.edges),
        "residual_counts": list(pictures.residuals),
        "balance": [dict(row) for row in pictures.balance],
        "storage": [dict(row) for row in pictures.storage],
    }
