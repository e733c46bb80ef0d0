"""Structure-aware fuzzing: what ready cases, questions and stored plans become at the hands of strangers.

``make fuzz`` looks at inputs all night, each drawn from a number: one that ends in anything but a documented exit with
place, fact and repair, that reads outside its folder, takes 20 s of the processor or 1 GB is kept in ``build/fuzz``.
"""
