"""From a question to an answer: setting, screens, solving, priorities, why there is no plan, audit and keeping."""
