"""Law as data: loading packs, composing them at one date, and checking every name and unit."""
