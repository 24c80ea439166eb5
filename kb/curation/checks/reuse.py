"""Rules about what others need before they can do it too: cost, failures, fairness, licence."""

from kb.curation.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "cost",
        "warning",
        "cost_band",
        "No cost is given",
        "Bids and plans need a figure, even a rough one.",
        lambda c: not c.costs and not c.cost_band and not c.cost_note,
    ),
    Rule(
        "failures",
        "information",
        "implementation_problems",
        "Nothing is said to have gone wrong",
        "There is always something, and it is what the next people can use most.",
        lambda c: not c.implementation_problems and not c.learning_dont,
    ),
    Rule(
        "fairness",
        "information",
        "proportionality_note",
        "It uses legal powers, but says nothing of proportion",
        "Readers have to show that it is fair before they can do it.",
        lambda c: (
            bool(set(c.legal_powers) - {"none"})
            and not c.proportionality_note
            and not c.equality_impact
        ),
    ),
    Rule(
        "licence",
        "information",
        "licence",
        "It does not say what others may do with the text",
        "Without a licence the texts of attached documents are not shown or passed on.",
        lambda c: not c.licence,
        cases_only=False,
    ),
)
