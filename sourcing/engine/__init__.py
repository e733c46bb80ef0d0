"""The engine: columns, rows, ledger and relief; the Pyomo model; HiGHS and the order of objectives."""
