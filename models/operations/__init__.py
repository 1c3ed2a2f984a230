"""What any service needs, whatever it serves: inbox, outbox, events, keys used once, seals."""
