"""Empty dossiers for factories: the folder tree, ``dossier.yaml`` and the workbook."""
