"""How often an entity may say one kind of thing: enough to be heard, too little to bury a task (Art. 16 (3), 17)."""

REPLIES = 5  # 申辩 of one task
CORRECTIONS = 3  # 自行整改 of one question
