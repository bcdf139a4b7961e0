"""From a card to its plan: every name resolved to a record, a field or a unit, or the card is refused."""
