"""How an installation is: fit to be asked, in need of somebody, or alarming; and its measures."""
