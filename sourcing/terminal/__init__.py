"""The terminal: what commands share of options, of printing, and of finding and naming folders."""
