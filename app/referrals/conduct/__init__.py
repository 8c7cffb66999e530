"""How institutions ask and answer, as counts."""
