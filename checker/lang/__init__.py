"""The expression language of the packs: units, static checks, evaluation, trace."""
