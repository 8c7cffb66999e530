"""The record of everything: who did and saw what, and which rows were written by it."""
