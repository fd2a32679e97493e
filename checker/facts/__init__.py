"""Facts: figures recomputed from the lowest evidence by quantity cards."""
