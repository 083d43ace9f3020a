"""Stands before the real pandas where a test starts the program, which is installed without it.

sqlite-utils reads pandas wherever it finds one, for a third of the time that the program takes to start.
"""

raise ImportError("the program runs without pandas")
