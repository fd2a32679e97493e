"""``zcf-check rules …``: the rule author's commands."""
