"""送达: owed messages go out by chat and e-mail, within the channels' limits, interactive first (F6-F8)."""
