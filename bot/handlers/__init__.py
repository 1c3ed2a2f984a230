"""What a person can do in the chat: who, what, the act, the card."""
