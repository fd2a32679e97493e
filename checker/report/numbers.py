"""How numbers are shown: digits by unit, half-even (GB/T 8170), thousands separated."""

from decimal import ROUND_HALF_EVEN, Decimal

_DIGITS = {
    "tCO2": 3,
    "tce": 3,
    "MWh": 3,
    "GJ": 3,
    "%": 2,
    "kgCO2/kWh": 4,
    "tCO2/tce": 4,
    "tCO2/万元": 4,
    "tce/万元": 4,
    "元/kWh": 4,
    "kWh/kWp": 1,
}


def show_number(text: str, unit: str = "") -> str:
    """A decimal text for people: rounded for its unit, never in exponent form."""
    value = Decimal(text)
    digits = _DIGITS.get(unit)
    if digits is None:
        exponent = value.as_tuple().exponent
        written = -exponent if isinstance(exponent, int) else 0
        digits = max(0, min(written, 6))
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    if rounded == 0 and value != 0:  # too small for its digits: two significant ones
        return f"{value:.2g}" if abs(value) >= Decimal("1e-6") else f"{value:.1e}"
    return f"{rounded:,f}"


def show_quantity(text: str, unit: str) -> str:
    """A number with its unit, as in ``537.685 tCO2`` or ``30.16 %``."""
    shown = show_number(text, unit)
    return shown if unit in ("", "1") else f"{shown} {unit}"
