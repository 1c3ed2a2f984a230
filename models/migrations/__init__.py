"""Steps between versions of the tables; taken by `models.migrate`."""
