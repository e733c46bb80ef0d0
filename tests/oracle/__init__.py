"""A second opinion on plans: the planning problem written once more, from the documentation alone.

Whoever wrote this package had read `docs/` and what `sourcing docs` prints, and no module of `sourcing`: it shares no
code and no reading of the rules with the product, its audit or its second formulation (`tests/twin`). It reads a
folder of tables by plain Python, goes through dates day by day, writes the program as rows of numbers, and has it
solved by SCIP and by HiGHS without presolve. `python -m oracle.run --count 500 --seed 1` (with PYTHONPATH=tests) asks
it and the product the same random questions.

Keep it so: whoever changes a rule here works from the sentence of the documentation that states it.
"""
