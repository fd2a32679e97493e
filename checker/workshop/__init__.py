"""The rule author's workshop: what can be known about packs without a dossier."""
