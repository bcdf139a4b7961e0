"""What a kind is written with: its base, columns, code lists, rules about one record, guards about several."""
