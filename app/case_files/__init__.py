"""专案: one file for every pregnancy, from its registration to six weeks after birth."""
