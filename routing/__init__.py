"""Who goes where: triage, network, recommendation of one, joint plan of many."""
